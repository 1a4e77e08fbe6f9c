import type { ComparisonRecord, LaneRecord } from './comparison-record.ts';

/** One row of the race strip. All times are milliseconds since the lane was asked for. */
export interface RaceRow {
  laneId: string;
  state: LaneRecord['state'];
  startMs: number | null;
  firstTokenMs: number | null;
  endMs: number;
  /** Characters per second in each bucket of the axis, 0–1 of the fastest bucket of all rows. */
  density: readonly number[];
}

export interface Race {
  rows: RaceRow[];
  /** Length of the shared axis. */
  totalMs: number;
  ticksMs: number[];
}

export const bucketCount = 96;

/** When a lane was asked for: the comparison's start, or for a retried lane the start of its last run. */
export function laneOriginMs(record: ComparisonRecord, lane: LaneRecord): number {
  if (lane.attempt > 1 && lane.startedAtMs !== null) return lane.startedAtMs;
  return lane.startedAtMs === null ? record.createdAtMs : Math.min(record.createdAtMs, lane.startedAtMs);
}

/** When a lane that no longer runs was last heard of; an interrupted one is only found out at the next start of the server. */
function lastSignMs(lane: LaneRecord): number | null {
  const lastMarkMs = lane.marks.at(-1)?.atMs ?? lane.firstTokenAtMs ?? lane.startedAtMs;
  return lane.state === 'INTERRUPTED' ? lastMarkMs : (lane.finishedAtMs ?? lastMarkMs);
}

/** Round moments on an axis, about `count` of them. */
export function niceTicks(totalMs: number, count = 6): number[] {
  const rough = totalMs / count;
  const size = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = [1, 2, 5, 10].map((factor) => factor * size).find((value) => value >= rough) ?? size * 10;
  return Array.from({ length: Math.floor(totalMs / step) + 1 }, (_, index) => index * step);
}

/** Lays the lanes over one axis. `nowMs` is server time and ends the rows that still run. */
export function raceOf(record: ComparisonRecord, nowMs: number): Race {
  const lanes = record.laneIds.map((id) => record.lanes[id] as LaneRecord);
  const bare = lanes.map((lane) => {
    const origin = laneOriginMs(record, lane);
    const since = (at: number | null) => (at === null ? null : Math.max(0, at - origin));
    const isOpen = lane.state === 'RUNNING' || (lane.state === 'QUEUED' && record.state === 'RUNNING');
    const end = isOpen ? Math.max(0, nowMs - origin) : (since(lastSignMs(lane)) ?? 0);
    return { lane, origin, startMs: since(lane.startedAtMs), firstTokenMs: since(lane.firstTokenAtMs), endMs: end };
  });
  const totalMs = Math.max(1000, ...bare.map(({ endMs }) => endMs));
  const bucketMs = totalMs / bucketCount;
  const counts = bare.map(({ lane, origin }) => {
    return bucketsOf(lane, origin, bucketMs);
  });
  const fastest = Math.max(1, ...counts.flat());
  const rows = bare.map(({ lane, startMs, firstTokenMs, endMs }, index) => ({
    laneId: lane.id,
    state: lane.state,
    startMs,
    firstTokenMs,
    endMs,
    density: (counts[index] as number[]).map((count) => count / fastest),
  }));
  return { rows, totalMs, ticksMs: niceTicks(totalMs) };
}

const longestSpreadMs = 1200;

/** Characters that arrived in each bucket. What one delta brought is spread over the time since the one before, because deltas are coalesced. */
function bucketsOf(lane: LaneRecord, originMs: number, bucketMs: number): number[] {
  const buckets = new Array<number>(bucketCount).fill(0);
  let length = lane.unmarkedLength;
  let beforeMs = lane.firstTokenAtMs ?? originMs;
  for (const mark of lane.marks) {
    const next = mark.outputLength + mark.reasoningLength;
    const added = Math.max(0, next - length);
    const fromMs = Math.max(beforeMs, mark.atMs - longestSpreadMs);
    const first = bucketAt(fromMs - originMs, bucketMs);
    const last = bucketAt(mark.atMs - originMs, bucketMs);
    for (let bucket = first; bucket <= last; bucket += 1)
      buckets[bucket] = (buckets[bucket] ?? 0) + added / (last - first + 1);
    length = next;
    beforeMs = mark.atMs;
  }
  return buckets;
}

function bucketAt(ms: number, bucketMs: number): number {
  return Math.min(bucketCount - 1, Math.max(0, Math.floor(ms / bucketMs)));
}
