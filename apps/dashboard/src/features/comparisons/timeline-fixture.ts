import { emptiedLane, type LaneRecord, type TimelineEntry } from './comparison-record.ts';

export const startMs = 1_700_000_000_000;

/** A step at `elapsedMs` for the tests of the timeline. */
export function step(
  kind: TimelineEntry['kind'],
  elapsedMs: number,
  facts: Partial<TimelineEntry> = {},
): TimelineEntry {
  return {
    __typename: 'TimelineEntry',
    kind,
    at: new Date(startMs + elapsedMs).toISOString(),
    elapsedMs,
    modelId: 'openai/a',
    attempt: null,
    toModelId: null,
    reason: null,
    errorKind: null,
    blame: null,
    message: null,
    waitMs: null,
    latencyMs: null,
    isProbe: null,
    isContinuation: null,
    circuit: null,
    probeAt: null,
    voidedLength: null,
    budgetName: null,
    decision: null,
    maxOutputTokens: null,
    latencyTargetMs: null,
    route: null,
    ...facts,
  };
}

export function laneWith(timeline: readonly TimelineEntry[], facts: Partial<LaneRecord> = {}): LaneRecord {
  const bare = {
    __typename: 'ComparisonLane',
    id: 'a',
    position: 0,
    modelId: 'openai/a',
    origin: 'SIMULATED',
  } as unknown as LaneRecord;
  return { ...emptiedLane(bare, 'RUNNING', 1), startedAtMs: startMs, timeline: [...timeline], ...facts };
}
