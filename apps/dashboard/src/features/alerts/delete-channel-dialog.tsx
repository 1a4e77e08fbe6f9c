'use client';

import { notifications } from '@mantine/notifications';
import { useMutation } from 'urql';
import { DeleteAlertChannelDocument } from '../../gql/alerts.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import type { ListedChannel } from './alert-words.ts';

export function DeleteChannelDialog({ channel, onClose }: { channel: ListedChannel; onClose: () => void }) {
  const [{ fetching }, remove] = useMutation(DeleteAlertChannelDocument);
  const confirm = async () => {
    const { data, error } = await remove({ input: { channelId: channel.id } });
    const result = data?.deleteAlertChannel;
    if (result?.__typename === 'DeleteAlertChannelSuccess')
      notifications.show({ message: `${channel.name} is deleted.` });
    else
      notifications.show({
        color: 'red',
        message: error ? describeFailure(error).message : (result?.message ?? 'It was not deleted. Try again.'),
      });
    onClose();
  };
  return (
    <ConfirmDialog
      title="Delete this channel?"
      confirmLabel="Delete channel"
      isBusy={fetching}
      onConfirm={confirm}
      onClose={onClose}
    >
      <strong>{channel.name}</strong> is told nothing any more, and its address and secret are gone for good. What it
      was sent stays in the log.
    </ConfirmDialog>
  );
}
