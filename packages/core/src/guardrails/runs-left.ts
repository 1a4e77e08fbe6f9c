import { larger } from './amounts.ts';

/** How often the same can still be done with what is free. */
export interface RunsLeft {
  readonly low: bigint;
  readonly likely: bigint;
  readonly high: bigint;
  /** How many recent ones it was learned from. */
  readonly sampleSize: number;
}

/** Fewer do not show what the next one uses. */
export const fewestRunsToLearnFrom = 5;

/**
 * About how many more calls (or runs) `free` is enough for, from what recent ones used, all in the budget's unit:
 * `likely` by the median, `high` by the lower quartile, `low` by the upper quartile or the mean, whichever is more,
 * since a few dear ones use up a budget long before the median says. Undefined with fewer than five, and when they
 * used nothing.
 */
export function countRunsLeft(free: bigint, recent: readonly bigint[]): RunsLeft | undefined {
  if (recent.length < fewestRunsToLearnFrom) return undefined;
  const sorted = recent.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const sum = sorted.reduce((total, amount) => total + amount, 0n);
  if (sum <= 0n) return undefined;
  const mean = ceilDivide(sum, BigInt(sorted.length));
  const upper = atShare(sorted, 0.75);
  const dear = larger(upper, mean);
  // What costs nothing most of the time is counted by its mean: it does not go on for ever.
  const orMean = (amount: bigint) => (amount > 0n ? amount : mean);
  const room = free > 0n ? free : 0n;
  const median = orMean(atShare(sorted, 0.5));
  const cheap = orMean(atShare(sorted, 0.25));
  const [low, likely, high] = [room / dear, room / median, room / cheap].toSorted((a, b) =>
    a < b ? -1 : a > b ? 1 : 0,
  );
  return { low: low ?? 0n, likely: likely ?? 0n, high: high ?? 0n, sampleSize: sorted.length };
}

/** The value at a share of a sorted list, by the nearest rank. */
export function atShare<Value>(sorted: readonly [Value, ...Value[]] | readonly Value[], share: number): Value {
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil(share * sorted.length)));
  return sorted[rank - 1] as Value;
}

const ceilDivide = (amount: bigint, by: bigint) => (amount + by - 1n) / by;
