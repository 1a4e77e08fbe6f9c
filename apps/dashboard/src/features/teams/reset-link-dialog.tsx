'use client';

import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { CreatePasswordResetLinkDocument, type MemberFieldsFragment } from '../../gql/teams.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { LinkView } from './link-view.tsx';

/** Makes a link with which a member who forgot the password chooses a new one. */
export function ResetLinkDialog({ member, onClose }: { member: MemberFieldsFragment; onClose: () => void }) {
  const [{ fetching }, create] = useMutation(CreatePasswordResetLinkDocument);
  const [link, setLink] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const { user } = member;
  const make = async () => {
    const { data, error } = await create({ input: { memberId: member.id } });
    const result = data?.createPasswordResetLink;
    if (result?.__typename === 'CreatePasswordResetLinkSuccess') setLink(result.link);
    else setProblem(refusalText(result, error));
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={link ? `Send this link to ${user.name}` : `A password link for ${user.name}`}
      closeOnClickOutside={link === undefined}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {link ? (
        <LinkView
          link={link}
          text="Whoever opens it chooses a new password for this account: give it to nobody else. It works once."
          onDone={onClose}
        />
      ) : (
        <Stack gap="md">
          <Text size="md" lh={1.55}>
            For somebody who forgot the password. The password that they have works until the link is used; then every
            device of theirs is signed out.
          </Text>
          {problem ? (
            <Alert color="red" role="alert">
              {problem}
            </Alert>
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button loading={fetching} onClick={make}>
              Make the link
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
