'use client';

import { Button, Drawer, Select, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { formatAge, formatMoment } from '../../format/date-format.ts';
import { formatDuration, formatUsd } from '../../format/number-format.ts';
import { RouteDecisionDocument, RouteDecisionsDocument, type RoutingStrategy } from '../../gql/routing.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { useAddressState } from '../../shell/use-address-state.ts';
import { useNow } from '../../shell/use-now.ts';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import classes from './decisions-tab.module.css';
import { PlanView } from './plan-view.tsx';
import { ReplayDecision } from './replay-decision.tsx';
import { strategyChoices, strategyLabel } from './strategy-words.ts';

const pageSize = 20;

/** Why requests went where they went, newest first; each opens with all its reasons. */
export function DecisionsTab() {
  const [address, change] = useAddressState();
  const [first, setFirst] = useState(pageSize);
  const now = useNow(true, 10_000);
  const strategy = (address.get('strategy') as RoutingStrategy | null) ?? null;
  const [{ data, error, fetching }, reload] = useQuery({
    query: RouteDecisionsDocument,
    variables: { first, ...(strategy ? { filter: { strategy } } : {}) },
    requestPolicy: 'cache-and-network',
  });
  const list = data?.routeDecisions;
  const openId = address.get('decision');
  if (error && !list) return <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} />;
  if (!list) return <Skeleton h={300} radius={12} />;
  return (
    <div className={classes.tab}>
      <div className={classes.filters}>
        <Select
          aria-label="Strategy"
          placeholder="Every strategy"
          clearable
          data={strategyChoices.map(({ value, label }) => ({ value, label }))}
          value={strategy}
          w={200}
          onChange={(value) => change({ strategy: value })}
        />
        <Button variant="default" loading={fetching} onClick={() => reload({ requestPolicy: 'network-only' })}>
          Look again
        </Button>
      </div>
      {list.edges.length === 0 ? (
        <EmptyState
          title="No decisions yet"
          action={
            <Button component={AppLink} href="/compare?models=auto" variant="default">
              Compare with auto
            </Button>
          }
        >
          Each time the router chooses, it notes why: rules, candidates with their scores, and who was rejected. Ask for
          the model auto, in a comparison or from your app.
        </EmptyState>
      ) : (
        <ul className={classes.list}>
          {list.edges.map(({ node }) => (
            <li key={node.id}>
              <button
                type="button"
                className={classes.decision}
                aria-label={`Why ${node.chosenModelId}, ${formatMoment(node.decidedAt)}`}
                onClick={() => change({ decision: node.id })}
              >
                <span className={classes.head}>
                  <span className={classes.asked}>{node.requestedName} →</span>
                  <ModelGlyph mark={markOf(node.chosenModelId)} size={12} />
                  <strong>{node.chosenModelId}</strong>
                  {node.servedModelId && node.servedModelId !== node.chosenModelId ? (
                    <span className={classes.badge} data-tone="warn">
                      answered by {node.servedModelId}
                    </span>
                  ) : null}
                  <span className={classes.badge}>{strategyLabel(node.strategy)}</span>
                  {node.outcome && node.outcome !== 'succeeded' ? (
                    <span className={classes.badge} data-tone="bad">
                      {node.outcome}
                    </span>
                  ) : null}
                </span>
                <span className={classes.sentence}>{node.explanation}</span>
                <span className={classes.meta}>
                  {formatAge(node.decidedAt, now)}
                  {node.latencyMs === null ? '' : ` · ${formatDuration(node.latencyMs)}`}
                  {node.costUsd === null ? '' : ` · ${formatUsd(node.costUsd)}`}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {list.pageInfo.hasNextPage && first < 100 ? (
        <div>
          <Button
            variant="default"
            loading={fetching}
            onClick={() => setFirst((known) => Math.min(100, known + pageSize))}
          >
            Show more of {list.totalCount}
          </Button>
        </div>
      ) : null}
      {openId ? <DecisionDrawer id={openId} onClose={() => change({ decision: null })} /> : null}
    </div>
  );
}

function DecisionDrawer({ id, onClose }: { id: string; onClose(): void }) {
  const [{ data, error }, reload] = useQuery({
    query: RouteDecisionDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  const decision = data?.node?.__typename === 'RouteDecision' ? data.node : undefined;
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={720}
      title="Why this model"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {error && !decision ? <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} /> : null}
      {data && !decision && !error ? (
        <p className={classes.meta}>This decision is not kept any more: decisions stay for 30 days.</p>
      ) : null}
      {data || error ? null : <Skeleton h={300} radius={12} />}
      {decision ? (
        <div className={classes.open}>
          <p className={classes.meta}>
            {formatMoment(decision.decidedAt)} · asked for {decision.requestedName} ·{' '}
            {decision.outcome ?? 'not ended yet'}
          </p>
          <PlanView plan={decision.plan} />
          <ReplayDecision key={decision.id} decisionId={decision.id} />
          {decision.rewards.length > 0 ? (
            <section>
              <h3 className={classes.title}>What was said of the answer</h3>
              <ul className={classes.rewards}>
                {decision.rewards.map(({ judge, quality, comment }) => (
                  <li key={judge}>
                    <strong>{quality.toFixed(2)}</strong> {judge}
                    {comment ? `: “${comment}”` : ''}
                  </li>
                ))}
              </ul>
            </section>
          ) : null}
        </div>
      ) : null}
    </Drawer>
  );
}
