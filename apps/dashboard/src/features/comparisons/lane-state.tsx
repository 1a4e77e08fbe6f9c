import {
  IconAlertTriangleFilled,
  IconBolt,
  IconCircleCheckFilled,
  IconClockHour4,
  IconPlayerStopFilled,
  IconXboxXFilled,
} from '@tabler/icons-react';
import type { LaneState } from '../../gql/comparisons.ts';
import classes from './lane-state.module.css';

/** Word, sign and tone of each lane state. A stop by the user is neutral; only a failure is red. */
export const laneStates = {
  QUEUED: { word: 'Queued', tone: 'neutral', icon: IconClockHour4 },
  RUNNING: { word: 'Streaming', tone: 'info', icon: IconBolt },
  COMPLETED: { word: 'Complete', tone: 'good', icon: IconCircleCheckFilled },
  FAILED: { word: 'Failed', tone: 'bad', icon: IconXboxXFilled },
  STOPPED: { word: 'Stopped', tone: 'neutral', icon: IconPlayerStopFilled },
  INTERRUPTED: { word: 'Interrupted', tone: 'warn', icon: IconAlertTriangleFilled },
} as const satisfies Record<LaneState, unknown>;

export function LaneStateBadge({
  state,
  isWaiting = false,
  isBare = false,
}: {
  state: LaneState;
  isWaiting?: boolean;
  isBare?: boolean;
}) {
  const { word, tone, icon: Icon } = laneStates[state];
  return (
    <span className={classes.state} data-tone={tone} data-bare={isBare || undefined}>
      {state === 'RUNNING' ? (
        <span className={classes.pulse} aria-hidden="true" />
      ) : (
        <Icon size={13} aria-hidden="true" />
      )}
      {state === 'RUNNING' && isWaiting ? 'Waiting' : word}
    </span>
  );
}
