'use client';

import { Button, Skeleton } from '@mantine/core';
import { IconPlus, IconRouteAltLeft } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { FailoverPlansDocument } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { FailoverActivity } from './failover-activity.tsx';
import { FailoverPlanCard } from './failover-plan-card.tsx';
import classes from './failover-tab.module.css';
import type { Plan } from './failover-words.ts';
import { onHealthChanged } from './health-signal.ts';
import type { ProviderCondition } from './merge-conditions.ts';
import { RehearsalSection } from './rehearsal-section.tsx';

const FailoverPlanDrawer = dynamic(
  () => import('./failover-plan-drawer.tsx').then((module) => module.FailoverPlanDrawer),
  { ssr: false },
);

const refreshMs = 10_000;

interface Props {
  mayManage: boolean;
  providers: readonly ProviderCondition[] | undefined;
}

/** Who stands in for whom and when, what is passed over now, and how often that happened. */
export function FailoverTab({ mayManage, providers }: Props) {
  const [{ data, error }, refetch] = useQuery({ query: FailoverPlansDocument, requestPolicy: 'cache-and-network' });
  /** The plan in the drawer; null: a new one. */
  const [edited, setEdited] = useState<Plan | null>();
  const reload = () => refetch({ requestPolicy: 'network-only' });
  useEffect(() => {
    const look = () => refetch({ requestPolicy: 'network-only' });
    const stop = onHealthChanged(({ what }) => what !== 'maintenance' && look());
    const timer = setInterval(() => !document.hidden && look(), refreshMs);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [refetch]);
  if (error && !data) return <FailureNotice failure={describeFailure(error)} onRetry={reload} />;
  const plans = data?.failoverPlans;
  const make = (
    <Button size="xs" disabled={!mayManage} leftSection={<IconPlus size={15} />} onClick={() => setEdited(null)}>
      Make a plan
    </Button>
  );
  return (
    <div className={classes.list}>
      <section className={classes.section} aria-labelledby="failover-plans">
        <header className={classes.head}>
          <div>
            <h2 id="failover-plans">Plans</h2>
            <p>
              Who stands in when a model fails, and when it is passed over without being asked. The narrowest plan that
              fits a call holds.
            </p>
          </div>
          {plans && plans.length > 0 ? make : null}
        </header>
        {mayManage ? null : (
          <p className={classes.quiet}>Your access role looks on: admins and owners make and change plans.</p>
        )}
        {!plans && !error ? <Skeleton h={180} radius={12} aria-busy="true" /> : null}
        {plans?.length === 0 ? (
          <EmptyState
            picture={<IconRouteAltLeft size={32} stroke={1.4} color="var(--sy-muted)" aria-hidden="true" />}
            title="No plan yet"
            action={make}
          >
            Without one a call has the fallbacks that it names itself, or those of a chain. A plan gives all calls of
            the team, a role or a workflow somebody who stands in.
          </EmptyState>
        ) : null}
        {plans && plans.length > 0 ? (
          <ul className={classes.plans}>
            {plans.map((plan) => (
              <li key={plan.id}>
                <FailoverPlanCard plan={plan} mayManage={mayManage} onEdit={() => setEdited(plan)} onChanged={reload} />
              </li>
            ))}
          </ul>
        ) : null}
      </section>
      <RehearsalSection providers={providers} />
      <FailoverActivity />
      {edited === undefined ? null : (
        <FailoverPlanDrawer plan={edited ?? undefined} onClose={() => setEdited(undefined)} onSaved={reload} />
      )}
    </div>
  );
}
