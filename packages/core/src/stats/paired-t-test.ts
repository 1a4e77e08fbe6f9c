import { type CannotTell, findSampleProblem, requireSameLength } from './cannot-tell.ts';
import { type ConfidenceOption, type Estimate, studentEstimate } from './estimate.ts';
import { momentsOf, varianceOf } from './running-moments.ts';

/**
 * Mean of the differences of pairs (same item, two variants), variant minus baseline. Student (1908): t with n − 1
 * degrees of freedom. `baseline[i]` and `variant[i]` belong to the same item; throws RangeError on unequal lengths.
 */
export function pairedTTest(
  baseline: readonly number[],
  variant: readonly number[],
  options: ConfidenceOption = {},
): Estimate | CannotTell {
  requireSameLength(baseline, variant, 'baseline and variant');
  return oneSampleTTest(
    variant.map((value, i) => value - baseline[i]!),
    options,
  );
}

/** Mean of `values` with Student's interval; the p-value is against a mean of 0. Needs two values and some variance. */
export function oneSampleTTest(values: readonly number[], options: ConfidenceOption = {}): Estimate | CannotTell {
  const problem = findSampleProblem(values, 2, 'the differences');
  if (problem) return problem;
  const moments = momentsOf(values);
  return studentEstimate(
    {
      estimate: moments.mean,
      standardError: Math.sqrt(varianceOf(moments) / moments.count),
      degreesOfFreedom: moments.count - 1,
    },
    { ...options, cautions: moments.count < 10 ? ['few-values'] : [] },
  );
}
