'use client';

import { Alert, Button, Checkbox, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import {
  DeleteMemberDataDocument,
  KeysOfMemberDocument,
  type MemberFieldsFragment,
  RemoveMemberDocument,
} from '../../gql/teams.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import accountClasses from './account.module.css';

interface Props {
  readonly member: MemberFieldsFragment;
  readonly teamName: string;
  onDone(): void;
  onClose(): void;
}

/** Asks before somebody goes, names their keys and asks what happens to them. */
export function RemoveMemberDialog({ member, teamName, onDone, onClose }: Props) {
  const [{ data, fetching: isLooking }] = useQuery({
    query: KeysOfMemberDocument,
    variables: { id: member.id },
    requestPolicy: 'network-only',
  });
  const [{ fetching }, remove] = useMutation(RemoveMemberDocument);
  const [keys, setKeys] = useState<'REVOKE' | 'KEEP'>('REVOKE');
  const [{ fetching: isForgetting }, forget] = useMutation(DeleteMemberDataDocument);
  const [isForgotten, setForgotten] = useState(false);
  const [deletesPrompts, setDeletesPrompts] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { user } = member;
  const theirs = data?.node?.__typename === 'Member' ? data.node.apiKeys : [];
  const confirm = async () => {
    const input = { memberId: member.id };
    const { result, error } = isForgotten
      ? await forget({ input: { ...input, deletesPrompts } }).then((answer) => ({
          result: answer.data?.deleteMemberData,
          error: answer.error,
        }))
      : await remove({ input: { ...input, keys } }).then((answer) => ({
          result: answer.data?.removeMember,
          error: answer.error,
        }));
    if (result?.__typename === 'RemoveMemberSuccess' || result?.__typename === 'DeleteMemberDataSuccess') {
      notifications.show({
        message: isForgotten ? 'The member is removed and forgotten.' : `${user.name} is no member any more.`,
      });
      onDone();
      onClose();
    } else setProblem(refusalText(result, error));
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Remove ${user.name} from ${teamName}?`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="md">
        <Text size="md" lh={1.55}>
          {user.name} is signed out of the team within a second. What they made stays: runs, workflows, tests and the
          audit log keep their name.
        </Text>
        {theirs.length > 0 ? (
          <>
            <ul className={accountClasses.list} aria-label={`Keys of ${user.name}`}>
              {theirs.map((key) => (
                <li key={key.id} className={accountClasses.item}>
                  {key.name}
                </li>
              ))}
            </ul>
            {isForgotten ? (
              <Text size="sm" c="dimmed">
                Their keys end now.
              </Text>
            ) : (
              <Radio.Group
                label={theirs.length === 1 ? 'This key of theirs' : `These ${theirs.length} keys of theirs`}
                value={keys}
                onChange={(value) => setKeys(value as 'REVOKE' | 'KEEP')}
              >
                <Stack gap={8} mt={6}>
                  <Radio value="REVOKE" label="End now" description="Apps that use them are refused within a second" />
                  <Radio
                    value="KEEP"
                    label="Go on"
                    description="They belong to the team then; whoever knows a secret can still use it"
                  />
                </Stack>
              </Radio.Group>
            )}
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {isLooking ? 'Looking for keys they made…' : 'They made no keys that still work.'}
          </Text>
        )}
        <Checkbox
          label="Forget the person as well"
          description="Name and email are replaced by “former member” everywhere but in the audit log. Cannot be taken back."
          checked={isForgotten}
          onChange={(event) => setForgotten(event.currentTarget.checked)}
        />
        {isForgotten ? (
          <Checkbox
            label="Delete comparisons and ended runs that they started"
            checked={deletesPrompts}
            onChange={(event) => setDeletesPrompts(event.currentTarget.checked)}
          />
        ) : null}
        <Text size="sm" c="dimmed">
          Before that you can{' '}
          <a href={`/api/members/export?memberId=${encodeURIComponent(member.id)}`} download>
            export what the team knows of them
          </a>
          .
        </Text>
        {problem ? (
          <Alert color="red" role="alert">
            {problem}
          </Alert>
        ) : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button color="red.8" loading={fetching || isForgetting} disabled={isLooking} onClick={confirm}>
            {isForgotten ? 'Remove and forget' : 'Remove'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
