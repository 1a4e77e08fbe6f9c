import { type CannotTell, cannotTell } from './cannot-tell.ts';
import { normalCdf, normalQuantile, studentCdf, studentQuantile } from './distributions.ts';
import type { Interval } from './estimate.ts';
import { addToMoments, noMoments, type RunningMoments, skewnessOf, varianceOf } from './running-moments.ts';
import { type SequentialPlan, sequentialBoundary, sequentialPValue } from './sequential-plan.ts';

/** One look at a running test. One-sided plans have an infinite `high` ('low' is the bound) and test "not above null". */
export interface AnytimeEstimate {
  readonly kind: 'anytime';
  readonly estimate: number;
  readonly standardError: number;
  readonly observations: number;
  /** Holds for this look; all looks together hold with the planned confidence. */
  readonly interval: Interval;
  /** Of this look alone; the running minimum (`watchMean`) is valid as well. */
  readonly pValue: number;
}

/**
 * Interval and p-value that may be read at every look. Any estimate with a standard error that is a sum over
 * observations will do: a mean of paired differences, a difference of arms, AIPW scores of adaptive traffic.
 *
 * Boundary: asymptotic confidence sequence (Waudby-Smith et al. 2024, Theorem 2.2). It is exact in the limit only, so
 * three things guard small samples: no answer before `plan.firstLook`; the t quantile of the same tail with
 * `degreesOfFreedom` in place of the normal multiplier; and, when `skewness` is given, rejection only where Hall's (1992)
 * skewness-corrected statistic agrees, which the interval covers too. Simulated error rates: docs/statistics.md.
 * "Cannot tell" without variance and before the first look.
 */
export function anytimeEstimate(
  look: {
    readonly estimate: number;
    readonly standardError: number;
    readonly observations: number;
    readonly degreesOfFreedom: number;
    /** Sample skewness of the observations (`skewnessOf`); 0 when left out. */
    readonly skewness?: number;
  },
  plan: SequentialPlan,
  options: { readonly nullValue?: number } = {},
): AnytimeEstimate | CannotTell {
  const { estimate, standardError, observations, degreesOfFreedom, skewness = 0 } = look;
  if (![estimate, standardError, skewness, observations].every(Number.isFinite)) {
    return cannotTell('not-finite', 'A value is not a finite number; leave it out or correct it.');
  }
  if (observations < plan.firstLook || !(degreesOfFreedom >= 1)) {
    return cannotTell('too-few', `The first look takes ${plan.firstLook} observations, there are ${observations}.`);
  }
  if (standardError <= 0) return cannotTell('zero-variance', 'All values are equal so far; wait for more.');
  const z = sequentialBoundary(observations, plan);
  const reach = -studentQuantile(normalCdf(-z), degreesOfFreedom);
  if (!Number.isFinite(reach)) return cannotTell('too-few', 'Too few observations for an interval yet.');
  const above = Math.max(reach, uncorrectSkewness(reach, skewness, observations));
  const below = Math.min(-reach, uncorrectSkewness(-reach, skewness, observations));
  const t = (estimate - (options.nullValue ?? 0)) / standardError;
  const statistic = weaker(t, correctSkewness(t, skewness, observations), plan.sides);
  return {
    kind: 'anytime',
    estimate,
    standardError,
    observations,
    interval: {
      low: estimate - above * standardError,
      high: plan.sides === 2 ? estimate - below * standardError : Number.POSITIVE_INFINITY,
      confidence: 1 - plan.alpha,
    },
    pValue: sequentialPValue(toNormal(statistic, degreesOfFreedom), observations, plan),
  };
}

/**
 * Hall's monotone cubic (1992, "On the removal of skewness by transformation"): with u = (mean − μ)/σ̂ the statistic
 * √n·(u + g·u²/3 + g²·u³/27 + g/(6n)) is free of skewness g to first order.
 */
function correctSkewness(t: number, skewness: number, observations: number): number {
  const u = t / Math.sqrt(observations - 1);
  const cubic = u + (skewness * u * u) / 3 + (skewness * skewness * u ** 3) / 27;
  return Math.sqrt(observations) * (cubic + skewness / (6 * observations));
}

/** The t whose corrected value is `corrected`. */
function uncorrectSkewness(corrected: number, skewness: number, observations: number): number {
  const shifted = corrected / Math.sqrt(observations) - skewness / (6 * observations);
  const u = Math.abs(skewness) < 1e-6 ? shifted : (3 / skewness) * (Math.cbrt(1 + skewness * shifted) - 1);
  return u * Math.sqrt(observations - 1);
}

/** The statistic that speaks less against the null; 0 when the two disagree about the direction. */
function weaker(left: number, right: number, sides: 1 | 2): number {
  if (sides === 1) return Math.min(left, right);
  if (left * right <= 0) return 0;
  return Math.abs(left) < Math.abs(right) ? left : right;
}

/** The z with the tail of `t` in Student's distribution, kept on the side of `t`. */
function toNormal(t: number, degreesOfFreedom: number): number {
  const z = -normalQuantile(studentCdf(-Math.abs(t), degreesOfFreedom));
  return t < 0 ? -z : z;
}

/** State of a running mean under watch; plain data, so it survives a restart. */
export interface MeanWatch {
  readonly moments: RunningMoments;
  /** Smallest p-value of all looks so far. */
  readonly minPValue: number;
  /** Intersection of all intervals so far; never widens. May be empty (low > high) when the mean drifts. */
  readonly low: number;
  readonly high: number;
}

export const startMeanWatch: MeanWatch = {
  moments: noMoments,
  minPValue: 1,
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
};

/**
 * One value more (e.g. the difference of one pair), then a look. Values that are not finite are refused with RangeError:
 * decide about missing answers before.
 */
export function watchMean(
  watch: MeanWatch,
  value: number,
  plan: SequentialPlan,
  options: { readonly nullValue?: number } = {},
): { readonly watch: MeanWatch; readonly look: AnytimeEstimate | CannotTell } {
  if (!Number.isFinite(value)) throw new RangeError(`an observation must be a finite number, got ${value}`);
  const moments = addToMoments(watch.moments, value);
  const look = anytimeMean(moments, plan, options);
  if (look.kind === 'cannot-tell') return { watch: { ...watch, moments }, look };
  return {
    watch: {
      moments,
      minPValue: Math.min(watch.minPValue, look.pValue),
      low: Math.max(watch.low, look.interval.low),
      high: Math.min(watch.high, look.interval.high),
    },
    look,
  };
}

/** A look at a mean from its moments; the variance is the running one. */
export function anytimeMean(
  moments: RunningMoments,
  plan: SequentialPlan,
  options: { readonly nullValue?: number } = {},
): AnytimeEstimate | CannotTell {
  return anytimeEstimate(
    {
      estimate: moments.mean,
      standardError: moments.count > 0 ? Math.sqrt(varianceOf(moments) / moments.count) : 0,
      observations: moments.count,
      degreesOfFreedom: moments.count - 1,
      skewness: skewnessOf(moments),
    },
    plan,
    options,
  );
}
