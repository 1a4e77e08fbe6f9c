'use client';

import { Button, Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconRestore } from '@tabler/icons-react';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { formatAge } from '../../format/date-format.ts';
import { RebalanceRoutingDocument, RoutingLearningDocument } from '../../gql/routing.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { useNow } from '../../shell/use-now.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { AuditList } from './audit-list.tsx';
import { LearnedScopeCard } from './learned-scope-card.tsx';
import classes from './learning-tab.module.css';
import { scopeWords } from './preference-form.ts';

/** What the adaptive strategy believes of each model, scope by scope; and the way to make it forget. */
export function LearningTab({ mayManage }: { mayManage: boolean }) {
  const [{ data, error }, reload] = useQuery({ query: RoutingLearningDocument, requestPolicy: 'cache-and-network' });
  const [asked, setAsked] = useState<{ scope: string | null }>();
  const now = useNow(true, 10_000);
  const routing = data?.routing;
  if (error && !routing) return <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} />;
  if (!routing) return <Skeleton h={320} radius={12} />;
  const { learned } = routing;
  return (
    <div className={classes.tab}>
      <div className={classes.head}>
        <p className={classes.note}>
          {routing.isAdaptiveOn
            ? 'Quality from 0 to 1, learned from ratings, judges and feedback. A narrow curve is well known; the line below is its 95 % interval.'
            : 'The adaptive strategy is switched off for this installation; what was learned before is kept.'}{' '}
          Decisions are made on what was known {formatAge(routing.snapshotBuiltAt, now)}.
        </p>
        {learned.length > 0 && mayManage ? (
          <Button variant="default" leftSection={<IconRestore size={16} />} onClick={() => setAsked({ scope: null })}>
            Rebalance everything
          </Button>
        ) : null}
      </div>
      {learned.length === 0 ? (
        <EmptyState title="Nothing is learned yet" picture={<EmptyBeliefs />}>
          Choose the adaptive strategy for the team, a role or a step, send requests for auto, and rate their answers:
          here you see what is believed of each model, and how sure it is.
        </EmptyState>
      ) : null}
      {learned.map((scope) => (
        <LearnedScopeCard
          key={scope.scope}
          learned={scope}
          mayManage={mayManage}
          onRebalance={() => setAsked({ scope: scope.scope })}
        />
      ))}
      <AuditList />
      {asked ? (
        <RebalanceDialog
          scope={asked.scope}
          onClose={() => {
            setAsked(undefined);
            reload({ requestPolicy: 'network-only' });
          }}
        />
      ) : null}
    </div>
  );
}

function RebalanceDialog({ scope, onClose }: { scope: string | null; onClose(): void }) {
  const [{ fetching }, rebalance] = useMutation(RebalanceRoutingDocument);
  const confirm = async () => {
    const { data, error } = await rebalance({ input: scope === null ? {} : { scope } });
    const result = data?.rebalanceRouting;
    if (result?.__typename === 'RebalanceRoutingSuccess')
      notifications.show({
        message: `Forgotten: ${result.scopes.map(scopeWords).join(', ') || 'nothing was learned there'}. The next decisions begin with the priors.`,
      });
    else notifications.show({ color: 'red', message: refusalText(result, error) });
    onClose();
  };
  return (
    <ConfirmDialog
      title={
        scope === null ? 'Forget everything that was learned?' : `Forget what was learned in ${scopeWords(scope)}?`
      }
      confirmLabel="Rebalance"
      isBusy={fetching}
      onConfirm={confirm}
      onClose={onClose}
    >
      {scope === null ? 'All scopes begin' : `${scopeWords(scope)}, with its classes of task, begins`} again with the
      priors of the catalogue. Late rewards for decisions from before do not bring it back. It cannot be undone, and
      stands in the audit log.
    </ConfirmDialog>
  );
}

function EmptyBeliefs() {
  return (
    <svg width="240" height="80" viewBox="0 0 240 80" aria-hidden="true" fill="none">
      <path d="M10 70h220" stroke="var(--sy-border-strong)" strokeWidth="2" />
      <path
        d="M10 70c60 0 60-26 92-26s32 26 128 26"
        fill="var(--sy-id-1)"
        fillOpacity="0.18"
        stroke="var(--sy-id-1)"
        strokeWidth="2"
      />
      <path
        d="M110 70c26 0 24-60 46-60s20 60 46 60"
        fill="var(--sy-accent)"
        fillOpacity="0.18"
        stroke="var(--sy-accent)"
        strokeWidth="2"
      />
    </svg>
  );
}
