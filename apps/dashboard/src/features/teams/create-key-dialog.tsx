'use client';

import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { ApiKeyFieldsFragment } from '../../gql/teams.ts';
import { KeyForm } from './key-form.tsx';
import { KeySecret } from './key-secret.tsx';

/** Makes a key, then shows its secret once with requests that work. */
export function CreateKeyDialog({ onMade, onClose }: { onMade: () => void; onClose: () => void }) {
  const [made, setMade] = useState<{ secret: string; apiKey: ApiKeyFieldsFragment }>();
  const secret = made?.secret;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={secret ? 'Copy the secret now' : 'Create an API key'}
      closeOnClickOutside={false}
      closeOnEscape={!secret}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {secret ? (
        <KeySecret
          secret={secret}
          allowedModels={made?.apiKey.allowedModels}
          note="This is the only time it is shown. If it is lost, rotate the key: a new secret takes its place."
          onDone={onClose}
        />
      ) : (
        <KeyForm
          onMade={(text, apiKey) => {
            setMade({ secret: text, apiKey });
            onMade();
          }}
          onCancel={onClose}
        />
      )}
    </Modal>
  );
}
