'use client';

import { Alert, Button, Stack, TextInput } from '@mantine/core';
import { useRouter } from 'next/navigation';
import { type FormEvent, useEffect, useState } from 'react';
import { needsOwner, signIn, signUp } from '../../graphql/auth.ts';
import classes from './entrance-card.module.css';
import { EntranceCard } from './entrance-card.tsx';
import { NewPasswordField, newPasswordProblem } from './password-field.tsx';

/** First visit: the person who opens a fresh installation becomes its owner. */
export function SetupPage() {
  const router = useRouter();
  const [values, setValues] = useState({ name: '', email: '', password: '' });
  const [problems, setProblems] = useState<Partial<Record<'name' | 'email' | 'password' | 'form', string>>>({});
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    needsOwner()
      .then((isFresh) => !isFresh && router.replace('/sign-in'))
      .catch(() => {});
  }, [router]);

  const change = (field: keyof typeof values) => (event: { currentTarget: HTMLInputElement }) => {
    const { value } = event.currentTarget;
    setValues((known) => ({ ...known, [field]: value }));
    setProblems({});
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (values.name.trim() === '') return setProblems({ name: 'Enter your name.' });
    if (!/^\S+@\S+\.\S+$/.test(values.email.trim()))
      return setProblems({ email: 'Enter your email address, like ada@example.com.' });
    const passwordProblem = newPasswordProblem(values.password);
    if (passwordProblem) return setProblems({ password: passwordProblem });
    setBusy(true);
    const account = { name: values.name.trim(), email: values.email.trim(), password: values.password };
    const outcome = await signUp(account);
    // Signing up may or may not open a session; signing in makes sure.
    const entered = outcome.ok ? await signIn(account) : outcome;
    if (entered.ok) router.replace('/compare');
    else {
      setProblems({ form: entered.message });
      setBusy(false);
    }
  };

  return (
    <EntranceCard
      title="Welcome to Switchyard"
      text="Create the owner of this installation. Everything stays on this machine; nothing is sent anywhere."
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            label="Name"
            name="name"
            autoComplete="name"
            autoFocus
            size="md"
            value={values.name}
            error={problems.name}
            onChange={change('name')}
          />
          <TextInput
            label="Email"
            type="email"
            name="email"
            autoComplete="username"
            size="md"
            value={values.email}
            error={problems.email}
            onChange={change('email')}
          />
          <NewPasswordField
            name="password"
            value={values.password}
            error={problems.password}
            onChange={change('password')}
          />
          {problems.form ? (
            <Alert color="red" variant="light" role="alert">
              {problems.form}
            </Alert>
          ) : null}
          <Button type="submit" size="md" loading={isBusy} fullWidth mt={4}>
            Create owner and start
          </Button>
        </Stack>
      </form>
      <p className={classes.foot}>
        Next you land on a comparison that is ready to run with simulated providers. No key is needed.
      </p>
    </EntranceCard>
  );
}
