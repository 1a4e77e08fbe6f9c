'use client';

import { Alert, Button, Checkbox, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { verifyBackupCode, verifyCode } from '../../graphql/two-factor.ts';
import classes from './entrance-card.module.css';

/** The second step of a sign-in: a code of the authenticator app, or one of the backup codes. */
export function SecondFactorForm({ onEntered, onBack }: { onEntered: () => Promise<void>; onBack: () => void }) {
  const [isBackup, setBackup] = useState(false);
  const [code, setCode] = useState('');
  const [isTrusted, setTrusted] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const text = isBackup ? code.trim() : code.replace(/\s/g, '');
    if (!isBackup && !/^\d{6}$/.test(text)) return setProblem('Enter the six digits that the app shows.');
    if (text === '') return setProblem('Enter one of your backup codes.');
    setBusy(true);
    setProblem(undefined);
    const outcome = await (isBackup ? verifyBackupCode(text) : verifyCode(text, isTrusted));
    if (outcome.ok) return onEntered();
    setProblem(outcome.message);
    setCode('');
    setBusy(false);
  };
  const swap = () => {
    setBackup((known) => !known);
    setCode('');
    setProblem(undefined);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <TextInput
          key={isBackup ? 'backup' : 'app'}
          label={isBackup ? 'Backup code' : 'Code of your authenticator app'}
          autoComplete="one-time-code"
          inputMode={isBackup ? 'text' : 'numeric'}
          autoFocus
          size="md"
          maxLength={isBackup ? 40 : 7}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        {isBackup ? null : (
          <Checkbox
            label="Do not ask on this device for 30 days"
            checked={isTrusted}
            onChange={(event) => setTrusted(event.currentTarget.checked)}
          />
        )}
        {problem ? (
          <Alert color="red" variant="light" role="alert">
            {problem}
          </Alert>
        ) : null}
        <Button type="submit" size="md" loading={isBusy} fullWidth mt={4}>
          Go on
        </Button>
        <div className={classes.links}>
          <button type="button" className={classes.link} onClick={swap}>
            {isBackup ? 'Use the app instead' : 'Use a backup code'}
          </button>
          <button type="button" className={classes.link} onClick={onBack}>
            Another account
          </button>
        </div>
      </Stack>
    </form>
  );
}
