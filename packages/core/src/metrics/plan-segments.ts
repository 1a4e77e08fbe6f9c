import { bucketStartMs, type GrainHorizons, keptSpan, type MetricGrain, metricGrains } from './metric-grains.ts';

/** A span (epoch ms, end not included) that is read from buckets of one size, or from the records themselves. */
export interface ReadSegment {
  readonly grain: MetricGrain | 'records';
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ReadPlan {
  /** As asked for where it can be told exactly; otherwise moved to the nearest boundary that can. */
  readonly boundaries: readonly number[];
  /** Ascending, touching, each within one step. */
  readonly segments: readonly ReadSegment[];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * From what the steps between `boundaries` (ascending, epoch ms) are put together: the largest buckets that lie wholly in
 * a step, smaller ones at its ends, and records at the very ends. What is too old for records begins and ends at full
 * hours, and what is too old for hours at full days of UTC. Pairs of values have no minutes and half hours, and hours as
 * long as there are records.
 */
export function planSegments(boundaries: readonly number[], horizons: GrainHorizons, isPair: boolean): ReadPlan {
  const hoursMs = keptSpan(1, horizons, isPair).fromMs;
  const moved = boundaries.map((atMs) => nearestBoundary(atMs, horizons.recordsFromMs, hoursMs));
  const segments: ReadSegment[] = [];
  const add = (grain: ReadSegment['grain'], fromMs: number, toMs: number) => {
    if (fromMs < toMs) segments.push({ grain, fromMs, toMs });
  };
  const cover = (place: number, fromMs: number, toMs: number) => {
    if (fromMs >= toMs) return;
    const size = metricGrains[place];
    if (!size) return add('records', fromMs, toMs);
    const { grain, lengthMs } = size;
    const kept = keptSpan(grain, horizons, isPair);
    const innerFromMs = bucketStartMs(grain, Math.max(fromMs, kept.fromMs) + lengthMs - 1);
    const innerToMs = bucketStartMs(grain, Math.min(toMs, kept.toMs));
    if (innerFromMs >= innerToMs) return cover(place - 1, fromMs, toMs);
    cover(place - 1, fromMs, innerFromMs);
    add(grain, innerFromMs, innerToMs);
    cover(place - 1, innerToMs, toMs);
  };
  for (const [index, fromMs] of moved.slice(0, -1).entries()) cover(metricGrains.length - 1, fromMs, moved[index + 1]!);
  return { boundaries: moved, segments };
}

function nearestBoundary(atMs: number, recordsFromMs: number, hoursMs: number): number {
  if (atMs >= recordsFromMs) return atMs;
  const lengthMs = atMs >= hoursMs ? hourMs : dayMs;
  return Math.round(atMs / lengthMs) * lengthMs;
}

/** Touching segments of one grain as one; for reading, where the steps do not matter. */
export function joinSegments(segments: readonly ReadSegment[]): readonly ReadSegment[] {
  const joined: ReadSegment[] = [];
  for (const segment of segments) {
    const last = joined.at(-1);
    if (last?.grain === segment.grain && last.toMs === segment.fromMs)
      joined[joined.length - 1] = { ...last, toMs: segment.toMs };
    else joined.push(segment);
  }
  return joined;
}
