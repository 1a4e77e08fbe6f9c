'use client';

import { Alert, Button, Stack } from '@mantine/core';
import { useSearchParams } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { askAuth } from '../../graphql/auth.ts';
import { AppLink } from '../../shell/app-link.tsx';
import classes from './entrance-card.module.css';
import { EntranceCard } from './entrance-card.tsx';
import { NewPasswordField, newPasswordProblem } from './password-field.tsx';

/** Where the link of a reset leads: a new password, after which every session has ended. */
export function ResetPasswordPage() {
  const address = useSearchParams();
  const token = address.get('token');
  const [password, setPassword] = useState('');
  const [fieldProblem, setFieldProblem] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [isDead, setDead] = useState(!token || address.get('error') !== null);
  const [isDone, setDone] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const missing = newPasswordProblem(password);
    setFieldProblem(missing);
    if (missing) return;
    setBusy(true);
    setProblem(undefined);
    const outcome = await askAuth<{ isSignedIn?: boolean }>('reset-password', { newPassword: password, token });
    setBusy(false);
    // The operator's link signs in at once: it is the way in where passwords are off.
    if (outcome.ok && outcome.data.isSignedIn) return location.assign('/home');
    if (outcome.ok) setDone(true);
    else if (outcome.code === 'RESET_LINK_VOID') setDead(true);
    else if (outcome.code?.startsWith('PASSWORD_')) setFieldProblem(outcome.message);
    else setProblem(outcome.message);
  };
  if (isDone)
    return (
      <EntranceCard title="The password is changed" text="Every device was signed out. Sign in with the new password.">
        <Button component={AppLink} href="/sign-in" size="md" fullWidth>
          Sign in
        </Button>
      </EntranceCard>
    );
  if (isDead)
    return (
      <EntranceCard title="This link does not work" text="It was used already, it has expired, or it was cut short.">
        <Stack gap="sm">
          <p className={classes.facts}>
            Open the newest link that you were sent, in full. If there is none, ask for a new one.
          </p>
          <Button component={AppLink} href="/forgot-password" size="md" fullWidth>
            Ask for a new link
          </Button>
          <div className={classes.links}>
            <AppLink className={classes.link} href="/sign-in">
              Back to sign-in
            </AppLink>
          </div>
        </Stack>
      </EntranceCard>
    );
  return (
    <EntranceCard title="Choose a new password" text="All devices are signed out when it is changed.">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <NewPasswordField
            label="New password"
            name="password"
            autoFocus
            value={password}
            error={fieldProblem}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {problem ? (
            <Alert color="red" variant="light" role="alert">
              {problem}
            </Alert>
          ) : null}
          <Button type="submit" size="md" loading={isBusy} fullWidth mt={4}>
            Change the password
          </Button>
        </Stack>
      </form>
    </EntranceCard>
  );
}
