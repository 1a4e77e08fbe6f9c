'use client';

import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useMutation } from 'urql';
import { DeleteExperimentDocument } from '../../gql/experiments.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { refusalText } from '../guardrails/refusal-of.ts';

interface Props {
  id: string;
  name: string;
  onClose(): void;
  onDeleted(): void;
}

export function DeleteDialog({ id, name, onClose, onDeleted }: Props) {
  const [, remove] = useMutation(DeleteExperimentDocument);
  const [isBusy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    const { data, error } = await remove({ input: { experimentId: id } });
    setBusy(false);
    const result = data?.deleteExperiment;
    if (result?.__typename === 'DeleteExperimentSuccess') return onDeleted();
    notifications.show({ color: 'red', title: 'The test was not deleted', message: refusalText(result, error) });
    onClose();
  };
  return (
    <ConfirmDialog
      title="Delete this test"
      confirmLabel="Delete"
      isBusy={isBusy}
      onConfirm={() => void submit()}
      onClose={onClose}
    >
      “{name}” goes for good, with its answers, ratings and votes. The calls that it made stay in the reports.
    </ConfirmDialog>
  );
}
