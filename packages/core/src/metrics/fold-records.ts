import { type AxisFacts, type AxisValue, axisValuesOf, type MetricAxis } from './metric-axes.ts';
import { bucketStartMs, type GrainHorizons, keptSpan, type MetricGrain } from './metric-grains.ts';
import { addCall, type FiguredFacts, mergeFigures, noFigures, type RollupFigures } from './rollup-figures.ts';

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

/** How many calls are folded before the event loop has its turn: about half a millisecond. */
export const foldChunkSize = 15;

/**
 * What `calls` add to which rows: per minute, half hour and call the total and each value, per hour, quarter of a day and
 * day also each pair of values of two axes; and per week where weeks are added up already. Values that a call does not
 * have make no row. Adding the result to rows that hold it already counts twice: who folds must see that each call is
 * folded once. Sorted by key.
 */
export async function foldRecords(
  calls: readonly FoldedCall[],
  numberOf: ValueNumbers,
  horizonsOf: (scopeId: number) => GrainHorizons,
  rest: () => Promise<void> = () => Promise.resolve(),
): Promise<readonly FoldedRow[]> {
  const minutes = new FoldedRows(0);
  const halfHours = new FoldedRows(4);
  const hours = new FoldedRows(1);
  for (const [index, call] of calls.entries()) {
    if (index > 0 && index % foldChunkSize === 0) await rest();
    const numbers = axisValuesOf(call).map((values, axis) => [
      ...new Set(values.map((value) => numberOf(call.scopeId, axis, value))),
    ]);
    const { scopeId, startedAtMs } = call;
    const horizons = horizonsOf(scopeId);
    const [minute, halfHour, hour] = ([0, 4, 1] as const).map((grain) => bucketStartMs(grain, startedAtMs) / 60_000);
    const hasMinutes = startedAtMs >= keptSpan(0, horizons, false).fromMs;
    const hasHalfHours = startedAtMs >= keptSpan(4, horizons, false).fromMs;
    const count = (mask: number, a: number, b: number) => {
      addCall(hours.at(scopeId, mask, hour!, a, b), call);
      if (b !== 0) return;
      if (hasMinutes) addCall(minutes.at(scopeId, mask, minute!, a, b), call);
      if (hasHalfHours) addCall(halfHours.at(scopeId, mask, halfHour!, a, b), call);
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
  const quarters = longerRows(5, hours.rows);
  await rest();
  const days = longerRows(2, quarters);
  await rest();
  const isKept = ({ scopeId, grain, bucket, b }: FoldedRow) => {
    const { fromMs, toMs } = keptSpan(grain, horizonsOf(scopeId), b !== 0);
    return bucket * 60_000 >= fromMs && bucket * 60_000 < toMs;
  };
  const folded = [hours.rows, quarters, days, longerRows(3, days)].flatMap((rows) => rows.filter(isKept));
  return [...minutes.rows, ...halfHours.rows, ...folded].sort(
    (x, y) =>
      x.scopeId - y.scopeId || x.grain - y.grain || x.mask - y.mask || x.bucket - y.bucket || x.a - y.a || x.b - y.b,
  );
}

/** The same calls in longer buckets. */
function longerRows(grain: MetricGrain, rows: readonly FoldedRow[]): readonly FoldedRow[] {
  const longer = new FoldedRows(grain);
  for (const { scopeId, mask, bucket, a, b, figures } of rows)
    mergeFigures(longer.at(scopeId, mask, bucketStartMs(grain, bucket * 60_000) / 60_000, a, b), figures);
  return longer.rows;
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
