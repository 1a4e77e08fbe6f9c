'use client';

import { Button, Group, Stack, Text } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { CopyButton } from '../../shell/copy-button.tsx';
import classes from './channels.module.css';

/** A new signing secret, the only time that it is shown. */
export function SigningSecret({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <Stack gap="md">
      <Text size="md" c="dimmed">
        <IconShieldLock size={16} style={{ verticalAlign: -3 }} aria-hidden="true" /> With it your program checks that a
        message is from here. This is the only time it is shown; if it is lost, make a new one.
      </Text>
      <div className={classes.secret}>
        <code>{secret}</code>
        <CopyButton value={secret} label="Copy the signing secret" size={30} />
      </div>
      <Text size="sm" c="dimmed">
        Messages carry <code>webhook-id</code>, <code>webhook-timestamp</code> and <code>webhook-signature</code>; the
        libraries of Standard Webhooks check them.
      </Text>
      <Group justify="flex-end">
        <Button onClick={onDone}>I have copied it</Button>
      </Group>
    </Stack>
  );
}
