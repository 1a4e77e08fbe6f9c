'use client';

import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconLogin2 } from '@tabler/icons-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { type FormEvent, useEffect, useState } from 'react';
import { useClient } from 'urql';
import { ShellDocument } from '../../gql/shell.ts';
import { needsOwner, signIn } from '../../graphql/auth.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { safeReturnPath } from '../../shell/entrance-path.ts';
import classes from './entrance-card.module.css';
import { EntranceCard } from './entrance-card.tsx';
import { SecondFactorForm } from './second-factor-form.tsx';
import { leaveForSso } from './sso.ts';
import { ssoProblem } from './sso-problem.ts';
import { useSignInWays } from './use-sign-in-ways.ts';

export function SignInPage() {
  const router = useRouter();
  const client = useClient();
  const address = useSearchParams();
  const next = safeReturnPath(address.get('next'));
  const ways = useSignInWays();
  const [email, setEmail] = useState(address.get('email') ?? '');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string | undefined>(() => ssoProblem(address.get('error')));
  const [isBusy, setBusy] = useState(false);
  const [isSecondStep, setSecondStep] = useState(false);
  const hasPassword = ways?.password !== false;

  useEffect(() => {
    needsOwner()
      .then((isFresh) => isFresh && router.replace('/setup'))
      .catch(() => {});
  }, [router]);

  const enter = async () => {
    await client.query(ShellDocument, {}, { requestPolicy: 'network-only' }).toPromise();
    router.replace(next);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (email.trim() === '' || password === '') return setProblem('Enter your email and password.');
    setBusy(true);
    setProblem(undefined);
    const outcome = await signIn({ email: email.trim(), password });
    if (outcome.ok && outcome.data.twoFactorRedirect) {
      setSecondStep(true);
      setPassword('');
      setBusy(false);
    } else if (outcome.ok) await enter();
    else {
      setProblem(outcome.message);
      setBusy(false);
    }
  };
  const enterBySso = async () => {
    setBusy(true);
    setProblem(undefined);
    setProblem(await leaveForSso(next));
    setBusy(false);
  };

  if (isSecondStep)
    return (
      <EntranceCard title="One more step" text="This account is protected by a second factor.">
        <SecondFactorForm onEntered={enter} onBack={() => setSecondStep(false)} />
      </EntranceCard>
    );
  return (
    <EntranceCard title="Sign in" text="to your Switchyard workspace">
      <Stack gap="sm">
        {ways?.sso ? (
          <Button
            size="md"
            variant={hasPassword ? 'default' : 'filled'}
            fullWidth
            leftSection={<IconLogin2 size={18} />}
            disabled={isBusy}
            onClick={enterBySso}
          >
            Sign in with {ways.sso.name}
          </Button>
        ) : null}
        {ways?.sso && hasPassword ? <div className={classes.or}>or</div> : null}
        {hasPassword ? (
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
              <Problem text={problem} />
              <Button type="submit" size="md" loading={isBusy} fullWidth mt={4}>
                Sign in
              </Button>
              <div className={classes.links}>
                <AppLink
                  className={classes.link}
                  href={`/forgot-password${email ? `?email=${encodeURIComponent(email.trim())}` : ''}`}
                >
                  Forgot the password?
                </AppLink>
              </div>
            </Stack>
          </form>
        ) : (
          <Problem text={problem} />
        )}
      </Stack>
    </EntranceCard>
  );
}

function Problem({ text }: { text: string | undefined }) {
  return text ? (
    <Alert color="red" variant="light" role="alert">
      {text}
    </Alert>
  ) : null;
}
