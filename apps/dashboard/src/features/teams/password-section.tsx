'use client';

import { Alert, Button, Checkbox, PasswordInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { askAuth } from '../../graphql/auth.ts';
import cardClasses from '../../shell/card.module.css';
import classes from './account.module.css';
import { NewPasswordField, newPasswordProblem } from './password-field.tsx';

/** Changes the own password; other devices are signed out unless one says otherwise. */
export function PasswordSection({ onChanged }: { onChanged: () => void }) {
  const [values, setValues] = useState({ current: '', next: '' });
  const [endsOthers, setEndsOthers] = useState(true);
  const [problems, setProblems] = useState<{ current?: string; next?: string; form?: string }>({});
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (values.current === '') return setProblems({ current: 'Enter the password that you have now.' });
    const missing = newPasswordProblem(values.next);
    if (missing) return setProblems({ next: missing });
    setBusy(true);
    setProblems({});
    const outcome = await askAuth('change-password', {
      currentPassword: values.current,
      newPassword: values.next,
      revokeOtherSessions: endsOthers,
    });
    setBusy(false);
    if (outcome.ok) {
      setValues({ current: '', next: '' });
      notifications.show({
        message: endsOthers ? 'The password is changed. Other devices were signed out.' : 'The password is changed.',
      });
      onChanged();
    } else if (outcome.code === 'INVALID_PASSWORD') setProblems({ current: outcome.message });
    else if (outcome.code?.startsWith('PASSWORD')) setProblems({ next: outcome.message });
    else setProblems({ form: outcome.message });
  };
  return (
    <section className={cardClasses.card} aria-labelledby="password-title">
      <h2 id="password-title">Password</h2>
      <form onSubmit={submit} noValidate className={classes.form}>
        <PasswordInput
          label="Password now"
          autoComplete="current-password"
          value={values.current}
          error={problems.current}
          onChange={(event) => setValues({ ...values, current: event.currentTarget.value })}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }}
        />
        <NewPasswordField
          label="New password"
          size="sm"
          value={values.next}
          error={problems.next}
          onChange={(event) => setValues({ ...values, next: event.currentTarget.value })}
        />
        <Checkbox
          label="Sign out all other devices"
          checked={endsOthers}
          onChange={(event) => setEndsOthers(event.currentTarget.checked)}
        />
        {problems.form ? (
          <Alert color="red" role="alert">
            {problems.form}
          </Alert>
        ) : null}
        <div>
          <Button type="submit" variant="default" loading={isBusy}>
            Change the password
          </Button>
        </div>
      </form>
    </section>
  );
}
