'use client';

import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { IconUserQuestion } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useEffect, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { type ApprovalFieldsFragment, BudgetApprovalsDocument } from '../../gql/guardrails.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { ListPages } from '../../shell/list-pages.tsx';
import tableClasses from '../../shell/table.module.css';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useNow } from '../../shell/use-now.ts';
import { ApprovalCard } from './approval-card.tsx';
import { onChanged } from './budget-signal.ts';
import classes from './guardrails-page.module.css';

const ApproveDialog = dynamic(() => import('./approve-dialog.tsx').then((module) => module.ApproveDialog), {
  ssr: false,
});
const DeclineDialog = dynamic(() => import('./decline-dialog.tsx').then((module) => module.DeclineDialog), {
  ssr: false,
});

const pageSize = 12;

/** Calls that wait because a budget has no room for them, and what became of those before. */
export function ApprovalsTab({ mayManage }: { mayManage: boolean }) {
  const [address, change] = useAddressState();
  const isHistory = address.get('show') === 'all';
  const after = address.get('after');
  const variables = useMemo(
    () => ({
      first: pageSize,
      ...(after ? { after } : {}),
      ...(isHistory ? {} : { filter: { states: ['PENDING' as const] } }),
    }),
    [after, isHistory],
  );
  const [{ data, error }, refetch] = useQuery({
    query: BudgetApprovalsDocument,
    variables,
    requestPolicy: 'cache-and-network',
  });
  const [doing, setDoing] = useState<{ what: 'approve' | 'decline'; approval: ApprovalFieldsFragment }>();
  const now = useNow(true, 1000);
  useEffect(() => onChanged('approvals', () => refetch({ requestPolicy: 'network-only' })), [refetch]);
  const approvals = data?.budgetApprovals.edges.map(({ node }) => node);
  if (error && !data)
    return (
      <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
    );
  return (
    <>
      <div className={tableClasses.filters}>
        <SegmentedControl
          size="xs"
          aria-label="Which requests"
          value={isHistory ? 'all' : 'pending'}
          onChange={(value) => change({ show: value === 'all' ? 'all' : null, after: null })}
          data={[
            { value: 'pending', label: 'Waiting' },
            { value: 'all', label: 'All' },
          ]}
        />
      </div>
      {approvals?.length === 0 ? (
        <EmptyState
          picture={<IconUserQuestion size={32} stroke={1.4} color="var(--sy-muted)" aria-hidden="true" />}
          title={isHistory ? 'Nobody has asked yet' : 'Nobody is waiting'}
          action={
            <Button variant="default" onClick={() => change({ tab: null, new: 'budget' })} disabled={!mayManage}>
              Make a budget that asks
            </Button>
          }
        >
          With “Ask for approval”, a call that does not fit into its budget waits a moment for an admin: approve it with
          an amount and an end, or decline it with a reason.
        </EmptyState>
      ) : null}
      <div className={classes.list} aria-busy={approvals ? undefined : true}>
        {approvals?.map((approval) => (
          <ApprovalCard
            key={approval.id}
            approval={approval}
            mayManage={mayManage}
            now={now}
            onApprove={() => setDoing({ what: 'approve', approval })}
            onDecline={() => setDoing({ what: 'decline', approval })}
          />
        ))}
        {approvals ? null : ['a', 'b'].map((key) => <Skeleton key={key} h={120} radius={12} />)}
      </div>
      <ListPages list={data?.budgetApprovals} after={after} onChange={(cursor) => change({ after: cursor })} />
      {doing?.what === 'approve' ? (
        <ApproveDialog approval={doing.approval} onClose={() => setDoing(undefined)} />
      ) : null}
      {doing?.what === 'decline' ? (
        <DeclineDialog approval={doing.approval} onClose={() => setDoing(undefined)} />
      ) : null}
    </>
  );
}
