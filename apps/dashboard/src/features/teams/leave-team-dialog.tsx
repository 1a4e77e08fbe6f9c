'use client';

import { Alert, Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { LeaveTeamDocument } from '../../gql/teams.ts';
import { tellTeamChanged } from '../../shell/team-signal.ts';
import { refusalText } from '../guardrails/refusal-of.ts';

/** Asks before the person leaves the team, and what happens to the keys they made. */
export function LeaveTeamDialog({ teamName, onClose }: { teamName: string; onClose: () => void }) {
  const [{ fetching }, leave] = useMutation(LeaveTeamDocument);
  const [keys, setKeys] = useState<'REVOKE' | 'KEEP'>('REVOKE');
  const [problem, setProblem] = useState<string>();
  const confirm = async () => {
    const { data, error } = await leave({ input: { keys } });
    const result = data?.leaveTeam;
    if (result?.__typename !== 'LeaveTeamSuccess') return setProblem(refusalText(result, error));
    tellTeamChanged();
    location.assign('/home');
  };
  return (
    <Modal opened onClose={onClose} title={`Leave ${teamName}?`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="md">
        <Text size="md" lh={1.55}>
          You see nothing of this team any more until somebody invites you again. What you made stays there.
        </Text>
        <Radio.Group label="Keys that you made" value={keys} onChange={(value) => setKeys(value as 'REVOKE' | 'KEEP')}>
          <Stack gap={8} mt={6}>
            <Radio value="REVOKE" label="End now" description="Apps that use them are refused within a second" />
            <Radio value="KEEP" label="Go on" description="They belong to the team then" />
          </Stack>
        </Radio.Group>
        {problem ? (
          <Alert color="red" role="alert">
            {problem}
          </Alert>
        ) : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button color="red.8" loading={fetching} onClick={confirm}>
            Leave
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
