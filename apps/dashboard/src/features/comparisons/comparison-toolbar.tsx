'use client';

import { Button, Menu, SegmentedControl, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import {
  IconCheck,
  IconCode,
  IconDownload,
  IconEyeOff,
  IconFileDiff,
  IconLink,
  IconPlayerStopFilled,
  IconPlugConnectedX,
  IconPlus,
} from '@tabler/icons-react';
import { formatUsd } from '../../format/number-format.ts';
import type { ComparisonSummary } from './comparison-store.ts';
import classes from './comparison-toolbar.module.css';
import type { ExportFormat } from './export-comparison.ts';

interface Props {
  summary: ComparisonSummary;
  isReconnecting: boolean;
  isRaw: boolean;
  isBlind: boolean;
  canBlind: boolean;
  onRaw(isRaw: boolean): void;
  onBlind(isBlind: boolean): void;
  onStopAll(): void;
  onNew(): void;
  onDiff(): void;
  onCode(): void;
  onExport(format: ExportFormat): void;
}

const count = (summary: ComparisonSummary, ...states: string[]) =>
  summary.laneStates.filter((state) => states.includes(state)).length;

function statusOf(summary: ComparisonSummary): string {
  const lanes = summary.laneStates.length;
  const open = count(summary, 'RUNNING', 'QUEUED');
  if (open > 0) return `${lanes - open} of ${lanes} lanes done`;
  const parts = [
    [count(summary, 'COMPLETED'), 'complete'],
    [count(summary, 'FAILED'), 'failed'],
    [count(summary, 'STOPPED'), 'stopped'],
    [count(summary, 'INTERRUPTED'), 'interrupted'],
  ] as const;
  return parts.flatMap(([number, word]) => (number > 0 ? [`${number} ${word}`] : [])).join(', ');
}

/** One line above the lanes: how the whole stands, and what can be done with it. */
export function ComparisonToolbar({
  summary,
  isReconnecting,
  isRaw,
  isBlind,
  canBlind,
  onRaw,
  onBlind,
  onStopAll,
  onNew,
  onDiff,
  onCode,
  onExport,
}: Props) {
  const clipboard = useClipboard({ timeout: 1500 });
  const isRunning = summary.state === 'RUNNING';
  return (
    <div className={classes.bar}>
      <p className={classes.status}>
        <span>{statusOf(summary)}</span>
        {isRunning || isBlind ? null : (
          <span className={classes.cost}>
            {summary.totalCostUsd === null ? 'total cost unknown' : `${formatUsd(summary.totalCostUsd)} in all`}
          </span>
        )}
        {isReconnecting ? (
          <span className={classes.reconnecting} role="status">
            <IconPlugConnectedX size={14} aria-hidden="true" /> reconnecting…
          </span>
        ) : null}
      </p>
      <div className={classes.tools}>
        {isRunning ? (
          <Button
            variant="default"
            size="compact-sm"
            className={classes.tool}
            leftSection={<IconPlayerStopFilled size={14} />}
            onClick={onStopAll}
          >
            Stop all
          </Button>
        ) : null}
        <SegmentedControl
          size="xs"
          aria-label="Show answers as"
          data={[
            { value: 'markdown', label: 'Formatted' },
            { value: 'raw', label: 'Raw' },
          ]}
          value={isRaw ? 'raw' : 'markdown'}
          onChange={(value) => onRaw(value === 'raw')}
        />
        {canBlind ? (
          <Tooltip label={isBlind ? 'Show the names' : 'Hide names and order, vote, then reveal'}>
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              className={classes.tool}
              aria-pressed={isBlind}
              leftSection={<IconEyeOff size={15} />}
              onClick={() => onBlind(!isBlind)}
            >
              Blind
            </Button>
          </Tooltip>
        ) : null}
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          className={classes.tool}
          leftSection={<IconFileDiff size={15} />}
          onClick={onDiff}
        >
          Diff
        </Button>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          className={classes.tool}
          leftSection={clipboard.copied ? <IconCheck size={15} /> : <IconLink size={15} />}
          onClick={() => clipboard.copy(location.href)}
        >
          {clipboard.copied ? 'Copied' : 'Link'}
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              className={classes.tool}
              leftSection={<IconDownload size={15} />}
            >
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onExport('json')}>JSON</Menu.Item>
            <Menu.Item onClick={() => onExport('csv')}>CSV</Menu.Item>
            <Menu.Item onClick={() => onExport('markdown')}>Markdown</Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          className={classes.tool}
          leftSection={<IconCode size={15} />}
          onClick={onCode}
        >
          Code
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          className={classes.tool}
          leftSection={<IconPlus size={15} />}
          onClick={onNew}
          ml={6}
        >
          New
        </Button>
      </div>
    </div>
  );
}
