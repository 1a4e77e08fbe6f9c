'use client';

import { Select } from '@mantine/core';
import { useState } from 'react';
import { useWordDiff } from '../comparisons/use-word-diff.ts';
import { likeness, sideOf } from '../comparisons/word-diff.ts';
import type { ShownAnswer } from './answer-item.tsx';
import classes from './answers.module.css';

/** Two answers to one item word by word: what only the left has, and what only the right has. */
export function AnswerDiff({ answers, baseline }: { answers: readonly ShownAnswer[]; baseline: string }) {
  const keys = answers.map(({ variant }) => variant);
  const [left, setLeft] = useState(keys.includes(baseline) ? baseline : (keys[0] ?? ''));
  const [right, setRight] = useState(keys.find((key) => key !== left) ?? '');
  const textOf = (key: string) => answers.find(({ variant }) => variant === key)?.output ?? '';
  const parts = useWordDiff(textOf(left), textOf(right));
  const sides = [
    { side: 'left' as const, key: left, set: setLeft },
    { side: 'right' as const, key: right, set: setRight },
  ];
  return (
    <>
      <div className={classes.answers}>
        {sides.map(({ side, key, set }) => (
          <section key={side} className={classes.cell} aria-label={`${side === 'left' ? 'Left' : 'Right'}: ${key}`}>
            <Select
              size="xs"
              aria-label={side === 'left' ? 'Left answer' : 'Right answer'}
              allowDeselect={false}
              data={keys}
              value={key}
              onChange={(value) => value && set(value)}
            />
            <div className={classes.diff}>
              {(parts ? sideOf(parts, side, false) : []).map((part, index) => {
                const id = `${side}${index}`;
                if (part.kind === 'removed') return <del key={id}>{part.text}</del>;
                if (part.kind === 'added') return <ins key={id}>{part.text}</ins>;
                return <span key={id}>{part.text}</span>;
              })}
            </div>
          </section>
        ))}
      </div>
      <p className={classes.hint} role="status">
        {parts ? `${Math.round(likeness(parts) * 100)} % of the words in common` : 'Comparing …'}
      </p>
    </>
  );
}
