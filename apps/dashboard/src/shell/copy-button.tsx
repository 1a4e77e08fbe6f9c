'use client';

import { ActionIcon, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';

/** Copies a value; says so to the eye and to a screen reader. */
export function CopyButton({
  value,
  label,
  size = 24,
}: {
  value: string | (() => string);
  label: string;
  size?: number;
}) {
  const clipboard = useClipboard({ timeout: 1500 });
  const text = clipboard.copied ? 'Copied' : label;
  return (
    <Tooltip label={text}>
      <ActionIcon
        size={size}
        aria-label={text}
        onClick={() => clipboard.copy(typeof value === 'string' ? value : value())}
      >
        {clipboard.copied ? <IconCheck size={15} color="var(--sy-good)" /> : <IconCopy size={15} />}
      </ActionIcon>
    </Tooltip>
  );
}
