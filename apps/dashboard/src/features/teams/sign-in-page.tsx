'use client';

import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useRouter, useSearchParams } from 'next/navigation';
import { type FormEvent, useEffect, useState } from 'react';
import { useClient } from 'urql';
import { ShellDocument } from '../../gql/shell.ts';
import { needsOwner, signIn } from '../../graphql/auth.ts';
import { safeReturnPath } from '../../shell/entrance-path.ts';
import { EntranceCard } from './entrance-card.tsx';

export function SignInPage() {
  const router = useRouter();
  const client = useClient();
  const next = safeReturnPath(useSearchParams().get('next'));
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    needsOwner()
      .then((isFresh) => isFresh && router.replace('/setup'))
      .catch(() => {});
  }, [router]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (email.trim() === '' || password === '') return setProblem('Enter your email and password.');
    setBusy(true);
    setProblem(undefined);
    const outcome = await signIn({ email: email.trim(), password });
    if (outcome.ok) {
      await client.query(ShellDocument, {}, { requestPolicy: 'network-only' }).toPromise();
      router.replace(next);
    } else {
      setProblem(outcome.message);
      setBusy(false);
    }
  };

  return (
    <EntranceCard title="Sign in" text="to your Switchyard workspace">
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
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            size="md"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }}
          />
          {problem ? (
            <Alert color="red" variant="light" role="alert">
              {problem}
            </Alert>
          ) : null}
          <Button type="submit" size="md" loading={isBusy} fullWidth mt={4}>
            Sign in
          </Button>
        </Stack>
      </form>
    </EntranceCard>
  );
}
