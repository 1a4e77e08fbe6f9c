'use client';

import { Button, Drawer, Select, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { formatDayAndClock } from '../../format/date-format.ts';
import { formatCount, formatDuration, formatUsd } from '../../format/number-format.ts';
import { type CallOutcome, ReportCallsDocument } from '../../gql/reports.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { type DimensionFilter, toFilterInput } from './report-filters.ts';
import type { ReportRange } from './report-range.ts';
import classes from './reports.module.css';

const outcomes = [
  { value: 'SUCCEEDED', label: 'Succeeded' },
  { value: 'FAILED', label: 'Failed' },
  { value: 'CANCELLED', label: 'Stopped' },
];
const outcomeWords: Record<CallOutcome, string> = { SUCCEEDED: 'succeeded', FAILED: 'failed', CANCELLED: 'stopped' };

interface Props {
  range: ReportRange;
  origin: 'LIVE' | 'SIMULATED';
  filters: readonly DimensionFilter[];
  title: string;
  onClose: () => void;
}

/** The calls that a figure counts; each leads to its run or comparison. */
export function CallsDrawer({ range, origin, filters, title, onClose }: Props) {
  const [outcome, setOutcome] = useState<CallOutcome | null>(null);
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const after = cursors.at(-1);
  const filter = toFilterInput(filters);
  const [{ data, error }, retry] = useQuery({
    query: ReportCallsDocument,
    variables: {
      ...{ from: range.from, to: range.to, origin },
      ...(filter ? { filter } : {}),
      ...(outcome ? { outcomes: [outcome] } : {}),
      ...(after ? { after } : {}),
    },
    requestPolicy: 'cache-and-network',
  });
  const list = data?.callRecords;
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={`Calls: ${title}`}>
      <div className={classes.drawerHead}>
        <Select
          aria-label="How they ended"
          placeholder="Any end"
          clearable
          w={150}
          data={outcomes}
          value={outcome}
          onChange={(value) => {
            setOutcome(value as CallOutcome | null);
            setCursors([]);
          }}
        />
        {list ? (
          <span>
            {formatCount(list.totalCount)} in {range.words}
          </span>
        ) : null}
      </div>
      {error && !data ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => retry({ requestPolicy: 'network-only' })} />
      ) : null}
      {!list && !error ? <Skeleton h={240} radius={12} /> : null}
      {list && list.edges.length === 0 ? (
        <p className={classes.quiet}>
          {list.totalCount > 0 ? 'The records of these calls are no longer kept; their figures are.' : 'No calls.'}
        </p>
      ) : null}
      {list ? (
        <ul className={classes.calls}>
          {list.edges.map(({ node }) => (
            <li key={node.id} data-outcome={node.outcome}>
              <span className={classes.callTitle}>
                {node.runId ? (
                  <AppLink href={`/runs?id=${encodeURIComponent(node.runId)}`}>{node.model}</AppLink>
                ) : node.comparisonId ? (
                  <AppLink href={`/compare?id=${encodeURIComponent(node.comparisonId)}`}>{node.model}</AppLink>
                ) : (
                  node.model
                )}
              </span>
              <span>{outcomeWords[node.outcome]}</span>
              <span className={classes.callFigures}>
                {formatDuration(node.latencyMs)} · {node.costUsd === null ? 'cost unknown' : formatUsd(node.costUsd)}
              </span>
              <span className={classes.callNote}>
                {formatDayAndClock(node.startedAt)}
                {node.step ? `, step ${node.step}` : ''}
                {node.errorMessage ? `: ${node.errorMessage}` : ''}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {list && (list.pageInfo.hasNextPage || cursors.length > 0) ? (
        <div className={classes.drawerPages}>
          <Button
            variant="default"
            size="xs"
            disabled={cursors.length === 0}
            onClick={() => setCursors(cursors.slice(0, -1))}
          >
            Newer
          </Button>
          <Button
            variant="default"
            size="xs"
            disabled={!list.pageInfo.hasNextPage}
            onClick={() => list.pageInfo.endCursor && setCursors([...cursors, list.pageInfo.endCursor])}
          >
            Older
          </Button>
        </div>
      ) : null}
    </Drawer>
  );
}
