'use client';

import { Alert, Button, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useClient, useMutation } from 'urql';
import { ShellDocument } from '../../gql/shell.ts';
import { UpdateProfileDocument } from '../../gql/teams.ts';
import cardClasses from '../../shell/card.module.css';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import { refusalText } from '../guardrails/refusal-of.ts';
import classes from './account.module.css';

/** How the person is called; the e-mail address is what they sign in with. */
export function ProfileSection() {
  const user = useWorkspace()?.viewer.user;
  return (
    <section className={cardClasses.card} aria-labelledby="profile-title">
      <h2 id="profile-title">Profile</h2>
      {user ? <ProfileForm key={user.id} user={user} /> : null}
      <p className={`${cardClasses.hint} ${classes.note}`}>
        <a href="/api/members/export" download>
          Export what this team knows of you
        </a>
      </p>
    </section>
  );
}

function ProfileForm({ user }: { user: { name: string; email: string } }) {
  const client = useClient();
  const [, update] = useMutation(UpdateProfileDocument);
  const [name, setName] = useState(user.name);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return setProblem('Enter your name.');
    setBusy(true);
    setProblem(undefined);
    const { data, error } = await update({ input: { name: name.trim() } });
    if (data?.updateProfile.__typename !== 'UpdateProfileSuccess') {
      setBusy(false);
      return setProblem(refusalText(data?.updateProfile, error));
    }
    await client.query(ShellDocument, {}, { requestPolicy: 'network-only' }).toPromise();
    setBusy(false);
    notifications.show({ message: 'Your name is saved.' });
  };
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <TextInput
        label="Name"
        description="Your team sees it beside what you do."
        autoComplete="name"
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput label="Email" value={user.email} readOnly description="What you sign in with." />
      {problem ? (
        <Alert color="red" role="alert">
          {problem}
        </Alert>
      ) : null}
      <div>
        <Button type="submit" variant="default" loading={isBusy} disabled={name.trim() === user.name}>
          Save
        </Button>
      </div>
    </form>
  );
}
