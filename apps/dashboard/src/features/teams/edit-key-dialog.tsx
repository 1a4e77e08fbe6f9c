'use client';

import { Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ApiKeyFieldsFragment } from '../../gql/teams.ts';
import { KeyForm } from './key-form.tsx';

/** Changes what a key may do and use; it holds within a second, also for streams that are open. */
export function EditKeyDialog({ apiKey, onClose }: { apiKey: ApiKeyFieldsFragment; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={`Rights and limits of “${apiKey.name}”`}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <KeyForm
        apiKey={apiKey}
        onSaved={() => {
          notifications.show({ message: `“${apiKey.name}” is changed. It holds within a second.` });
          onClose();
        }}
        onCancel={onClose}
      />
    </Modal>
  );
}
