'use client';

import { Button, Skeleton } from '@mantine/core';
import { IconSitemap } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useQuery } from 'urql';
import { formatAge } from '../../format/date-format.ts';
import { formatUsd } from '../../format/number-format.ts';
import { HomeRunsDocument } from '../../gql/home.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import { RunStateBadge } from '../runs/run-badges.tsx';
import { isEnded } from '../runs/run-record.ts';
import { costWords, runTitle } from '../runs/run-words.ts';
import classes from './home-page.module.css';

const restMs = 20_000;
const busyMs = 3_000;

/** The last runs of workflows; looked at more often while one is under way. */
export function RecentRuns() {
  const [{ data, error }, refetch] = useQuery({ query: HomeRunsDocument, requestPolicy: 'cache-and-network' });
  const isBusy = data?.runs.edges.some(({ node }) => !isEnded(node.state)) === true;
  useEffect(() => {
    const timer = setInterval(
      () => !document.hidden && refetch({ requestPolicy: 'network-only' }),
      isBusy ? busyMs : restMs,
    );
    return () => clearInterval(timer);
  }, [isBusy, refetch]);
  if (error && !data)
    return (
      <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
    );
  if (!data) return <Skeleton h={160} radius={12} aria-busy="true" />;
  const { totalCount, edges } = data.runs;
  return (
    <section className={classes.widget} aria-labelledby="recent-runs">
      <div className={classes.head}>
        <h2 id="recent-runs">Recent runs</h2>
        {totalCount > 0 ? <AppLink href="/runs">All {totalCount}</AppLink> : null}
      </div>
      {edges.length === 0 ? (
        <p className={classes.quiet}>
          <span>Workflows that survive failures.</span>
          <Button
            component={AppLink}
            href="/workflows"
            size="xs"
            variant="default"
            leftSection={<IconSitemap size={14} />}
          >
            Open the workflows
          </Button>
        </p>
      ) : (
        <ul className={classes.rows}>
          {edges.map(({ node }) => (
            <li key={node.id}>
              <span className={classes.rowTitle}>
                <AppLink href={`/runs?id=${encodeURIComponent(node.id)}`}>{runTitle(node)}</AppLink>
              </span>
              {node.origin ? <OriginBadge origin={node.origin} isCompact /> : null}
              <RunStateBadge state={node.state} />
              <span className={classes.rowCost}>{costWords(node, formatUsd)}</span>
              <time dateTime={node.createdAt}>{formatAge(node.createdAt, Date.now())}</time>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
