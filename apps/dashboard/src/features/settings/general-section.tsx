'use client';

import { TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useClient, useMutation } from 'urql';
import { RenameTeamDocument } from '../../gql/settings.ts';
import { ShellDocument } from '../../gql/shell.ts';
import cardClasses from '../../shell/card.module.css';
import { GuardedSubmit } from '../../shell/guarded-submit.tsx';
import type { Permit } from '../../shell/use-may-do.ts';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import { refusalText } from '../guardrails/refusal-of.ts';
import classes from './settings.module.css';

/** How the team is called. */
export function GeneralSection({ managing }: { managing: Permit }) {
  const team = useWorkspace()?.viewer.team;
  return (
    <section className={cardClasses.card} aria-labelledby="general-title">
      <h2 id="general-title">General</h2>
      {team ? <NameForm key={team.id} name={team.name} managing={managing} /> : null}
    </section>
  );
}

function NameForm({ name: known, managing }: { name: string; managing: Permit }) {
  const client = useClient();
  const [{ fetching }, rename] = useMutation(RenameTeamDocument);
  const [name, setName] = useState(known);
  const [problem, setProblem] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return setProblem('Give the team a name.');
    const { data, error } = await rename({ input: { name: name.trim() } });
    const result = data?.renameTeam;
    if (result?.__typename !== 'RenameTeamSuccess') return setProblem(refusalText(result, error));
    setProblem(undefined);
    // The list of teams has names of its own.
    await client.query(ShellDocument, {}, { requestPolicy: 'network-only' }).toPromise();
    notifications.show({ message: `The team is called ${name.trim()} from now on.` });
  };
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <TextInput
        label="Name of the team"
        maxLength={80}
        disabled={!managing.isAllowed}
        value={name}
        error={problem}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div>
        <GuardedSubmit reason={managing.reason} loading={fetching} disabled={name.trim() === known}>
          Save the name
        </GuardedSubmit>
      </div>
    </form>
  );
}
