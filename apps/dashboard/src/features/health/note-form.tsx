'use client';

import { Button, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { AddIncidentNoteDocument } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import classes from './incident-page.module.css';
import { useMayRun } from './use-may-run.ts';

/** Writes into the timeline of an incident; who may not is told why. */
export function NoteForm({ incidentId, onWritten }: { incidentId: string; onWritten: () => void }) {
  const [{ fetching }, write] = useMutation(AddIncidentNoteDocument);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const mayRun = useMayRun();
  if (!mayRun)
    return <p className={classes.quiet}>Your access role looks on: developers, admins and owners write notes.</p>;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return setProblem('Write something first.');
    setProblem(undefined);
    const { data, error } = await write({ input: { incidentId, text: text.trim() } });
    const result = data?.addIncidentNote;
    if (result?.__typename === 'AddIncidentNoteSuccess') {
      setText('');
      onWritten();
    } else setProblem(error ? describeFailure(error).message : (result?.message ?? 'It was not written. Try again.'));
  };
  return (
    <form className={classes.noteForm} onSubmit={submit} noValidate>
      <Textarea
        label="Add a note"
        description="Only your team sees it."
        placeholder="What you know, what you did"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={2000}
        value={text}
        error={problem}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" size="xs" variant="default" loading={fetching}>
        Add the note
      </Button>
    </form>
  );
}
