'use client';

import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { DeleteSavedScorerDocument, SavedScorerUsesDocument } from '../../gql/quality.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { refusalText } from '../guardrails/refusal-of.ts';
import classes from './quality-page.module.css';

interface Props {
  scorer: { id: string; name: string };
  onClose(): void;
  onDeleted(): void;
}

/** The question before a scorer goes, with the drafts that name it. */
export function DeleteScorerDialog({ scorer, onClose, onDeleted }: Props) {
  const [{ data }] = useQuery({
    query: SavedScorerUsesDocument,
    variables: { id: scorer.id },
    requestPolicy: 'network-only',
  });
  const [{ fetching }, remove] = useMutation(DeleteSavedScorerDocument);
  const [problem, setProblem] = useState<string>();
  const drafts = data?.savedScorer?.usedBy.filter(({ state }) => state === 'draft') ?? [];
  const confirm = async () => {
    const { data: answer, error } = await remove({ input: { scorerId: scorer.id } });
    const result = answer?.deleteSavedScorer;
    if (result?.__typename !== 'DeleteSavedScorerSuccess') return setProblem(refusalText(result, error));
    notifications.show({ message: `${scorer.name} is deleted.` });
    onDeleted();
  };
  return (
    <ConfirmDialog
      title={`Delete ${scorer.name}?`}
      confirmLabel="Delete"
      isBusy={fetching}
      onConfirm={confirm}
      onClose={onClose}
    >
      Tests that were started with it keep what it did.
      {drafts.length > 0 ? (
        <>
          {' '}
          These drafts name it and cannot be started any more until they name another one:{' '}
          {drafts.map(({ name }) => name).join(', ')}.
        </>
      ) : null}
      {problem ? (
        <span className={classes.refusal} role="alert">
          {' '}
          {problem}
        </span>
      ) : null}
    </ConfirmDialog>
  );
}
