'use client';

import { Alert, Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { type ApiKeyFieldsFragment, RotateApiKeyDocument } from '../../gql/teams.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { KeySecret } from './key-secret.tsx';

const overlaps = [
  { value: '0', label: 'Not at all: refused at once' },
  { value: '1', label: 'One minute' },
  { value: '15', label: '15 minutes' },
  { value: '60', label: 'One hour' },
  { value: '1440', label: 'One day' },
  { value: '10080', label: 'One week' },
];

/** Gives a key a new secret while the old one stays good for a while, so that no app stands still. */
export function RotateKeyDialog({ apiKey, onClose }: { apiKey: ApiKeyFieldsFragment; onClose: () => void }) {
  const [{ fetching }, rotate] = useMutation(RotateApiKeyDocument);
  const [overlap, setOverlap] = useState('60');
  const [secret, setSecret] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const run = async () => {
    const { data, error } = await rotate({ input: { apiKeyId: apiKey.id, overlapMinutes: Number(overlap) } });
    const result = data?.rotateApiKey;
    if (result?.__typename === 'RotateApiKeySuccess') setSecret(result.secret);
    else setProblem(refusalText(result, error));
  };
  const chosen = overlaps.find(({ value }) => value === overlap)?.label.toLowerCase();
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={secret ? `The new secret of “${apiKey.name}”` : `Rotate “${apiKey.name}”`}
      closeOnClickOutside={!secret}
      closeOnEscape={!secret}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {secret ? (
        <KeySecret
          secret={secret}
          allowedModels={apiKey.allowedModels}
          note={`This is the only time it is shown. ${overlap === '0' ? 'The old secret is refused from now on.' : `The old secret stays good for ${chosen}: bring the new one to your apps until then.`}`}
          onDone={onClose}
        />
      ) : (
        <Stack gap="md">
          <Text size="md" lh={1.55}>
            The key stays the same: rights, limits, budget and history go on. Only its secret changes.
          </Text>
          <Select
            label="The old secret stays good for"
            data={overlaps}
            value={overlap}
            allowDeselect={false}
            w={280}
            onChange={(value) => setOverlap(value ?? '60')}
          />
          {problem ? (
            <Alert color="red" role="alert">
              {problem}
            </Alert>
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button loading={fetching} onClick={run}>
              Make the new secret
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
