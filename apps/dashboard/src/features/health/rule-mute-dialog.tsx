'use client';

import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';

interface Props {
  name: string;
  onMute(until: string): void;
  onClose(): void;
}

/** Asks until when nobody is to be told by a rule. */
export function RuleMuteDialog({ name, onMute, onClose }: Props) {
  const [until, setUntil] = useState('');
  const [problem, setProblem] = useState<string>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const untilMs = Date.parse(until);
    if (!(untilMs > Date.now())) return setProblem('Choose a time in the future.');
    onMute(new Date(untilMs).toISOString());
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={`Mute ${name}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            type="datetime-local"
            label="Until"
            description="In the time of this browser"
            data-autofocus
            value={until}
            error={problem}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
          <Text size="sm" c="dimmed">
            Nobody is told by this rule meanwhile. Calls are made and measured as ever.
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit">Mute</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
