'use client';

import { notifications } from '@mantine/notifications';
import { useMutation } from 'urql';
import { DeleteProviderDocument, type ProviderFieldsFragment } from '../../gql/providers.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';

export function DeleteProviderDialog({ provider, onClose }: { provider: ProviderFieldsFragment; onClose: () => void }) {
  const [{ fetching }, remove] = useMutation(DeleteProviderDocument);
  const confirm = async () => {
    const { data, error } = await remove({ input: { providerId: provider.id } });
    const result = data?.deleteProvider;
    if (result?.__typename === 'DeleteProviderSuccess')
      notifications.show({ message: `${provider.displayName} is deleted.` });
    else
      notifications.show({
        color: 'red',
        message: error ? describeFailure(error).message : (result?.message ?? 'It was not deleted. Try again.'),
      });
    onClose();
  };
  return (
    <ConfirmDialog
      title="Delete this provider?"
      confirmLabel="Delete provider"
      isBusy={fetching}
      onConfirm={confirm}
      onClose={onClose}
    >
      <strong>{provider.displayName}</strong> ({provider.slug}) and its key are gone for good, and {provider.slug}/… can
      no longer be called. What it answered stays in the history.
    </ConfirmDialog>
  );
}
