import type { RunLane } from './run-record.ts';

/** A lane as it was at a moment of its recording, in epoch milliseconds of the server. */
export function laneAt(lane: RunLane, atMs: number): RunLane {
  const reached = lane.marks.findLast((mark) => mark.atMs <= atMs);
  const isOver = lane.endedAtMs !== null && atMs >= lane.endedAtMs;
  const hasBegun = lane.startedAtMs !== null && atMs >= lane.startedAtMs;
  return {
    ...lane,
    modelId: hasBegun || reached ? lane.modelId : null,
    output: isOver ? lane.output : lane.output.slice(0, reached?.length ?? 0),
    reasoning: reached ? lane.reasoning : '',
    isComplete: lane.isComplete && isOver,
    outputProblem: isOver ? lane.outputProblem : null,
    finishReason: isOver ? lane.finishReason : null,
    latencyMs: isOver ? lane.latencyMs : null,
    costUsd: isOver ? lane.costUsd : null,
  };
}

/** From the first attempt to the end of the last lane; undefined where nothing was recorded. */
export function recordedSpan(
  lanes: readonly RunLane[],
): { readonly startMs: number; readonly endMs: number } | undefined {
  const moments = lanes.flatMap(({ startedAtMs, endedAtMs, marks }) => [
    ...(startedAtMs === null ? [] : [startedAtMs]),
    ...(endedAtMs === null ? [] : [endedAtMs]),
    ...marks.slice(0, 1).map(({ atMs }) => atMs),
    ...marks.slice(-1).map(({ atMs }) => atMs),
  ]);
  if (moments.length === 0) return undefined;
  return { startMs: Math.min(...moments), endMs: Math.max(...moments) };
}
