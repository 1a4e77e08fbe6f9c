import { type CannotTell, cannotTell, findSampleProblem, requireSameLength } from './cannot-tell.ts';
import { type ConfidenceOption, type Estimate, studentEstimate } from './estimate.ts';
import { covarianceOf, momentsOf, type RunningMoments, varianceOf } from './running-moments.ts';
import { satterthwaite } from './welch-t-test.ts';

/**
 * Relative change of the mean, mean(variant) / mean(baseline) − 1 (0.1 is +10 %), of two independent samples. Delta
 * method (Deng, Knoblich & Lu 2018), Satterthwaite degrees of freedom. "Cannot tell" while the baseline's mean
 * is within four of its standard errors of zero: a ratio to nearly nothing has no usable interval (Fieller 1954).
 */
export function lift(
  baseline: readonly number[],
  variant: readonly number[],
  options: ConfidenceOption = {},
): Estimate | CannotTell {
  const problem = findSampleProblem(baseline, 2, 'baseline') ?? findSampleProblem(variant, 2, 'variant');
  if (problem) return problem;
  const before = momentsOf(baseline);
  const after = momentsOf(variant);
  const nearZero = findBaselineNearZero(before);
  if (nearZero) return nearZero;
  const ratio = after.mean / before.mean;
  const beforePart = (ratio * ratio * varianceOf(before)) / before.count / before.mean ** 2;
  const afterPart = varianceOf(after) / after.count / before.mean ** 2;
  return studentEstimate(
    {
      estimate: ratio - 1,
      standardError: Math.sqrt(beforePart + afterPart),
      degreesOfFreedom: satterthwaite(beforePart, before.count - 1, afterPart, after.count - 1),
    },
    { ...options, cautions: Math.min(before.count, after.count) < 30 ? ['few-values'] : [] },
  );
}

/** The same for pairs (`baseline[i]` and `variant[i]` of one item): the covariance of the two sides counts. */
export function pairedLift(
  baseline: readonly number[],
  variant: readonly number[],
  options: ConfidenceOption = {},
): Estimate | CannotTell {
  requireSameLength(baseline, variant, 'baseline and variant');
  const problem = findSampleProblem(baseline, 2, 'baseline') ?? findSampleProblem(variant, 2, 'variant');
  if (problem) return problem;
  const nearZero = findBaselineNearZero(momentsOf(baseline));
  if (nearZero) return nearZero;
  const ratio = ratioOfSums(variant, baseline, options);
  if (ratio.kind === 'cannot-tell') return ratio;
  const shifted = { estimate: ratio.estimate - 1, standardError: ratio.standardError };
  return studentEstimate(
    { ...shifted, degreesOfFreedom: ratio.degreesOfFreedom },
    { ...options, cautions: ratio.cautions },
  );
}

/**
 * Σ numerators / Σ denominators, e.g. cost per success: `numerators[i]` and `denominators[i]` belong to one independent
 * unit (call, item or cluster). Delta method: the error of the mean of (y − R·x) / mean(x), t with n − 1 degrees of
 * freedom (Deng, Knoblich & Lu 2018). The p-value is against 0. Unit: numerator per denominator.
 */
export function ratioOfSums(
  numerators: readonly number[],
  denominators: readonly number[],
  options: ConfidenceOption = {},
): Estimate | CannotTell {
  requireSameLength(numerators, denominators, 'numerators and denominators');
  const problem = findSampleProblem(numerators, 2, 'numerators') ?? findSampleProblem(denominators, 2, 'denominators');
  if (problem) return problem;
  const top = momentsOf(numerators);
  const bottom = momentsOf(denominators);
  if (bottom.mean === 0) return cannotTell('baseline-near-zero', 'The denominator is zero, e.g. no success yet.');
  const ratio = top.mean / bottom.mean;
  const variance =
    varianceOf(top) + ratio * ratio * varianceOf(bottom) - 2 * ratio * covarianceOf(numerators, denominators);
  const dust = 1e-28 * (varianceOf(top) + ratio * ratio * varianceOf(bottom));
  return studentEstimate(
    {
      estimate: ratio,
      standardError: variance > dust ? Math.sqrt(variance / top.count) / Math.abs(bottom.mean) : 0,
      degreesOfFreedom: top.count - 1,
    },
    { ...options, cautions: top.count < 30 ? ['few-values'] : [] },
  );
}

function findBaselineNearZero(baseline: RunningMoments): CannotTell | undefined {
  const standardError = Math.sqrt(varianceOf(baseline) / baseline.count);
  if (Math.abs(baseline.mean) > 4 * standardError) return undefined;
  return cannotTell(
    'baseline-near-zero',
    'The baseline is too close to zero for a change in percent; look at the absolute difference.',
  );
}
