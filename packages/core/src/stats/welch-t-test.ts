import { type CannotTell, findSampleProblem } from './cannot-tell.ts';
import { type ConfidenceOption, type Estimate, studentEstimate } from './estimate.ts';
import { momentsOf, type RunningMoments, varianceOf } from './running-moments.ts';

/**
 * Difference of two independent means, variant minus baseline, in the unit of the data. Welch (1947) with the degrees
 * of freedom of Satterthwaite (1946). Needs two values per side and some variance; otherwise "cannot tell".
 */
export function welchTTest(
  baseline: readonly number[],
  variant: readonly number[],
  options: ConfidenceOption = {},
): Estimate | CannotTell {
  const problem = findSampleProblem(baseline, 2, 'baseline') ?? findSampleProblem(variant, 2, 'variant');
  return problem ?? welchFromMoments(momentsOf(baseline), momentsOf(variant), options);
}

/** The same from count, mean and variance alone (at least two values per side). */
export function welchFromMoments(
  baseline: RunningMoments,
  variant: RunningMoments,
  options: ConfidenceOption = {},
): Estimate | CannotTell {
  const baselineShare = varianceOf(baseline) / baseline.count;
  const variantShare = varianceOf(variant) / variant.count;
  return studentEstimate(
    {
      estimate: variant.mean - baseline.mean,
      standardError: Math.sqrt(baselineShare + variantShare),
      degreesOfFreedom: satterthwaite(baselineShare, baseline.count - 1, variantShare, variant.count - 1),
    },
    { ...options, cautions: Math.min(baseline.count, variant.count) < 10 ? ['few-values'] : [] },
  );
}

/** Effective degrees of freedom of a sum of two independent variance estimates (Satterthwaite 1946). */
export function satterthwaite(left: number, leftDf: number, right: number, rightDf: number): number {
  const total = left + right;
  if (total === 0) return leftDf + rightDf;
  const leftPart = left / total;
  const rightPart = right / total;
  return 1 / ((leftPart * leftPart) / leftDf + (rightPart * rightPart) / rightDf);
}
