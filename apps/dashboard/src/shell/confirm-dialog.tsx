'use client';

import { Button, Group, Modal, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  confirmLabel: string;
  isBusy: boolean;
  children: ReactNode;
  onConfirm(): void;
  onClose(): void;
}

/** The question before something is gone for good; the text names the object. Focus starts on the way out. */
export function ConfirmDialog({ title, confirmLabel, isBusy, children, onConfirm, onClose }: Props) {
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Text size="md" lh={1.55}>
        {children}
      </Text>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button color="red.8" loading={isBusy} onClick={onConfirm}>
          {confirmLabel}
        </Button>
      </Group>
    </Modal>
  );
}
