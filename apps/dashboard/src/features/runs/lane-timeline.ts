import { emptiedLane, type LaneRecord } from '../comparisons/comparison-record.ts';
import type { RunEntry, RunLane } from './run-record.ts';

type LaneState = LaneRecord['state'];

/** How a lane stands, in the words of lanes: what has no answer when its step is over has failed. */
export function laneStateOf(lane: RunLane, isStepOver: boolean): LaneState {
  if (lane.isComplete) return 'COMPLETED';
  if (isStepOver) return 'FAILED';
  return lane.modelId === null ? 'QUEUED' : 'RUNNING';
}

/**
 * A lane of a run with its steps on the way to the answer, as the timeline of comparisons takes it. Only entries of the
 * lane's last call are looked at; their times count from the first of them.
 */
export function laneWithTimeline(lane: RunLane, entries: readonly RunEntry[], isStepOver: boolean): LaneRecord {
  const own = entries.filter(({ laneId, place }) => laneId === lane.laneId && place?.callId === lane.place.callId);
  const originMs = own[0]?.atMs ?? 0;
  const state = laneStateOf(lane, isStepOver);
  const asked = own.find(({ entry }) => entry.kind === 'ATTEMPT_STARTED')?.entry.modelId ?? lane.modelId ?? '';
  const bare = {
    __typename: 'ComparisonLane',
    id: lane.laneId,
    position: lane.place.slot,
    modelId: asked,
  } as LaneRecord;
  return {
    ...emptiedLane(bare, state, lane.place.attempt),
    answeredModelId: lane.modelId !== asked ? lane.modelId : null,
    startedAtMs: originMs || null,
    firstTokenAtMs: lane.firstTokenAtMs,
    finishedAtMs: lane.endedAtMs ?? (isStepOver ? (own.at(-1)?.atMs ?? null) : null),
    timeline: own.map(({ entry, atMs }) => ({
      ...entry,
      at: new Date(atMs).toISOString(),
      elapsedMs: Math.max(0, atMs - originMs),
    })),
  };
}
