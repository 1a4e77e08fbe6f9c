'use client';

import { notifications } from '@mantine/notifications';
import { useMutation } from 'urql';
import { type ApiKeyFieldsFragment, RevokeApiKeyDocument } from '../../gql/teams.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';

/** Asks by name before a key stops working. */
export function RevokeKeyDialog({ apiKey, onClose }: { apiKey: ApiKeyFieldsFragment; onClose: () => void }) {
  const [{ fetching }, revoke] = useMutation(RevokeApiKeyDocument);
  const confirm = async () => {
    const { data, error } = await revoke({ input: { apiKeyId: apiKey.id } });
    const result = data?.revokeApiKey;
    if (result?.__typename === 'RevokeApiKeySuccess') notifications.show({ message: `“${apiKey.name}” was revoked.` });
    else
      notifications.show({
        color: 'red',
        title: 'Not revoked',
        message: error ? describeFailure(error).message : (result?.message ?? 'No reason given.'),
      });
    onClose();
  };
  return (
    <ConfirmDialog
      title={`Revoke “${apiKey.name}”?`}
      confirmLabel="Revoke key"
      isBusy={fetching}
      onConfirm={confirm}
      onClose={onClose}
    >
      Apps that use {apiKey.prefix}…{apiKey.lastFour} are refused from now on, and their open streams end within
      seconds. This cannot be undone.
    </ConfirmDialog>
  );
}
