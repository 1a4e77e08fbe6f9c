import { Button } from '@mantine/core';
import { IconAlertTriangle, IconRefresh, IconXboxX } from '@tabler/icons-react';
import { formatDuration } from '../../format/number-format.ts';
import type { LaneFieldsFragment, ProviderErrorKind } from '../../gql/comparisons.ts';
import classes from './lane-failure.module.css';

const kinds: Record<ProviderErrorKind, string> = {
  AUTH: 'The key was not accepted',
  QUOTA: 'The quota is used up',
  RATE_LIMIT: 'Rate limit reached',
  OVERLOADED: 'The provider is overloaded',
  SERVER: 'The provider failed',
  TIMEOUT: 'No answer in time',
  NETWORK: 'The connection was lost',
  INVALID_REQUEST: 'The provider refused the request',
  CONTEXT_LENGTH: 'The prompt is too long for this model',
  CONTENT_FILTER: 'Refused by the content policy',
  MODEL_NOT_FOUND: 'The provider does not know this model',
  INVALID_RESPONSE: 'The stream was malformed',
  CANCELLED: 'The call was cancelled',
};

type Failure = NonNullable<LaneFieldsFragment['failure']>;

/** Below the text that came (never in its place): what failed, in the provider's own words, and what to do. */
export function LaneFailureNotice({
  failure,
  hasText,
  onRetry,
}: {
  failure: Failure;
  hasText: boolean;
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
        <IconXboxX size={16} aria-hidden="true" /> {kinds[failure.kind]}
      </p>
      <blockquote className={classes.words}>{failure.message}</blockquote>
      <p className={classes.remedy}>{failure.remedy}</p>
      {hasText ? <p className={classes.remedy}>The text above is what had arrived; it is not a whole answer.</p> : null}
      <p className={classes.facts}>{facts.filter(Boolean).join(' · ')}</p>
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
