'use client';

import { Alert, Button, Stack, TextInput } from '@mantine/core';
import { useSearchParams } from 'next/navigation';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { signOut } from '../../graphql/auth.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { accessRoles, roleLabel } from './access-roles.ts';
import classes from './entrance-card.module.css';
import { EntranceCard } from './entrance-card.tsx';
import { acceptInvitation, type InvitationView, invitationEnd, readInvitation, signedInEmail } from './invitation.ts';
import { NewPasswordField, newPasswordProblem } from './password-field.tsx';
import { leaveForSso } from './sso.ts';
import { useSignInWays } from './use-sign-in-ways.ts';

type Known = { invitation: InvitationView; signedInAs: string | undefined } | { problem: string };

const toSignIn = (
  <Button component={AppLink} href="/sign-in" size="md" fullWidth>
    Go to sign-in
  </Button>
);

/** Where the link of an invitation leads: a new person chooses a name and a password, a known one joins. */
export function AcceptInvitationPage() {
  const token = useSearchParams().get('token') ?? '';
  const [known, setKnown] = useState<Known>();
  const ways = useSignInWays();

  useEffect(() => {
    let isGone = false;
    Promise.all([readInvitation(token), signedInEmail()]).then(([outcome, signedInAs]) => {
      if (isGone) return;
      setKnown(outcome.ok ? { invitation: outcome.data, signedInAs } : { problem: outcome.message });
    });
    return () => {
      isGone = true;
    };
  }, [token]);

  if (!known) return <EntranceCard title="An invitation" text="One moment: the link is looked up." children={null} />;
  if ('problem' in known)
    return (
      <EntranceCard title="This link does not work" text="It may have been cut short when it was copied.">
        <Stack gap="sm">
          <p className={classes.facts}>
            {known.problem} Open the whole link, or ask the person who invited you for a new one.
          </p>
          {toSignIn}
        </Stack>
      </EntranceCard>
    );
  const { invitation, signedInAs } = known;
  const end = invitationEnd(invitation.state);
  if (end)
    return (
      <EntranceCard title={end.title} text={`It was for ${invitation.email}, to join ${invitation.teamName}.`}>
        <Stack gap="sm">
          <p className={classes.facts}>{end.text}</p>
          {toSignIn}
        </Stack>
      </EntranceCard>
    );
  if (signedInAs !== undefined && signedInAs.toLowerCase() !== invitation.email.toLowerCase())
    return (
      <Frame invitation={invitation}>
        <p className={classes.facts}>
          <span>
            You are signed in as <strong>{signedInAs}</strong>, and this invitation is for{' '}
            <strong>{invitation.email}</strong>.
          </span>
        </p>
        <Button
          size="md"
          fullWidth
          onClick={async () => {
            await signOut();
            location.reload();
          }}
        >
          Sign out and go on as {invitation.email}
        </Button>
      </Frame>
    );
  if (signedInAs !== undefined) return <Join invitation={invitation} token={token} />;
  if (invitation.hasAccount)
    return (
      <Frame invitation={invitation}>
        <Button
          component={AppLink}
          size="md"
          fullWidth
          href={`/sign-in?email=${encodeURIComponent(invitation.email)}&next=${encodeURIComponent(`/accept-invitation?token=${token}`)}`}
        >
          Sign in to join
        </Button>
        <p className={classes.foot}>There is an account with this address already.</p>
      </Frame>
    );
  if (ways?.password === false && ways.sso) return <BySso invitation={invitation} name={ways.sso.name} />;
  return <NewPerson invitation={invitation} token={token} />;
}

function Frame({ invitation, children }: { invitation: InvitationView; children: ReactNode }) {
  const hint = accessRoles.find(({ value }) => value === invitation.accessRole)?.hint;
  return (
    <EntranceCard
      title={`Join ${invitation.teamName}`}
      text={`${invitation.invitedBy ?? 'Somebody of the team'} invites you as ${roleLabel(invitation.accessRole).toLowerCase()}${hint ? `: ${hint.charAt(0).toLowerCase()}${hint.slice(1)}.` : '.'}`}
    >
      {children}
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

/** Somebody who is signed in with the right address. */
function Join({ invitation, token }: { invitation: InvitationView; token: string }) {
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const join = async () => {
    setBusy(true);
    setProblem(undefined);
    const outcome = await acceptInvitation({ token });
    // A full load: what the page knew belongs to another team.
    if (outcome.ok) return location.assign('/home');
    setProblem(outcome.message);
    setBusy(false);
  };
  return (
    <Frame invitation={invitation}>
      <Stack gap="sm">
        <Problem text={problem} />
        <Button size="md" fullWidth loading={isBusy} onClick={join}>
          Join as {invitation.email}
        </Button>
      </Stack>
    </Frame>
  );
}

/** Where people sign in at their own service alone: whoever comes from there with this address joins by themselves. */
function BySso({ invitation, name }: { invitation: InvitationView; name: string }) {
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  return (
    <Frame invitation={invitation}>
      <Stack gap="sm">
        <Problem text={problem} />
        <Button
          size="md"
          fullWidth
          loading={isBusy}
          onClick={async () => {
            setBusy(true);
            setProblem(await leaveForSso('/home'));
            setBusy(false);
          }}
        >
          Sign in with {name}
        </Button>
        <p className={classes.foot}>Use the account of {invitation.email} there.</p>
      </Stack>
    </Frame>
  );
}

function NewPerson({ invitation, token }: { invitation: InvitationView; token: string }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [problems, setProblems] = useState<{ name?: string; password?: string; form?: string }>({});
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return setProblems({ name: 'Enter your name: the team sees it beside what you do.' });
    const passwordProblem = newPasswordProblem(password);
    if (passwordProblem) return setProblems({ password: passwordProblem });
    setBusy(true);
    setProblems({});
    const outcome = await acceptInvitation({ token, name: name.trim(), password });
    // Accepting signs in; when that part did not work, the account is there all the same.
    if (outcome.ok) return location.assign(outcome.data.isSignedIn ? '/home' : '/sign-in');
    setProblems(outcome.code === 'PASSWORD_WEAK' ? { password: outcome.message } : { form: outcome.message });
    setBusy(false);
  };
  return (
    <Frame invitation={invitation}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput label="Email" type="email" autoComplete="username" size="md" readOnly value={invitation.email} />
          <TextInput
            label="Name"
            name="name"
            autoComplete="name"
            autoFocus
            size="md"
            maxLength={100}
            value={name}
            error={problems.name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NewPasswordField
            name="password"
            value={password}
            error={problems.password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Problem text={problems.form} />
          <Button type="submit" size="md" loading={isBusy} fullWidth mt={4}>
            Create the account and join
          </Button>
        </Stack>
      </form>
    </Frame>
  );
}
