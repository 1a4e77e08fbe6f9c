import { Button } from '@mantine/core';
import { IconAlertTriangle, IconRefresh, IconXboxX } from '@tabler/icons-react';
import { formatDuration } from '../../format/number-format.ts';
import type { LaneFieldsFragment } from '../../gql/comparisons.ts';
import { failureTitles } from './failure-titles.ts';
import classes from './lane-failure.module.css';

type Failure = NonNullable<LaneFieldsFragment['failure']>;

/** Below the text that came (never in its place): what failed, in the provider's own words, and what to do. */
export function LaneFailureNotice({
  failure,
  hasText,
  isBlind,
  onRetry,
}: {
  failure: Failure;
  hasText: boolean;
  /** Providers name themselves in their errors: they wait until the vote is cast. */
  isBlind: boolean;
  onRetry: () => void;
}) {
  const facts = [
    failure.kind.toLowerCase().replaceAll('_', '-'),
    failure.providerStatus ? `HTTP ${failure.providerStatus}` : undefined,
    failure.providerCode ?? undefined,
    failure.retryAfterMs ? `retry after ${formatDuration(failure.retryAfterMs)}` : undefined,
  ];
  return (
    <div className={classes.notice} data-tone="bad">
      <p className={classes.title}>
        <IconXboxX size={16} aria-hidden="true" /> {failureTitles[failure.kind]}
      </p>
      {isBlind ? (
        <p className={classes.remedy}>The provider's own words are shown after the vote.</p>
      ) : (
        <>
          <blockquote className={classes.words}>{failure.message}</blockquote>
          <p className={classes.remedy}>{failure.remedy}</p>
        </>
      )}
      {hasText ? <p className={classes.remedy}>The text above is what had arrived; it is not a whole answer.</p> : null}
      {isBlind ? null : <p className={classes.facts}>{facts.filter(Boolean).join(' · ')}</p>}
      <Button size="compact-sm" variant="default" leftSection={<IconRefresh size={14} />} onClick={onRetry}>
        Retry this lane
      </Button>
    </div>
  );
}

export function LaneInterruptedNotice({ onRetry }: { onRetry: () => void }) {
  return (
    <div className={classes.notice} data-tone="warn">
      <p className={classes.title}>
        <IconAlertTriangle size={16} aria-hidden="true" /> Interrupted
      </p>
      <p className={classes.remedy}>The server stopped while this lane was running. What had arrived is kept.</p>
      <Button size="compact-sm" variant="default" leftSection={<IconRefresh size={14} />} onClick={onRetry}>
        Retry this lane
      </Button>
    </div>
  );
}
