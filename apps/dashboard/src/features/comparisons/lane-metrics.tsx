'use client';

import { Tooltip } from '@mantine/core';
import { memo } from 'react';
import { formatCount, formatDuration, formatUsd } from '../../format/number-format.ts';
import { useNow } from '../../shell/use-now.ts';
import type { LaneRecord } from './comparison-record.ts';
import type { ComparisonStore } from './comparison-store.ts';
import { type LaneFigures, laneFigures } from './lane-figures.ts';
import classes from './lane-metrics.module.css';

function Figure({
  label,
  value,
  hint,
  isSoft = false,
}: {
  label: string;
  value: string;
  hint?: string;
  isSoft?: boolean;
}) {
  const body = (
    <dd className={classes.value} data-soft={isSoft || undefined} {...(hint ? { tabIndex: 0, 'data-hint': true } : {})}>
      {value}
    </dd>
  );
  return (
    <div className={classes.figure}>
      <dt className={classes.label}>{label}</dt>
      {hint ? (
        <Tooltip label={hint} multiline maw={260}>
          {body}
        </Tooltip>
      ) : (
        body
      )}
    </div>
  );
}

interface Props {
  laneId: string;
  store: ComparisonStore;
  /** These draw the figures again at once; between them the clock does, five times a second. */
  state: LaneRecord['state'];
  hasFirstToken: boolean;
  shown: LaneRecord | null;
}

/** Five figures in places that are kept from the start, so nothing moves while they fill. */
export const LaneMetrics = memo(function LaneMetrics({ laneId, state, store, hasFirstToken }: Props) {
  const isOpen = state === 'RUNNING';
  const isReplay = store.replayMs !== null;
  const now = useNow(isOpen && !isReplay, 200);
  const lane = store.lane(laneId);
  const figures = laneFigures(lane, store.momentOf(lane, now));
  const isDone = state !== 'RUNNING' && state !== 'QUEUED';
  const { inputTokens, outputTokens, areTokensEstimated: isRough } = figures;
  const rough = isRough ? '~' : '';
  return (
    <dl className={classes.figures}>
      <Figure
        label="First token"
        value={figures.timeToFirstTokenMs === null ? '—' : formatDuration(figures.timeToFirstTokenMs)}
        isSoft={isOpen && !hasFirstToken}
      />
      <Figure label="Total" value={figures.totalMs === null ? '—' : formatDuration(figures.totalMs)} />
      <Figure
        label="Tokens out"
        value={outputTokens === null ? '—' : `${rough}${formatCount(outputTokens)}`}
        // A tooltip costs more to draw than all figures together, so there is none while they change.
        hint={isOpen || isRough ? undefined : usageHint(lane, inputTokens)}
        isSoft={isRough}
      />
      <Figure
        label="Tokens/s"
        value={figures.tokensPerSecond === null ? '—' : `${isOpen ? '~' : ''}${figures.tokensPerSecond.toFixed(1)}`}
        isSoft={isOpen}
      />
      <Figure
        label="Cost"
        value={costText(figures, isDone)}
        hint={
          figures.costUsd === null && isDone
            ? (figures.costUnknownReason ?? 'The provider did not report the usage')
            : figures.isCostEstimated
              ? 'Estimated from what was sent and received: the provider did not report all of the usage'
              : undefined
        }
        isSoft={figures.costUsd === null}
      />
    </dl>
  );
});

function costText({ costUsd, isCostEstimated }: LaneFigures, isDone: boolean): string {
  if (costUsd === null) return isDone ? 'unknown' : '—';
  return `${isCostEstimated ? '≈ ' : ''}${formatUsd(costUsd)}`;
}

function usageHint({ usage }: LaneRecord, inputTokens: number | null): string | undefined {
  if (!usage) return undefined;
  const parts = [
    inputTokens === null ? 'input not reported' : `${formatCount(inputTokens)} in`,
    usage.cachedInputTokens ? `${formatCount(usage.cachedInputTokens)} of it cached` : undefined,
    usage.cacheWriteTokens ? `${formatCount(usage.cacheWriteTokens)} written to the cache` : undefined,
    usage.outputTokens === null ? 'output not reported' : `${formatCount(usage.outputTokens)} out`,
    usage.reasoningTokens ? `${formatCount(usage.reasoningTokens)} of it reasoning` : undefined,
  ];
  return parts.filter(Boolean).join(', ');
}
