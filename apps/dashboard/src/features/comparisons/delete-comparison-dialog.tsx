'use client';

import { notifications } from '@mantine/notifications';
import { useMutation } from 'urql';
import { DeleteComparisonDocument } from '../../gql/comparisons.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';

/** Asks by name before a comparison and its answers are gone. */
export function DeleteComparisonDialog({
  comparison,
  onClose,
}: {
  comparison: { id: string; title: string; lanes: unknown[] };
  onClose: () => void;
}) {
  const [{ fetching }, remove] = useMutation(DeleteComparisonDocument);
  const confirm = async () => {
    const { data, error } = await remove({ input: { comparisonId: comparison.id } });
    const result = data?.deleteComparison;
    if (result?.__typename === 'DeleteComparisonSuccess')
      notifications.show({ message: 'The comparison was deleted.' });
    else
      notifications.show({
        color: 'red',
        title: 'Not deleted',
        message: error ? describeFailure(error).message : (result?.message ?? 'No reason given.'),
      });
    onClose();
  };
  return (
    <ConfirmDialog
      title="Delete this comparison?"
      confirmLabel="Delete comparison"
      isBusy={fetching}
      onConfirm={confirm}
      onClose={onClose}
    >
      “{comparison.title}” and its {comparison.lanes.length} answers, ratings and notes are removed for the whole team.
      This cannot be undone.
    </ConfirmDialog>
  );
}
