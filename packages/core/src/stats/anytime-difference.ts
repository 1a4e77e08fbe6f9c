import { type CannotTell, cannotTell } from './cannot-tell.ts';
import { type AnytimeEstimate, anytimeEstimate } from './confidence-sequence.ts';
import { type RunningMoments, skewnessOf, varianceOf } from './running-moments.ts';
import type { SequentialPlan } from './sequential-plan.ts';
import { satterthwaite } from './welch-t-test.ts';

/**
 * A look at a live split: difference of two independent means, variant minus baseline, unit of the data. `plan` counts the
 * observations of both arms together; the shares of the arms should be about constant over time (a ramp-up is a new
 * test). Welch's standard error and Satterthwaite's degrees of freedom in `anytimeEstimate`; the skewness is that of
 * the difference (third cumulants subtract). Each arm needs half of the plan's first look.
 */
export function anytimeDifference(
  baseline: RunningMoments,
  variant: RunningMoments,
  plan: SequentialPlan,
  options: { readonly nullValue?: number } = {},
): AnytimeEstimate | CannotTell {
  const needed = Math.max(2, Math.ceil(plan.firstLook / 2));
  const smaller = Math.min(baseline.count, variant.count);
  if (smaller < needed) {
    return cannotTell('too-few', `The first look takes ${needed} observations of each variant, one has ${smaller}.`);
  }
  return anytimeEstimate(differenceOfArms(baseline, variant), plan, options);
}

/** Difference of two independent means with what a look at it takes; two observations of each arm at least. */
export function differenceOfArms(
  baseline: RunningMoments,
  variant: RunningMoments,
): {
  readonly estimate: number;
  readonly standardError: number;
  readonly observations: number;
  readonly degreesOfFreedom: number;
  readonly skewness: number;
} {
  const baselineShare = varianceOf(baseline) / baseline.count;
  const variantShare = varianceOf(variant) / variant.count;
  const standardError = Math.sqrt(baselineShare + variantShare);
  const observations = baseline.count + variant.count;
  const thirdCumulant = meanCumulant(variant) - meanCumulant(baseline);
  return {
    estimate: variant.mean - baseline.mean,
    standardError,
    observations,
    degreesOfFreedom: satterthwaite(baselineShare, baseline.count - 1, variantShare, variant.count - 1),
    skewness: standardError === 0 ? 0 : (Math.sqrt(observations) * thirdCumulant) / standardError ** 3,
  };
}

/** Third cumulant of the mean: skewness · s³ / n². */
function meanCumulant(moments: RunningMoments): number {
  return (skewnessOf(moments) * varianceOf(moments) ** 1.5) / moments.count ** 2;
}
