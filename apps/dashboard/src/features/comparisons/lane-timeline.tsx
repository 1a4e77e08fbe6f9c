'use client';

import { Popover, UnstyledButton } from '@mantine/core';
import {
  IconArrowForwardUp,
  IconArrowsSplit2,
  IconCheck,
  IconChevronDown,
  IconClockPause,
  IconEraser,
  IconPlugConnectedX,
  IconRoute,
  IconX,
} from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { memo, useState } from 'react';
import { useNow } from '../../shell/use-now.ts';
import type { LaneRecord, TimelineEntry } from './comparison-record.ts';
import type { ComparisonStore } from './comparison-store.ts';
import classes from './lane-timeline.module.css';
import { isEventful, type NameOf, pendingRetry, stripWords } from './timeline-words.ts';

const TimelinePanel = dynamic(() => import('./timeline-panel.tsx').then((module) => module.TimelinePanel), {
  ssr: false,
});

const signs = {
  ROUTE_DECIDED: { icon: IconRoute, tone: 'info' },
  ATTEMPT_FAILED: { icon: IconX, tone: 'bad' },
  RETRY_SCHEDULED: { icon: IconClockPause, tone: 'warn' },
  FAILOVER_HAPPENED: { icon: IconArrowForwardUp, tone: 'info' },
  CIRCUIT_CHANGED: { icon: IconPlugConnectedX, tone: 'bad' },
  CANDIDATE_SKIPPED: { icon: IconArrowForwardUp, tone: 'warn' },
  HEDGE_STARTED: { icon: IconArrowsSplit2, tone: 'info' },
  OUTPUT_VOIDED: { icon: IconEraser, tone: 'warn' },
} as const;
const mostSigns = 6;

interface Props {
  store: ComparisonStore;
  lane: LaneRecord;
  /** How the lane is called, for those who do not see which lane this is in. */
  name: string;
  nameOf: NameOf;
  isBlind: boolean;
}

/**
 * What happened on the way to the answer, in one line that opens the whole. Draws nothing for a call that went well at once; in a blind
 * vote only that the lane waits.
 */
export const LaneTimeline = memo(function LaneTimeline({ store, lane, name, nameOf, isBlind }: Props) {
  const [isOpen, setOpen] = useState(false);
  const isRunning = lane.state === 'RUNNING';
  const isReplay = store.replayMs !== null;
  const now = useNow(isRunning && !isReplay && isEventful(lane), 100);
  if (!isEventful(lane)) return null;
  const momentMs = store.momentOf(lane, now);
  const isWaiting = pendingRetry(lane, momentMs) !== null;
  if (isBlind) {
    return isWaiting ? (
      <p className={classes.strip} data-tone="warn">
        <span className={classes.words}>A try failed; waiting before the next one</span>
      </p>
    ) : null;
  }
  return (
    <Popover position="bottom-start" width={460} trapFocus opened={isOpen} onChange={setOpen}>
      <Popover.Target>
        <UnstyledButton
          className={classes.strip}
          data-tone={isWaiting ? 'warn' : undefined}
          onClick={() => setOpen(!isOpen)}
        >
          <Signs timeline={lane.timeline} hasAnswer={lane.state === 'COMPLETED'} />
          <span className={classes.words}>{stripWords(lane, nameOf, momentMs)}</span>
          <span className="visually-hidden">, timeline of {name}</span>
          <IconChevronDown className={classes.chevron} size={15} aria-hidden="true" />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.panel} aria-label={`Timeline of ${name}`} tabIndex={0} data-autofocus>
        {isOpen ? <TimelinePanel lane={lane} nowMs={momentMs} nameOf={nameOf} /> : null}
      </Popover.Dropdown>
    </Popover>
  );
});

function Signs({ timeline, hasAnswer }: { timeline: readonly TimelineEntry[]; hasAnswer: boolean }) {
  const shown = timeline.flatMap((entry, index) => {
    const sign = signs[entry.kind as keyof typeof signs];
    return sign ? [{ key: `${entry.kind}${index}`, ...sign }] : [];
  });
  return (
    <span className={classes.signs} aria-hidden="true">
      {shown.length > mostSigns ? <span className={classes.more}>…</span> : null}
      {shown.slice(-mostSigns).map(({ key, icon: Icon, tone }) => (
        <Icon key={key} size={13} stroke={2.4} data-tone={tone} />
      ))}
      {hasAnswer ? <IconCheck size={13} stroke={2.6} data-tone="good" /> : null}
    </span>
  );
}
