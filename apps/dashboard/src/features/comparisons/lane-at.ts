import type { LaneRecord, Mark } from './comparison-record.ts';

/** The last mark at or before a moment, by bisection. */
function markAt(marks: readonly Mark[], atMs: number): Mark | undefined {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((marks[middle] as Mark).atMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return marks[low - 1];
}

/** The lane as it looked at a moment of its recorded stream. */
export function laneAt(lane: LaneRecord, atMs: number): LaneRecord {
  if (lane.finishedAtMs !== null && atMs >= lane.finishedAtMs) return lane;
  const mark = markAt(lane.marks, atMs);
  const hasStarted = lane.startedAtMs !== null && atMs >= lane.startedAtMs;
  const hasToken = lane.firstTokenAtMs !== null && atMs >= lane.firstTokenAtMs;
  return {
    ...lane,
    state: hasStarted ? 'RUNNING' : 'QUEUED',
    output: lane.output.slice(0, mark?.outputLength ?? 0),
    reasoning: lane.reasoning.slice(0, mark?.reasoningLength ?? 0),
    toolCalls: [],
    usage: null,
    costUsd: null,
    costUnknownReason: null,
    isCostEstimated: false,
    failure: null,
    answeredModelId: null,
    timeline: lane.timeline.filter(({ at }) => Date.parse(at) <= atMs),
    finishReason: null,
    finishedAtMs: null,
    latencyMs: null,
    tokensPerSecond: null,
    firstTokenAtMs: hasToken ? lane.firstTokenAtMs : null,
    timeToFirstTokenMs: hasToken ? lane.timeToFirstTokenMs : null,
    startedAtMs: hasStarted ? lane.startedAtMs : null,
  };
}
