'use client';

import { Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { AnnotateComparisonDocument } from '../../gql/comparisons.ts';
import classes from './notes-field.module.css';

type SaveState = 'saved' | 'typing' | 'saving' | 'failed' | 'untouched';
const words: Record<SaveState, string> = {
  untouched: '',
  typing: 'Not saved yet',
  saving: 'Saving…',
  saved: 'Saved',
  failed: 'Could not be saved; it is tried again when you type',
};

/** Notes on a comparison; saved a moment after the last key and on leaving the field. */
export function NotesField({ comparisonId, notes }: { comparisonId: string; notes: string | null }) {
  const [value, setValue] = useState(notes ?? '');
  const [state, setState] = useState<SaveState>('untouched');
  const [, annotate] = useMutation(AnnotateComparisonDocument);
  const saved = useRef(notes ?? '');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const save = async (next: string) => {
    clearTimeout(timer.current);
    if (next === saved.current) return;
    setState('saving');
    const { data } = await annotate({ input: { comparisonId, notes: next } });
    const isOk = data?.annotateComparison.__typename === 'AnnotateComparisonSuccess';
    if (isOk) saved.current = next;
    setState(isOk ? 'saved' : 'failed');
  };
  useEffect(() => () => clearTimeout(timer.current), []);

  return (
    <div className={classes.notes}>
      <Textarea
        label={
          <span className={classes.label}>
            Notes <span role="status">{words[state]}</span>
          </span>
        }
        placeholder="What did you learn? Kept with the comparison."
        autosize
        minRows={1}
        maxRows={8}
        value={value}
        onChange={(event) => {
          const next = event.currentTarget.value;
          setValue(next);
          setState('typing');
          clearTimeout(timer.current);
          timer.current = setTimeout(() => save(next), 900);
        }}
        onBlur={() => save(value)}
      />
    </div>
  );
}
