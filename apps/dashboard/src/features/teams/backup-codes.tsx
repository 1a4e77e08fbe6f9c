'use client';

import { Button, Group } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react';
import cardClasses from '../../shell/card.module.css';
import classes from './account.module.css';
import { downloadText } from './download-text.ts';

/** The codes that stand in for a lost phone; they are shown this once. */
export function BackupCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const clipboard = useClipboard({ timeout: 1500 });
  const text = `Backup codes for Switchyard (${location.host}). Each works once.\n\n${codes.join('\n')}\n`;
  return (
    <div>
      <p className={cardClasses.hint}>
        Keep these backup codes where you keep passwords. Each one signs you in once if the phone is lost. This is the
        only time they are shown.
      </p>
      <ul className={classes.codes} aria-label="Backup codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group gap="xs">
        <Button
          variant="default"
          leftSection={clipboard.copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          onClick={() => clipboard.copy(text)}
        >
          {clipboard.copied ? 'Copied' : 'Copy'}
        </Button>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} />}
          onClick={() => downloadText('switchyard-backup-codes.txt', text)}
        >
          Download
        </Button>
        <Button onClick={onDone}>I have kept them</Button>
      </Group>
    </div>
  );
}
