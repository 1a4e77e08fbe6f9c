'use client';

import { Button, Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlus } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useMutation } from 'urql';
import { UpdateBudgetDocument } from '../../gql/guardrails.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useNow } from '../../shell/use-now.ts';
import { BudgetCard } from './budget-card.tsx';
import { tellBudgetsChanged } from './budget-signal.ts';
import type { ListedBudget } from './budget-view.ts';
import { EmptyBudgetPicture } from './empty-budget-picture.tsx';
import classes from './guardrails-page.module.css';
import { refusalText } from './refusal-of.ts';
import type { Budgets } from './use-budgets.ts';

const BudgetDrawer = dynamic(() => import('./budget-drawer.tsx').then((module) => module.BudgetDrawer), { ssr: false });
const RaiseDialog = dynamic(() => import('./raise-dialog.tsx').then((module) => module.RaiseDialog), { ssr: false });
const AdjustDialog = dynamic(() => import('./adjust-dialog.tsx').then((module) => module.AdjustDialog), { ssr: false });
const DeleteBudgetDialog = dynamic(
  () => import('./delete-budget-dialog.tsx').then((module) => module.DeleteBudgetDialog),
  { ssr: false },
);

type Doing = { what: 'edit' | 'raise' | 'delete' | 'copy'; id: string };

/** Every budget with its live bar; make, change, raise, pause and delete them. */
export function BudgetsTab({ list, mayManage }: { list: Budgets; mayManage: boolean }) {
  const { budgets, error, reload, isComplete } = list;
  const [address, change] = useAddressState();
  const [doing, setDoing] = useState<Doing>();
  const [, update] = useMutation(UpdateBudgetDocument);
  const now = useNow(true, 1000);
  const isAdjusting = address.get('adjust') === '1';

  const switchTo = async (budget: ListedBudget) => {
    const { data, error: failure } = await update({
      input: { budgetId: budget.id, version: budget.version, isEnabled: !budget.isEnabled },
    });
    if (data?.updateBudget.__typename !== 'UpdateBudgetSuccess')
      notifications.show({ color: 'red', message: refusalText(data?.updateBudget, failure) });
    tellBudgetsChanged();
  };

  if (error && !budgets) return <FailureNotice failure={describeFailure(error)} onRetry={reload} />;
  return (
    <>
      {budgets?.length === 0 ? (
        <EmptyState
          picture={<EmptyBudgetPicture />}
          title="No budgets yet"
          action={
            <Button
              leftSection={<IconPlus size={16} />}
              disabled={!mayManage}
              onClick={() => change({ new: 'budget' })}
            >
              Make a budget
            </Button>
          }
        >
          A budget holds calls to a limit: money, tokens or calls, for the whole team or for one model, provider, member
          or key. What a call may cost is reserved before it starts, so many calls at once cannot overspend.
        </EmptyState>
      ) : null}
      <div className={classes.list} aria-busy={isComplete || error ? undefined : true}>
        {budgets?.map((budget) => (
          <BudgetCard
            key={budget.id}
            budget={budget}
            mayManage={mayManage}
            now={now}
            onDo={(what) => (what === 'switch' ? switchTo(budget) : setDoing({ what, id: budget.id }))}
          />
        ))}
        {budgets || error ? null : ['a', 'b'].map((key) => <Skeleton key={key} h={170} radius={12} />)}
      </div>
      {address.get('new') === 'budget' && mayManage ? <BudgetDrawer onClose={() => change({ new: null })} /> : null}
      {isAdjusting && budgets && isComplete && mayManage ? (
        <AdjustDialog budgets={budgets} onClose={() => change({ adjust: null })} />
      ) : null}
      <Dialogs doing={doing} budget={budgets?.find(({ id }) => id === doing?.id)} onClose={() => setDoing(undefined)} />
    </>
  );
}

interface DialogsProps {
  doing: Doing | undefined;
  budget: ListedBudget | undefined;
  onClose(): void;
}

function Dialogs({ doing, budget, onClose }: DialogsProps) {
  if (!budget || !doing) return null;
  if (doing.what === 'edit') return <BudgetDrawer budget={budget} onClose={onClose} />;
  if (doing.what === 'copy') return <BudgetDrawer like={budget} onClose={onClose} />;
  if (doing.what === 'raise') return <RaiseDialog budget={budget} onClose={onClose} />;
  return <DeleteBudgetDialog budget={budget} onClose={onClose} />;
}
