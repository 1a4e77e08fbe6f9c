'use client';

import { notifications } from '@mantine/notifications';
import { useMutation } from 'urql';
import { type BudgetFieldsFragment, DeleteBudgetDocument } from '../../gql/guardrails.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { tellBudgetsChanged } from './budget-signal.ts';
import { formatAmount, windowWords } from './budget-words.ts';
import { refusalText } from './refusal-of.ts';

export function DeleteBudgetDialog({ budget, onClose }: { budget: BudgetFieldsFragment; onClose: () => void }) {
  const [{ fetching }, remove] = useMutation(DeleteBudgetDocument);
  const confirm = async () => {
    const { data, error } = await remove({ input: { budgetId: budget.id } });
    if (data?.deleteBudget.__typename === 'DeleteBudgetSuccess')
      notifications.show({ message: `${budget.name} is deleted.` });
    else notifications.show({ color: 'red', message: refusalText(data?.deleteBudget, error) });
    tellBudgetsChanged();
    onClose();
  };
  return (
    <ConfirmDialog
      title="Delete this budget?"
      confirmLabel="Delete budget"
      isBusy={fetching}
      onConfirm={confirm}
      onClose={onClose}
    >
      <strong>{budget.name}</strong> ({formatAmount(budget.unit, budget.limit)} {windowWords(budget.window).per}) holds
      no call back any more, from now on. What it refused stays in the history of breaches. To let calls through for a
      while, pause it or raise it instead.
    </ConfirmDialog>
  );
}
