'use client';

import { Skeleton, Textarea } from '@mantine/core';
import dynamic from 'next/dynamic';
import { type ReactNode, useId, useState } from 'react';
import type { Json } from './definition.ts';
import { useField } from './field-scope.ts';
import classes from './fields.module.css';
import { areSame } from './merge-drafts.ts';
import type { KnownNames } from './text-completions.ts';

const CodeEditor = dynamic(() => import('./code-editor.tsx').then((module) => module.CodeEditor), {
  ssr: false,
  loading: () => <Skeleton h={64} radius={6} />,
});

const noNames: KnownNames = { variables: [], tags: [], filters: [], functions: [] };

interface Props {
  path: string;
  label: string;
  description?: ReactNode;
  lines?: number;
  /** What the field says when its JSON is of another kind, `a map`; absent: anything goes. */
  wants?: 'a map';
  /** A small field without colours, which needs no editor to be loaded. */
  isPlain?: boolean;
}

/** A value as JSON. What cannot be read stays in the field with the reason, and the last readable value holds. */
export function JsonField({ path, label, description, lines = 4, wants, isPlain = false }: Props) {
  const { value, set, message, isError, isReadOnly, mark } = useField(path);
  const [typed, setTyped] = useState<{ text: string; of: Json | undefined }>();
  const [problem, setProblem] = useState<string>();
  const id = useId();
  const isMine = typed !== undefined && areSame(typed.of ?? null, value ?? null);
  const text = isMine ? typed.text : value === undefined ? '' : JSON.stringify(value, null, 2);
  const change = (next: string) => {
    if (next.trim() === '') {
      setProblem(undefined);
      setTyped({ text: next, of: undefined });
      return set(undefined);
    }
    try {
      const read = JSON.parse(next) as Json;
      if (wants && (typeof read !== 'object' || read === null || Array.isArray(read)))
        throw new Error(`It must be ${wants}.`);
      setProblem(undefined);
      setTyped({ text: next, of: read });
      set(read);
    } catch (error) {
      setTyped({ text: next, of: value });
      setProblem(`This is no JSON yet: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const shown = isMine && problem ? problem : message;
  if (isPlain) {
    return (
      <div {...mark}>
        <Textarea
          label={label}
          description={description}
          error={shown}
          autosize
          minRows={lines}
          maxRows={8}
          readOnly={isReadOnly}
          spellCheck={false}
          classNames={{ input: classes.plainCode }}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
        />
      </div>
    );
  }
  return (
    <div {...mark}>
      <div className={classes.codeHead}>
        <span className={classes.label}>{label}</span>
      </div>
      <CodeEditor
        value={text}
        label={label}
        describedBy={shown ? id : undefined}
        language="json"
        known={noNames}
        problems={[]}
        isReadOnly={isReadOnly}
        lines={lines}
        onChange={change}
      />
      {shown ? (
        <p className={classes.messages} id={id}>
          <span data-tone={isMine && problem ? 'bad' : isError ? 'bad' : 'warn'}>{shown}</span>
        </p>
      ) : null}
      {description ? <p className={classes.description}>{description}</p> : null}
    </div>
  );
}
