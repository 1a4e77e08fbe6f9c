'use client';

import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { CreateTeamDocument } from '../gql/shell.ts';
import { describeFailure } from '../graphql/failure.ts';
import { tellTeamChanged } from './team-signal.ts';

/** Makes a team of one's own and goes there. */
export function CreateTeamDialog({ onClose }: { onClose: () => void }) {
  const [{ fetching }, create] = useMutation(CreateTeamDocument);
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return setProblem('Give the team a name.');
    const { data, error } = await create({ input: { name: name.trim() } });
    const result = data?.createTeam;
    if (result?.__typename === 'CreateTeamSuccess') {
      tellTeamChanged();
      location.assign('/team');
      return;
    }
    const issue = result && 'issues' in result ? result.issues[0]?.message : undefined;
    setProblem(error ? describeFailure(error).message : (issue ?? result?.message ?? 'The team was not made.'));
  };
  return (
    <Modal opened onClose={onClose} title="Make a team" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Text size="md" lh={1.55}>
            A team has its own members, keys, providers, budgets and history; nothing is shared with your other teams.
            You are its owner.
          </Text>
          <TextInput
            label="Name"
            placeholder="Research"
            data-autofocus
            maxLength={80}
            value={name}
            error={problem}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={fetching}>
              Make the team
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
