'use client';

import { Alert, Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { InviteMemberDocument, type InviteMemberMutation, type MemberFieldsFragment } from '../../gql/teams.ts';
import { refusalOf } from '../guardrails/refusal-of.ts';
import { rolesToGive } from './access-roles.ts';
import { LinkView } from './link-view.tsx';

type Made = Extract<InviteMemberMutation['inviteMember'], { __typename: 'InvitationSuccess' }>;
type AccessRole = MemberFieldsFragment['accessRole'];

interface Props {
  readonly ownRole: AccessRole;
  readonly teamName: string;
  onMade(): void;
  onClose(): void;
}

/** Asks whom to invite as what; then shows the link once. */
export function InviteDialog({ ownRole, teamName, onMade, onClose }: Props) {
  const [{ fetching }, invite] = useMutation(InviteMemberDocument);
  const [email, setEmail] = useState('');
  const [accessRole, setAccessRole] = useState<AccessRole>('DEVELOPER');
  const [problems, setProblems] = useState<{ email?: string; form?: string }>({});
  const [made, setMade] = useState<Made>();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!/^\S+@\S+$/.test(email.trim())) return setProblems({ email: 'Enter an email address, like ada@example.com.' });
    setProblems({});
    const { data, error } = await invite({ input: { email: email.trim(), accessRole } });
    const result = data?.inviteMember;
    if (result?.__typename === 'InvitationSuccess') {
      setMade(result);
      onMade();
      return;
    }
    const { issues, message } = refusalOf(result, error);
    const ofEmail = issues.find(({ path }) => path.at(-1) === 'email');
    setProblems(
      ofEmail ? { email: ofEmail.message } : { form: issues.map((issue) => issue.message).join(' ') || message },
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={made ? `Send this link to ${made.invitation.email}` : `Invite somebody to ${teamName}`}
      closeOnClickOutside={made === undefined}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {made ? (
        <LinkView
          link={made.link}
          text="The link works once, for this address only, and is shown this once. Under Invitations you can renew it."
          mail={{ isSent: made.isMailSent, to: made.invitation.email, problem: made.mailProblem ?? null }}
          onDone={onClose}
        />
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <TextInput
              label="Email"
              type="email"
              placeholder="ada@example.com"
              data-autofocus
              value={email}
              error={problems.email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <Radio.Group
              label="Access role"
              value={accessRole}
              onChange={(value) => setAccessRole(value as AccessRole)}
            >
              <Stack gap={8} mt={6}>
                {rolesToGive(ownRole).map(({ value, label, hint }) => (
                  <Radio key={value} value={value} label={label} description={hint} />
                ))}
              </Stack>
            </Radio.Group>
            {problems.form ? (
              <Alert color="red" role="alert">
                {problems.form}
              </Alert>
            ) : null}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={fetching}>
                Make the invitation
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
