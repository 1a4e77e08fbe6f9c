'use client';

import { Alert, Button, Group, Skeleton, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconShieldCheck } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { type FormEvent, useState } from 'react';
import {
  renewBackupCodes,
  startTwoFactor,
  stopTwoFactor,
  type TwoFactorSecret,
  verifyCode,
} from '../../graphql/two-factor.ts';
import cardClasses from '../../shell/card.module.css';
import { CopyButton } from '../../shell/copy-button.tsx';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import classes from './account.module.css';
import { BackupCodes } from './backup-codes.tsx';
import { PasswordQuestion } from './password-question.tsx';

const QrCode = dynamic(() => import('./qr-code.tsx').then((module) => module.QrCode), {
  ssr: false,
  loading: () => <Skeleton w={184} h={184} radius={10} />,
});

type Question = 'start' | 'stop' | 'renew';

/** The second factor of the own account: set up with an authenticator app, backup codes, and the way to switch it off. */
export function TwoFactorSection({ onChanged }: { onChanged: () => void }) {
  const viewer = useWorkspace()?.viewer;
  const isOn = viewer?.hasTwoFactor ?? undefined;
  const [question, setQuestion] = useState<Question>();
  const [setup, setSetup] = useState<TwoFactorSecret>();
  const [codes, setCodes] = useState<readonly string[]>();

  const answer = async (password: string): Promise<string | undefined> => {
    const outcome = await (question === 'start'
      ? startTwoFactor(password)
      : question === 'stop'
        ? stopTwoFactor(password)
        : renewBackupCodes(password));
    if (!outcome.ok) return outcome.message;
    if (question === 'start') setSetup(outcome.data as TwoFactorSecret);
    else if (question === 'renew') setCodes((outcome.data as { backupCodes: readonly string[] }).backupCodes);
    else {
      onChanged();
      notifications.show({ message: 'The second factor is off. Your password alone signs you in.' });
    }
    setQuestion(undefined);
    return undefined;
  };
  return (
    <section className={cardClasses.card} aria-labelledby="two-factor-title" id="two-factor">
      <h2 id="two-factor-title">
        Two-factor sign-in{' '}
        {isOn ? (
          <span className={classes.badge} data-tone="good">
            <IconShieldCheck size={14} aria-hidden="true" /> On
          </span>
        ) : null}
      </h2>
      {codes ? (
        <BackupCodes codes={codes} onDone={() => setCodes(undefined)} />
      ) : setup ? (
        <Setup
          secret={setup}
          onCancel={() => setSetup(undefined)}
          onDone={() => {
            setCodes(setup.backupCodes);
            setSetup(undefined);
            onChanged();
          }}
        />
      ) : (
        <>
          <p className={cardClasses.hint}>
            {viewer?.hasPassword === false
              ? 'You sign in with single sign-on: a second factor is set up at that service.'
              : isOn
                ? 'A code of your authenticator app is asked for when you sign in. Without the phone, a backup code does.'
                : 'With a code of an app on your phone beside the password, a stolen password alone opens nothing.'}
          </p>
          {isOn === undefined ? <Skeleton h={36} w={160} /> : null}
          {isOn === false && viewer?.hasPassword !== false ? (
            <Button onClick={() => setQuestion('start')}>Set up two-factor</Button>
          ) : null}
          {isOn ? (
            <Group gap="xs">
              <Button variant="default" onClick={() => setQuestion('renew')}>
                New backup codes
              </Button>
              <Button variant="default" onClick={() => setQuestion('stop')}>
                Switch off
              </Button>
            </Group>
          ) : null}
        </>
      )}
      {question ? (
        <PasswordQuestion
          title={
            question === 'start'
              ? 'Set up two-factor sign-in'
              : question === 'stop'
                ? 'Switch two-factor off?'
                : 'New backup codes'
          }
          confirmLabel={question === 'stop' ? 'Switch off' : 'Go on'}
          isDangerous={question === 'stop'}
          onConfirm={answer}
          onClose={() => setQuestion(undefined)}
        >
          {question === 'start' ? 'First, so that nobody else does this at your open screen: your password.' : null}
          {question === 'stop' ? 'Your password alone will sign you in again, and the backup codes end.' : null}
          {question === 'renew' ? 'The codes that you have stop working, and new ones are shown.' : null}
        </PasswordQuestion>
      ) : null}
    </section>
  );
}

/** Shows the secret as a QR code and as text, and asks for a first code as proof. */
function Setup({ secret, onDone, onCancel }: { secret: TwoFactorSecret; onDone: () => void; onCancel: () => void }) {
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const key = new URL(secret.totpURI).searchParams.get('secret') ?? '';
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const digits = code.replace(/\s/g, '');
    if (!/^\d{6}$/.test(digits)) return setProblem('Enter the six digits that the app shows.');
    setBusy(true);
    const outcome = await verifyCode(digits);
    setBusy(false);
    if (outcome.ok) onDone();
    else setProblem(outcome.message);
  };
  return (
    <div className={classes.setup}>
      <QrCode text={secret.totpURI} />
      <form onSubmit={submit} noValidate>
        <ol className={classes.steps}>
          <li>
            Scan this with an authenticator app, or enter the key by hand:
            <br />
            <span className={classes.secret}>
              <code>{key.replace(/(.{4})(?=.)/g, '$1 ')}</code>
              <CopyButton value={key} label="Copy the key" />
            </span>
          </li>
          <li>
            <TextInput
              label="Enter the code that it shows"
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={7}
              w={240}
              autoFocus
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
          </li>
        </ol>
        {problem ? (
          <Alert color="red" role="alert" mt="sm">
            {problem}
          </Alert>
        ) : null}
        <Group gap="xs" mt="md">
          <Button type="submit" loading={isBusy}>
            Switch on
          </Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      </form>
    </div>
  );
}
