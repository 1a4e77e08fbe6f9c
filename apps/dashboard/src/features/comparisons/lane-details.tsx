'use client';

import { ActionIcon, Indicator, Popover, Tooltip } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { formatCount, formatDuration, formatUsd } from '../../format/number-format.ts';
import { CopyButton } from '../../shell/copy-button.tsx';
import type { LaneRecord } from './comparison-record.ts';
import classes from './lane-details.module.css';

function rowsOf(lane: LaneRecord): [string, string][] {
  const { usage } = lane;
  const count = (value: number | null | undefined) =>
    value === null || value === undefined ? 'not reported' : formatCount(value);
  return [
    ['Model', lane.modelId],
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
        : formatUsd(lane.costUsd),
    ],
  ];
}

/** Everything else about a lane, one press away; a dot says that there are warnings. */
export function LaneDetails({ lane, name }: { lane: LaneRecord; name: string }) {
  const warnings = lane.warnings.length;
  return (
    <Popover position="top-end" width={340} trapFocus>
      <Popover.Target>
        <Tooltip label={warnings > 0 ? `Details, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}` : 'Details'}>
          <Indicator disabled={warnings === 0} color="var(--sy-warn)" size={7} offset={5}>
            <ActionIcon aria-label={`Details of ${name}${warnings > 0 ? `, ${warnings} warnings` : ''}`}>
              <IconInfoCircle size={16} />
            </ActionIcon>
          </Indicator>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Details of ${name}`}>
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
              {lane.providerRequestId ? (
                <CopyButton value={lane.providerRequestId} label="Copy the request id" />
              ) : null}
            </dd>
          </div>
        </dl>
        {warnings > 0 ? (
          <ul className={classes.warnings} aria-label="Warnings">
            {lane.warnings.map(({ type, setting, message }) => (
              <li key={`${type}${setting}${message}`}>
                {setting ? <strong>{setting}: </strong> : null}
                {message}
              </li>
            ))}
          </ul>
        ) : null}
      </Popover.Dropdown>
    </Popover>
  );
}
