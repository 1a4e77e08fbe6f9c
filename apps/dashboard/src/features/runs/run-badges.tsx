import { Tooltip } from '@mantine/core';
import {
  IconArrowForwardUp,
  IconBan,
  IconCircle,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconHourglass,
  IconLoader2,
  IconPlayerSkipForward,
  IconShieldDollar,
  IconXboxXFilled,
} from '@tabler/icons-react';
import classes from './run-badges.module.css';
import type { RunState, StepState } from './run-record.ts';
import { runStateWords, stepStateWords, type Tone } from './run-words.ts';

const icons = {
  idle: IconCircleDashed,
  run: IconLoader2,
  wait: IconHourglass,
  good: IconCircleCheckFilled,
  bad: IconXboxXFilled,
  off: IconBan,
} as const satisfies Record<Tone, unknown>;

/** Where a run stands: a sign and a word. */
export function RunStateBadge({ state }: { state: RunState }) {
  const { label, tone } = runStateWords[state];
  const Icon = icons[tone];
  return (
    <span className={classes.badge} data-tone={tone}>
      <Icon size={14} aria-hidden="true" /> {label}
    </span>
  );
}

/** Where a step stands, as a sign; the word is for screen readers unless `isWordy`. */
export function StepStateSign({ state, isWordy = false }: { state: StepState; isWordy?: boolean }) {
  const { label, tone } = stepStateWords[state];
  const Icon = state === 'SKIPPED' ? IconPlayerSkipForward : state === 'PENDING' ? IconCircle : icons[tone];
  return (
    <span className={classes.sign} data-tone={tone}>
      <Icon size={16} stroke={1.8} aria-hidden="true" />
      <span className={isWordy ? undefined : 'visually-hidden'}>{label}</span>
    </span>
  );
}

/** How often another model had to be asked, and how often a limit stood against a call; nothing when neither happened. */
export function TroubleBadges({ failovers, breaches }: { failovers: number; breaches: number }) {
  if (failovers + breaches === 0) return null;
  return (
    <span className={classes.troubles}>
      {failovers > 0 ? (
        <Tooltip label="Another model was asked in place of one that failed">
          <span className={classes.trouble} data-tone="info">
            <IconArrowForwardUp size={13} aria-hidden="true" /> {failovers} {failovers === 1 ? 'failover' : 'failovers'}
          </span>
        </Tooltip>
      ) : null}
      {breaches > 0 ? (
        <Tooltip label="A budget or limit stood against a call">
          <span className={classes.trouble} data-tone="warn">
            <IconShieldDollar size={13} aria-hidden="true" /> {breaches} {breaches === 1 ? 'breach' : 'breaches'}
          </span>
        </Tooltip>
      ) : null}
    </span>
  );
}
