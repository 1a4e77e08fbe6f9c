'use client';

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconLink, IconMailCheck, IconMailOff } from '@tabler/icons-react';
import { CopyButton } from '../../shell/copy-button.tsx';
import classes from './team-page.module.css';

interface Props {
  readonly link: string;
  readonly text: string;
  readonly mail?: { readonly isSent: boolean; readonly to: string; readonly problem: string | null } | undefined;
  onDone(): void;
}

/** A link that is shown this once, and whether mail brought it already. */
export function LinkView({ link, text, mail, onDone }: Props) {
  return (
    <Stack gap="md">
      {mail?.isSent ? (
        <Alert color="green" icon={<IconMailCheck size={18} />}>
          A mail with the link is on its way to {mail.to}.
        </Alert>
      ) : null}
      {mail && !mail.isSent ? (
        <Alert color="yellow" icon={<IconMailOff size={18} />} title="No mail was sent">
          {mail.problem ?? 'This installation sends no mail.'} Send the link to {mail.to} yourself.
        </Alert>
      ) : null}
      <Text size="md" c="dimmed">
        <IconLink size={16} style={{ verticalAlign: -3 }} aria-hidden="true" /> {text}
      </Text>
      <div className={classes.link}>
        <code data-testid="one-time-link">{link}</code>
        <CopyButton value={link} label="Copy the link" size={30} />
      </div>
      <Group justify="flex-end">
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}
