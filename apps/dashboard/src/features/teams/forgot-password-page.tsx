'use client';

import { Alert, Button, Stack, TextInput } from '@mantine/core';
import { useSearchParams } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { askAuth } from '../../graphql/auth.ts';
import { AppLink } from '../../shell/app-link.tsx';
import classes from './entrance-card.module.css';
import { EntranceCard } from './entrance-card.tsx';
import { useSignInWays } from './use-sign-in-ways.ts';

const back = (
  <div className={classes.links}>
    <AppLink className={classes.link} href="/sign-in">
      Back to sign-in
    </AppLink>
  </div>
);

/** Asks for a link to choose a new password; says the same whether the address is known or not. */
export function ForgotPasswordPage() {
  const ways = useSignInWays();
  const [email, setEmail] = useState(useSearchParams().get('email') ?? '');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [sentTo, setSentTo] = useState<string>();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const address = email.trim();
    if (!/^\S+@\S+$/.test(address)) return setProblem('Enter your email address, like ada@example.com.');
    setBusy(true);
    setProblem(undefined);
    const outcome = await askAuth('request-password-reset', { email: address, redirectTo: '/reset-password' });
    setBusy(false);
    if (outcome.ok) setSentTo(address);
    else setProblem(outcome.message);
  };
  if (ways?.mail === false)
    return (
      <EntranceCard title="Forgot the password?" text="This installation sends no mail.">
        <p className={classes.facts}>
          Ask an owner or an admin of your team: under Team, Members, they can make a link with which you choose a new
          password. The last owner uses <code>switchyard reset-password</code> on the command line.
        </p>
        {back}
      </EntranceCard>
    );
  if (sentTo)
    return (
      <EntranceCard title="Look into your mail" text="The link works once, and only for a while.">
        <p className={classes.facts} role="status">
          If {sentTo} has an account here, a link to choose a new password is on its way. Nothing came? Look into the
          spam folder, or ask an admin of your team for a link.
        </p>
        {back}
      </EntranceCard>
    );
  return (
    <EntranceCard title="Forgot the password?" text="We send a link with which you choose a new one.">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            label="Email"
            type="email"
            name="email"
            autoComplete="username"
            autoFocus
            size="md"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          {problem ? (
            <Alert color="red" variant="light" role="alert">
              {problem}
            </Alert>
          ) : null}
          <Button type="submit" size="md" loading={isBusy} fullWidth mt={4}>
            Send the link
          </Button>
          {back}
        </Stack>
      </form>
    </EntranceCard>
  );
}
