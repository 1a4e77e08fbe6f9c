import { type AnytimeEstimate, type CannotTell, sequentialBoundary } from '../../stats/index.ts';
import type { WatchBoundaries } from './look-at-metric.ts';
import { goalsOf, type WatchPlan } from './paired-watch.ts';

/**
 * Whether a win is out of reach: the interval excludes the smallest effect that matters, or, from half of the plan on, the
 * chance to cross the boundary at the planned end is under 5 % even if that effect is real (conditional power: Lan,
 * Simon & Halperin 1982). `deviation` is that of one observation: the standard error is deviation / √count. Stopping for it can only lose power, never make a false winner.
 */
export function isFutile(
  watched: { readonly count: number; readonly mean: number; readonly deviation: number },
  effect: AnytimeEstimate | CannotTell,
  { definition, plannedUnits }: WatchPlan,
  { conclusion }: WatchBoundaries,
): boolean {
  if (effect.kind !== 'anytime') return false;
  const { margin, better } = goalsOf(definition)[0]!;
  const sign = better === 'lower' ? -1 : 1;
  const bestBenefit = sign > 0 ? effect.interval.high : -effect.interval.low;
  const hoped = margin > 0 ? 0 : definition.smallestEffect;
  if (bestBenefit < hoped && margin === 0) return true;
  const { count, mean, deviation } = watched;
  const left = plannedUnits - count;
  if (count < plannedUnits / 2 || left <= 0) return false;
  if (deviation === 0) return false;
  const needed = (sequentialBoundary(plannedUnits, conclusion) * deviation) / Math.sqrt(plannedUnits) - margin;
  const expected = (count * sign * mean + left * hoped) / plannedUnits;
  const spread = (deviation * Math.sqrt(left)) / plannedUnits;
  return (expected - needed) / spread < leastChance;
}

/** Φ⁻¹(0.05): the chance of a win below which going on is a waste. */
const leastChance = -1.6448536269514722;
