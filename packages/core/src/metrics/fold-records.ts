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
  /** Records themselves, and with them the hours of pairs of values, which are many. */
  readonly recordsFromMs: number;
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
  const minutes = new FoldedRows(0);
  const hours = new FoldedRows(1);
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
      addCall(hours.at(scopeId, mask, hour, a, b), call);
      if (hasMinutes && b === 0) addCall(minutes.at(scopeId, mask, minute, a, b), call);
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
  const days = daysOf(hours.rows);
  const keptHours = hours.rows.filter(({ bucket, b }) => bucket * 60_000 >= hoursFromMs(horizons, b !== 0));
  return [...minutes.rows, ...keptHours, ...days].sort(
    (x, y) =>
      x.scopeId - y.scopeId || x.grain - y.grain || x.mask - y.mask || x.bucket - y.bucket || x.a - y.a || x.b - y.b,
  );
}

/** From when on there are hours: of pairs of values as long as there are records. Epoch ms. */
export function hoursFromMs(horizons: GrainHorizons, isPair: boolean): number {
  return isPair ? Math.max(horizons.hoursFromMs, horizons.recordsFromMs) : horizons.hoursFromMs;
}

function daysOf(hours: Iterable<FoldedRow>): readonly FoldedRow[] {
  const days = new FoldedRows(2);
  for (const { scopeId, mask, bucket, a, b, figures } of hours)
    mergeFigures(days.at(scopeId, mask, Math.floor(bucket / 1_440) * 1_440, a, b), figures);
  return days.rows;
}

/** Numbers of values are made one by one: so many there never are. Two of them fit into a safe integer. */
const numbersEnd = 2 ** 26;

/** Rows of one grain, found by numbers: texts as keys would cost more than the counting. */
class FoldedRows {
  readonly rows: FoldedRow[] = [];
  readonly #grain: MetricGrain;
  readonly #buckets = new Map<number, Map<number, Map<number, RollupFigures>>>();

  constructor(grain: MetricGrain) {
    this.#grain = grain;
  }

  /** The figures of a row, new ones when there are none. */
  at(scopeId: number, mask: number, bucket: number, a: number, b: number): RollupFigures {
    const byMask = entryOf(this.#buckets, scopeId * numbersEnd + bucket, newMap<Map<number, RollupFigures>>);
    const byValues = entryOf(byMask, mask, newMap<RollupFigures>);
    const key = a * numbersEnd + b;
    let figures = byValues.get(key);
    if (!figures) {
      figures = noFigures();
      byValues.set(key, figures);
      this.rows.push({ scopeId, grain: this.#grain, mask, bucket, a, b, figures });
    }
    return figures;
  }
}

function newMap<Value>(): Map<number, Value> {
  return new Map<number, Value>();
}

function entryOf<Value>(map: Map<number, Value>, key: number, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
