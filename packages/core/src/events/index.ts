export { compactEvents } from './compact-events.ts';
export {
  type ComparisonEvent,
  type ComparisonFact,
  isLaneEnd,
  type LaneFailureDetails,
  type LaneFigures,
} from './comparison-event.ts';
export { DeltaCoalescer } from './delta-coalescer.ts';
export { type ReplayedLane, replayLanes } from './replay-lanes.ts';
export {
  addToTimeline,
  type TimelineEntry,
  type TimelineKind,
  type TimelineRoute,
  timelineKinds,
} from './timeline-entry.ts';
