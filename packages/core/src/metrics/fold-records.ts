import { type AxisFacts, type AxisValue, axisValuesOf, type MetricAxis } from './metric-axes.ts';
import { addCall, type FiguredFacts, mergeFigures, noFigures, type RollupFigures } from './rollup-figures.ts';

/** Sizes of buckets, the stored number of each, and its length. Buckets begin at full minutes, hours, days of UTC. */
export const metricGrains = [
  { grain: 0, name: 'minute', lengthMs: 60_000 },
  { grain: 1, name: 'hour', lengthMs: 3_600_000 },
  { grain: 2, name: 'day', lengthMs: 86_400_000 },
] as const;
export type MetricGrain = (typeof metricGrains)[number]['grain'];

/** Where the rollups of each size begin; older buckets were pruned and may not come back. Epoch ms, full days. */
export interface GrainHorizons {
  readonly minutesFromMs: number;
  readonly hoursFromMs: number;
}

/** Names the row of a rollup. `a` and `b` are numbers of values, 0 where the mask has no such axis. */
export interface RollupKey {
  readonly scopeId: number;
  readonly grain: MetricGrain;
  /** One bit for each axis that the row is about; the lower is `a`. */
  readonly mask: number;
  /** Minutes since 1970 at which the bucket begins. */
  readonly bucket: number;
  readonly a: number;
  readonly b: number;
}

export interface FoldedRow extends RollupKey {
  readonly figures: RollupFigures;
}

/** A call with what it is folded by. */
export interface FoldedCall extends AxisFacts, FiguredFacts {
  /** Number of team and origin. */
  readonly scopeId: number;
  readonly startedAtMs: number;
}

/** The number of a value on an axis, made before: not 0. */
export type ValueNumbers = (scopeId: number, axis: MetricAxis, value: AxisValue) => number;

/** How many calls are folded before the event loop has its turn. */
export const foldChunkSize = 200;

/**
 * What `calls` add to which rows: per minute and call the total and each value, per hour and day also each pair of
 * values of two axes. Values that a call does not have make no row. Adding the result to rows that hold it already
 * counts twice: who folds must see that each call is folded once. Sorted by key.
 */
export async function foldRecords(
  calls: readonly FoldedCall[],
  numberOf: ValueNumbers,
  horizons: GrainHorizons,
  rest: () => Promise<void> = () => Promise.resolve(),
): Promise<readonly FoldedRow[]> {
  const minutes = new Map<string, FoldedRow>();
  const hours = new Map<string, FoldedRow>();
  for (const [index, call] of calls.entries()) {
    if (index > 0 && index % foldChunkSize === 0) await rest();
    const numbers = axisValuesOf(call).map((values, axis) => [
      ...new Set(values.map((value) => numberOf(call.scopeId, axis, value))),
    ]);
    const minute = Math.floor(call.startedAtMs / 60_000);
    const hour = Math.floor(minute / 60) * 60;
    const hasMinutes = call.startedAtMs >= horizons.minutesFromMs;
    const count = (mask: number, a: number, b: number) => {
      const { scopeId } = call;
      addCall(rowAt(hours, { scopeId, grain: 1, mask, bucket: hour, a, b }).figures, call);
      if (hasMinutes && b === 0)
        addCall(rowAt(minutes, { scopeId, grain: 0, mask, bucket: minute, a, b }).figures, call);
    };
    count(0, 0, 0);
    for (const [axis, own] of numbers.entries()) {
      for (const a of own) {
        count(1 << axis, a, 0);
        for (let other = axis + 1; other < numbers.length; other += 1) {
          for (const b of numbers[other]!) count((1 << axis) | (1 << other), a, b);
        }
      }
    }
  }
  await rest();
  const days = daysOf(hours.values());
  const keptHours = [...hours.values()].filter(({ bucket }) => bucket * 60_000 >= horizons.hoursFromMs);
  return [...minutes.values(), ...keptHours, ...days].sort(
    (x, y) =>
      x.scopeId - y.scopeId || x.grain - y.grain || x.mask - y.mask || x.bucket - y.bucket || x.a - y.a || x.b - y.b,
  );
}

function daysOf(hours: Iterable<FoldedRow>): readonly FoldedRow[] {
  const days = new Map<string, FoldedRow>();
  for (const { figures, ...key } of hours) {
    const bucket = Math.floor(key.bucket / 1_440) * 1_440;
    mergeFigures(rowAt(days, { ...key, grain: 2, bucket }).figures, figures);
  }
  return [...days.values()];
}

function rowAt(rows: Map<string, FoldedRow>, key: RollupKey): FoldedRow {
  const text = `${key.scopeId} ${key.mask} ${key.bucket} ${key.a} ${key.b}`;
  let row = rows.get(text);
  if (!row) {
    row = { ...key, figures: noFigures() };
    rows.set(text, row);
  }
  return row;
}
