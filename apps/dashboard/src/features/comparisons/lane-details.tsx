'use client';

import { ActionIcon, Indicator, Popover, Tooltip } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { formatCount, formatDuration, formatUsd } from '../../format/number-format.ts';
import { CopyButton } from '../../shell/copy-button.tsx';
import type { LaneRecord } from './comparison-record.ts';
import type { ComparisonStore } from './comparison-store.ts';
import classes from './lane-details.module.css';
import { useLane } from './use-comparison.ts';

const LaneWhy = dynamic(() => import('../routing/lane-why.tsx').then((module) => module.LaneWhy), { ssr: false });
const WhyThisModel = dynamic(() => import('../routing/why-this-model.tsx').then((module) => module.WhyThisModel), {
  ssr: false,
});

function rowsOf(lane: LaneRecord): [string, string][] {
  const { usage } = lane;
  const count = (value: number | null | undefined) =>
    value === null || value === undefined ? 'not reported' : formatCount(value);
  return [
    ['Model', lane.modelId],
    ...(lane.answeredModelId ? [['Answered by', lane.answeredModelId] as [string, string]] : []),
    ['Served by', lane.servedModel ?? 'not reported'],
    [
      'Finish reason',
      lane.finishReason
        ? `${lane.finishReason.toLowerCase().replaceAll('_', ' ')}${lane.rawFinishReason ? ` (${lane.rawFinishReason})` : ''}`
        : '—',
    ],
    ['Run of this lane', String(lane.attempt)],
    ['Retries', String(lane.retries)],
    ['First token', lane.timeToFirstTokenMs === null ? '—' : formatDuration(lane.timeToFirstTokenMs)],
    ['Total', lane.latencyMs === null ? '—' : formatDuration(lane.latencyMs)],
    [
      'Input tokens',
      `${count(usage?.inputTokens)}${usage?.cachedInputTokens ? `, ${formatCount(usage.cachedInputTokens)} cached` : ''}`,
    ],
    [
      'Output tokens',
      `${count(usage?.outputTokens)}${usage?.reasoningTokens ? `, ${formatCount(usage.reasoningTokens)} reasoning` : ''}`,
    ],
    [
      'Cost',
      lane.costUsd === null
        ? `unknown${lane.costUnknownReason ? `: ${lane.costUnknownReason}` : ''}`
        : `${formatUsd(lane.costUsd)}${lane.isCostEstimated ? ' (estimated from what was sent and received)' : ''}`,
    ],
  ];
}

interface Props {
  store: ComparisonStore;
  laneId: string;
  name: string;
  warningCount: number;
}

/** Everything else about a lane, one press away; a dot says that there are warnings. */
export function LaneDetails({ store, laneId, name, warningCount }: Props) {
  const words = warningCount === 0 ? '' : `, ${warningCount} ${warningCount === 1 ? 'warning' : 'warnings'}`;
  const [isOpen, setOpen] = useState(false);
  const [asksWhy, setAsksWhy] = useState(false);
  return (
    <>
      <Popover position="top-end" width={340} trapFocus opened={isOpen} onChange={setOpen}>
        <Popover.Target>
          <Tooltip label={`Details${words}`}>
            <Indicator disabled={warningCount === 0} color="var(--sy-warn)" size={7} offset={5}>
              <ActionIcon aria-label={`Details of ${name}${words}`} onClick={() => setOpen(!isOpen)}>
                <IconInfoCircle size={16} />
              </ActionIcon>
            </Indicator>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown aria-label={`Details of ${name}`}>
          <DetailsList store={store} laneId={laneId} />
          {isOpen ? (
            <LaneWhy
              laneId={laneId}
              name={name}
              onMore={() => {
                setOpen(false);
                setAsksWhy(true);
              }}
            />
          ) : null}
        </Popover.Dropdown>
      </Popover>
      {asksWhy ? <WhyThisModel laneId={laneId} name={name} onClose={() => setAsksWhy(false)} /> : null}
    </>
  );
}

function DetailsList({ store, laneId }: { store: ComparisonStore; laneId: string }) {
  const lane = useLane(store, laneId);
  return (
    <>
      <dl className={classes.rows}>
        {rowsOf(lane).map(([term, value]) => (
          <div key={term} className={classes.row}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div className={classes.row}>
          <dt>Request id</dt>
          <dd className={classes.id}>
            {lane.providerRequestId ?? 'not reported'}
            {lane.providerRequestId ? <CopyButton value={lane.providerRequestId} label="Copy the request id" /> : null}
          </dd>
        </div>
      </dl>
      {lane.warnings.length > 0 ? (
        <ul className={classes.warnings} aria-label="Warnings">
          {lane.warnings.map(({ type, setting, message }) => (
            <li key={`${type}${setting}${message}`}>
              {setting ? <strong>{setting}: </strong> : null}
              {message}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
