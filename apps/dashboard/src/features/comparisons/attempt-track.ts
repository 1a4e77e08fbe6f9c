import type { LaneRecord, TimelineEntry } from './comparison-record.ts';

export type TryOutcome = 'running' | 'answered' | 'failed' | 'stopped' | 'given-up';

/** One call on the picture. All times are milliseconds since the first step. */
export interface TryBar {
  type: 'try';
  attempt: number;
  modelId: string;
  startMs: number;
  endMs: number;
  outcome: TryOutcome;
  isProbe: boolean;
}

/** A pause between two calls of one model; `endMs` is what was planned, cut short when the next call came earlier. */
export interface WaitBar {
  type: 'wait';
  modelId: string;
  startMs: number;
  endMs: number;
  isRunning: boolean;
}

export interface Hop {
  atMs: number;
  from: string;
  to: string;
}

export interface Mark {
  atMs: number;
  modelId: string;
  type: 'circuit-open' | 'circuit-closed' | 'skipped' | 'voided';
}

/** The way to an answer, one row for each model in the order in which they came into play. */
export interface AttemptTrack {
  modelIds: readonly string[];
  bars: readonly (TryBar | WaitBar)[];
  hops: readonly Hop[];
  marks: readonly Mark[];
  /** When the answer began, if it did. */
  firstTokenMs: number | null;
  totalMs: number;
}

type Draftable = { -readonly [Key in keyof TryBar]: TryBar[Key] };

/** Where the lane's own clock has its zero: server time of the first step, in epoch milliseconds. */
export function trackOriginMs(timeline: readonly TimelineEntry[]): number {
  const first = timeline[0];
  return first ? Date.parse(first.at) - first.elapsedMs : 0;
}

function lastOutcome(state: LaneRecord['state']): TryOutcome {
  if (state === 'COMPLETED') return 'answered';
  if (state === 'RUNNING' || state === 'QUEUED') return 'running';
  return state === 'FAILED' ? 'failed' : 'stopped';
}

/**
 * Lays a lane's steps over one time axis. A call that never reported a failure ends with the lane, or at `nowMs` (server time, epoch
 * milliseconds) while the lane runs.
 */
export function attemptTrackOf(lane: LaneRecord, nowMs: number): AttemptTrack {
  const originMs = trackOriginMs(lane.timeline);
  const modelIds: string[] = [];
  const bars: (Draftable | WaitBar)[] = [];
  const hops: Hop[] = [];
  const marks: Mark[] = [];
  const open: Draftable[] = [];
  const see = (modelId: string) => {
    if (!modelIds.includes(modelId)) modelIds.push(modelId);
  };
  const close = (entry: TimelineEntry, outcome: TryOutcome) => {
    const index = open.findLastIndex(
      ({ attempt, modelId }) => attempt === entry.attempt || (entry.attempt === null && modelId === entry.modelId),
    );
    const bar = open[index];
    if (!bar) return;
    open.splice(index, 1);
    bar.endMs = Math.max(bar.startMs, entry.elapsedMs);
    bar.outcome = outcome;
  };
  for (const entry of lane.timeline) {
    const { kind, elapsedMs: atMs, modelId } = entry;
    see(modelId);
    if (kind === 'ATTEMPT_STARTED' || kind === 'HEDGE_STARTED') {
      if (kind === 'HEDGE_STARTED' && entry.toModelId) {
        see(entry.toModelId);
        hops.push({ atMs, from: modelId, to: entry.toModelId });
        continue;
      }
      const attempt = entry.attempt ?? bars.length + 1;
      const bar: Draftable = {
        type: 'try',
        attempt,
        modelId,
        startMs: atMs,
        endMs: atMs,
        outcome: 'running',
        isProbe: entry.isProbe === true,
      };
      open.push(bar);
      bars.push(bar);
    } else if (kind === 'ATTEMPT_FAILED') close(entry, 'failed');
    else if (kind === 'HEDGE_LOST') close(entry, 'given-up');
    else if (kind === 'RETRY_SCHEDULED') {
      const plannedMs = atMs + (entry.waitMs ?? 0);
      bars.push({ type: 'wait', modelId, startMs: atMs, endMs: plannedMs, isRunning: false });
    } else if (kind === 'FAILOVER_HAPPENED' && entry.toModelId) {
      see(entry.toModelId);
      hops.push({ atMs, from: modelId, to: entry.toModelId });
    } else if (kind === 'CANDIDATE_SKIPPED') marks.push({ atMs, modelId, type: 'skipped' });
    else if (kind === 'OUTPUT_VOIDED') marks.push({ atMs, modelId, type: 'voided' });
    else if (kind === 'CIRCUIT_CHANGED' && entry.circuit !== 'HALF_OPEN')
      marks.push({ atMs, modelId, type: entry.circuit === 'OPEN' ? 'circuit-open' : 'circuit-closed' });
  }

  const isOpen = lane.state === 'RUNNING' || lane.state === 'QUEUED';
  const lastStepMs = lane.timeline.at(-1)?.elapsedMs ?? 0;
  const endAtMs = isOpen ? nowMs : (lane.finishedAtMs ?? lane.marks.at(-1)?.atMs ?? originMs + lastStepMs);
  const nowOnAxisMs = Math.max(lastStepMs, endAtMs - originMs);
  const outcome = lastOutcome(lane.state);
  for (const bar of open) {
    bar.endMs = nowOnAxisMs;
    bar.outcome = outcome;
  }
  for (const [index, bar] of bars.entries()) {
    if (bar.type !== 'wait') continue;
    const next = bars.slice(index + 1).find(({ type, modelId }) => type === 'try' && modelId === bar.modelId);
    if (next) bar.endMs = next.startMs;
    else if (isOpen) bar.isRunning = nowOnAxisMs < bar.endMs;
    else bar.endMs = Math.min(bar.endMs, nowOnAxisMs);
  }
  const firstTokenMs = lane.firstTokenAtMs === null ? null : Math.max(0, lane.firstTokenAtMs - originMs);
  const totalMs = Math.max(1, nowOnAxisMs, ...bars.map(({ endMs }) => endMs));
  return { modelIds, bars, hops, marks, firstTokenMs, totalMs };
}
