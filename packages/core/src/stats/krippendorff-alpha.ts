import type { Random } from '../kernel/index.ts';
import { bootstrapInterval } from './bootstrap.ts';
import { type CannotTell, cannotTell } from './cannot-tell.ts';
import type { ConfidenceOption, Interval } from './estimate.ts';

export interface AlphaEstimate {
  readonly kind: 'alpha';
  /** 1 perfect, 0 as by chance. */
  readonly estimate: number;
  /** Percentile bootstrap over units; undefined without `random` or with too few units. */
  readonly interval: Interval | undefined;
  /** Units with at least two ratings; only they count. */
  readonly units: number;
}

export type RatingScale = 'nominal' | 'ordinal' | 'interval';

/**
 * Agreement of any number of raters with gaps: 1 − D_observed / D_expected by the coincidence matrix (Krippendorff 2011,
 * "Computing Krippendorff's alpha-reliability", steps B and C). `ratings[unit]` holds the ratings of one item,
 * undefined where a rater gave none; numbers for 'ordinal' and 'interval', any whole codes for 'nominal'. "Cannot tell"
 * when no unit has two ratings, a rating is not finite, or all ratings are equal.
 */
export function krippendorffAlpha(
  ratings: readonly (readonly (number | undefined)[])[],
  scale: RatingScale,
  options: ConfidenceOption & { readonly random?: Random; readonly resamples?: number } = {},
): AlphaEstimate | CannotTell {
  const units = ratings.map((unit) => unit.filter((rating) => rating !== undefined)).filter((unit) => unit.length >= 2);
  if (units.length === 0) return cannotTell('empty', 'No item has two ratings yet.');
  if (!units.every((unit) => unit.every(Number.isFinite))) {
    return cannotTell('not-finite', 'A rating is not a finite number; leave it out or correct it.');
  }
  const estimate = alphaOf(units, scale);
  if (estimate === undefined)
    return cannotTell('zero-variance', 'All ratings are equal; agreement beyond chance is undefined.');
  const interval =
    options.random &&
    bootstrapInterval(units, (sample) => alphaOf(sample, scale) ?? 1, {
      method: 'percentile',
      resamples: options.resamples ?? 1_000,
      random: options.random,
      ...(options.confidence === undefined ? {} : { confidence: options.confidence }),
    });
  return {
    kind: 'alpha',
    estimate,
    interval: interval?.kind === 'bootstrap' ? interval.interval : undefined,
    units: units.length,
  };
}

function alphaOf(units: readonly (readonly number[])[], scale: RatingScale): number | undefined {
  const totals = new Map<number, number>();
  for (const unit of units) for (const rating of unit) totals.set(rating, (totals.get(rating) ?? 0) + 1);
  const values = [...totals.keys()].sort((a, b) => a - b);
  const count = values.reduce((sum, value) => sum + totals.get(value)!, 0);
  const below = new Map<number, number>();
  let passed = 0;
  for (const value of values) {
    below.set(value, passed + totals.get(value)! / 2);
    passed += totals.get(value)!;
  }
  const distance = (left: number, right: number): number => {
    if (left === right) return 0;
    if (scale === 'nominal') return 1;
    return scale === 'interval' ? (left - right) ** 2 : (below.get(left)! - below.get(right)!) ** 2;
  };
  let observed = 0;
  for (const unit of units) {
    let sum = 0;
    for (let i = 0; i < unit.length; i++) for (let j = 0; j < i; j++) sum += distance(unit[i]!, unit[j]!);
    observed += (2 * sum) / (unit.length - 1);
  }
  let expected = 0;
  for (const left of values) {
    for (const right of values) expected += totals.get(left)! * totals.get(right)! * distance(left, right);
  }
  return expected === 0 ? undefined : 1 - ((count - 1) * observed) / expected;
}
