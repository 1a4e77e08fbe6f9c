const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * Sizes of buckets, the shortest first; `grain` is the stored number and never changes. Buckets begin at full minutes, half
 * hours, hours, quarters of days, days, and weeks from Monday, of UTC: each is made of whole ones of the size before.
 */
export const metricGrains = [
  { grain: 0, name: 'minute', lengthMs: minuteMs },
  { grain: 4, name: 'half hour', lengthMs: 30 * minuteMs },
  { grain: 1, name: 'hour', lengthMs: hourMs },
  { grain: 5, name: 'quarter of a day', lengthMs: 6 * hourMs },
  { grain: 2, name: 'day', lengthMs: dayMs },
  { grain: 3, name: 'week', lengthMs: 7 * dayMs },
] as const;
export type MetricGrain = (typeof metricGrains)[number]['grain'];

/** 1970-01-05, the first Monday. */
const mondayMs = 4 * dayMs;
const lengthsMs = new Map<MetricGrain, number>(metricGrains.map(({ grain, lengthMs }) => [grain, lengthMs]));

export function grainLengthMs(grain: MetricGrain): number {
  return lengthsMs.get(grain)!;
}

/** When the bucket begins that `atMs` (epoch ms) lies in. */
export function bucketStartMs(grain: MetricGrain, atMs: number): number {
  const lengthMs = grainLengthMs(grain);
  const originMs = grain === 3 ? mondayMs : 0;
  return Math.floor((atMs - originMs) / lengthMs) * lengthMs + originMs;
}

/** What is kept of the rollups of each size; what is older was pruned and may not come back. Epoch ms, full days. */
export interface GrainHorizons {
  readonly minutesFromMs: number;
  readonly hoursFromMs: number;
  /** Records themselves, and with them half hours and the hours and quarters of days of pairs of values, which are many. */
  readonly recordsFromMs: number;
  /** Half hours and quarters of days were not kept before. */
  readonly partsFromMs: number;
  /** Weeks that end by then are added up; the beginning of a week. */
  readonly weeksUntilMs: number;
}

/** From when until when (epoch ms, end not included) buckets of a size are kept, complete; the same twice when none are. */
export function keptSpan(
  grain: MetricGrain,
  horizons: GrainHorizons,
  isPair: boolean,
): { readonly fromMs: number; readonly toMs: number } {
  const { minutesFromMs, hoursFromMs, recordsFromMs, partsFromMs, weeksUntilMs } = horizons;
  const none = { fromMs: 0, toMs: 0 };
  const since = (...boundsMs: number[]) => ({
    fromMs: Math.max(...boundsMs, isPair ? recordsFromMs : 0),
    toMs: Number.POSITIVE_INFINITY,
  });
  switch (grain) {
    case 0:
      return isPair ? none : since(minutesFromMs);
    case 4:
      return isPair ? none : since(partsFromMs, recordsFromMs);
    case 1:
      return since(hoursFromMs);
    case 5:
      return since(hoursFromMs, partsFromMs);
    case 2:
      return { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
    case 3:
      return { fromMs: Number.NEGATIVE_INFINITY, toMs: weeksUntilMs };
  }
}
