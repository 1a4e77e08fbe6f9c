'use client';

import { Button, Skeleton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useQuery } from 'urql';
import { HomeListsDocument } from '../../gql/home.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { onAlertsChanged } from '../alerts/alert-signal.ts';
import { FirstSteps } from './first-steps.tsx';
import classes from './home-page.module.css';
import { LatestComparisons } from './latest-comparisons.tsx';
import { OpenAlerts } from './open-alerts.tsx';
import { ProviderStrip } from './provider-strip.tsx';
import { RecentRuns } from './recent-runs.tsx';
import { SpendWidget } from './spend-widget.tsx';
import { TodayWidget } from './today-widget.tsx';

/** What a team wants to know at a look: how providers are, today's calls and money, what needs attention, what runs. */
export function HomePage() {
  const [{ data, error }, refetch] = useQuery({ query: HomeListsDocument, requestPolicy: 'cache-and-network' });
  useEffect(() => onAlertsChanged(() => refetch({ requestPolicy: 'network-only' })), [refetch]);
  return (
    <>
      <PageHeader
        title="Overview"
        description="How providers are, today's calls and money, what needs attention, and what runs."
        actions={
          <Button component={AppLink} href="/compare" leftSection={<IconPlus size={16} />}>
            New comparison
          </Button>
        }
      />
      {error && !data ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
      ) : null}
      <div className={classes.top}>
        <ProviderStrip />
        <TodayWidget />
      </div>
      <div className={classes.grid}>
        <div className={classes.side}>
          <SpendWidget />
          <RecentRuns />
        </div>
        <div className={classes.side}>
          <FirstSteps />
          {data ? <OpenAlerts notifications={data.notifications} /> : <Skeleton h={120} radius={12} />}
          {data ? <LatestComparisons comparisons={data.comparisons} /> : <Skeleton h={160} radius={12} />}
        </div>
      </div>
    </>
  );
}
