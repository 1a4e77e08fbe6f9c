'use client';

import { Alert, Button, Group, Modal, Select, Skeleton, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { SetSimulatedFailureDocument, SimulatorDocument } from '../../gql/providers.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureSliders } from './failure-sliders.tsx';
import { type FailureLevers, failureInputOf, leversOf, soundLevers } from './simulated-failure.ts';

interface Props {
  /** The simulated provider to begin with; without it the first one. */
  providerId?: string | undefined;
  onClose(): void;
}

/** Sliders that make a simulated provider fail. What is set holds from the next call on, for everyone. */
export function BreakProviderDialog({ providerId, onClose }: Props) {
  const [{ data, error }] = useQuery({ query: SimulatorDocument, requestPolicy: 'cache-and-network' });
  const [chosenId, setChosenId] = useState(providerId);
  const [{ fetching }, apply] = useMutation(SetSimulatedFailureDocument);
  const [edited, setEdited] = useState<FailureLevers>();
  const [problem, setProblem] = useState<string>();
  const providers = data?.simulator.providers ?? [];
  const chosen = providers.find((each) => each.providerId === chosenId) ?? providers[0];
  const levers = edited ?? (chosen ? leversOf(chosen) : soundLevers);

  const save = async (next: FailureLevers) => {
    if (!chosen) return;
    setProblem(undefined);
    const result = await apply({ input: failureInputOf(chosen.providerId, next) });
    const answer = result.data?.setSimulatedFailure;
    if (answer?.__typename === 'SetSimulatedFailureSuccess') onClose();
    else if (answer?.__typename === 'ValidationError')
      setProblem(answer.issues.map(({ message }) => message).join(' '));
    else
      setProblem(result.error ? describeFailure(result.error).message : (answer?.message ?? 'No answer. Try again.'));
  };

  return (
    <Modal
      opened
      onClose={onClose}
      size="md"
      title={chosen && providerId ? `Break ${chosen.provider.displayName}` : 'Break a provider'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed" lh={1.5}>
          Make a simulated provider fail and watch retries, open circuits and failover. It holds from the next call on,
          for everyone here, until it is repaired.
        </Text>
        {!data && !error ? <Skeleton h={280} /> : null}
        {data && providers.length === 0 ? <Alert color="gray">No provider is simulated here.</Alert> : null}
        {error && !data ? <Alert color="red">{describeFailure(error).message}</Alert> : null}
        {chosen ? (
          <>
            {providerId && providers.length > 1 ? null : (
              <Select
                label="Provider"
                data={providers.map((each) => ({ value: each.providerId, label: each.provider.displayName }))}
                value={chosen.providerId}
                allowDeselect={false}
                onChange={(value) => {
                  setChosenId(value ?? undefined);
                  setEdited(undefined);
                }}
              />
            )}
            <FailureSliders levers={levers} onChange={setEdited} />
            {problem ? <Alert color="red">{problem}</Alert> : null}
            <Group justify="space-between" gap="xs">
              <Button variant="subtle" color="gray" disabled={fetching} onClick={() => save(soundLevers)}>
                Repair
              </Button>
              <Group gap="xs">
                <Button variant="default" onClick={onClose}>
                  Cancel
                </Button>
                <Button loading={fetching} onClick={() => save(levers)}>
                  Apply
                </Button>
              </Group>
            </Group>
          </>
        ) : null}
      </Stack>
    </Modal>
  );
}
