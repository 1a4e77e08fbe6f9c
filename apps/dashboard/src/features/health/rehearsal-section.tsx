'use client';

import { Button, Skeleton } from '@mantine/core';
import { IconFlame } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { RehearsalsDocument } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import classes from './failover-tab.module.css';
import { onHealthChanged } from './health-signal.ts';
import type { ProviderCondition } from './merge-conditions.ts';
import { RehearsalCard } from './rehearsal-card.tsx';
import { useMayRun } from './use-may-run.ts';

const RehearsalDialog = dynamic(() => import('./rehearsal-dialog.tsx').then((module) => module.RehearsalDialog), {
  ssr: false,
});

const shown = 10;
const busyMs = 2_000;
const restMs = 20_000;

/** Breaks a provider on purpose to see what would happen, and tells what did. */
export function RehearsalSection({ providers }: { providers: readonly ProviderCondition[] | undefined }) {
  const [{ data, error }, refetch] = useQuery({
    query: RehearsalsDocument,
    variables: { first: shown },
    requestPolicy: 'cache-and-network',
  });
  const [isAsking, setAsking] = useState(false);
  const mayRun = useMayRun();
  const rehearsals = data?.failureRehearsals.edges.map(({ node }) => node);
  const isBusy = rehearsals?.some(({ state }) => state === 'RUNNING') === true;
  const reload = () => refetch({ requestPolicy: 'network-only' });
  useEffect(() => {
    const look = () => refetch({ requestPolicy: 'network-only' });
    const stop = onHealthChanged(({ what }) => (what === 'rehearsal' || what === 'resumed') && look());
    const timer = setInterval(() => !document.hidden && look(), isBusy ? busyMs : restMs);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [isBusy, refetch]);
  return (
    <section className={classes.section} aria-labelledby="rehearsals">
      <header className={classes.head}>
        <div>
          <h2 id="rehearsals">Rehearsals</h2>
          <p>
            Breaks a simulated provider for a moment, or fails test calls to a real one, and reports how soon it was
            noticed, who stood in and what it cost. It is always restored, and counts in no uptime.
          </p>
        </div>
        <Button
          size="xs"
          variant="default"
          disabled={!mayRun || !providers}
          leftSection={<IconFlame size={15} />}
          onClick={() => setAsking(true)}
        >
          Rehearse a failure
        </Button>
      </header>
      {error && !data ? <FailureNotice failure={describeFailure(error)} onRetry={reload} /> : null}
      {!data && !error ? <Skeleton h={90} radius={12} aria-busy="true" /> : null}
      {rehearsals?.length === 0 ? (
        <p className={classes.quiet}>
          {mayRun
            ? 'None so far. A rehearsal takes about a minute.'
            : 'None so far. Your access role looks on: developers rehearse with real providers, admins also break simulated ones.'}
        </p>
      ) : null}
      {rehearsals && rehearsals.length > 0 ? (
        <ul className={classes.plans} aria-label="Rehearsals, the newest first">
          {rehearsals.map((rehearsal, index) => (
            <li key={rehearsal.id}>
              <RehearsalCard rehearsal={rehearsal} isFirst={index === 0} mayRun={mayRun} onChanged={reload} />
            </li>
          ))}
        </ul>
      ) : null}
      {isAsking && providers ? (
        <RehearsalDialog providers={providers} onClose={() => setAsking(false)} onStarted={reload} />
      ) : null}
    </section>
  );
}
