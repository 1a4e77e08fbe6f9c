import { type CannotTell, cannotTell, findSampleProblem, requireSameLength } from './cannot-tell.ts';
import { covarianceOf, meanOf, momentsOf, varianceOf } from './running-moments.ts';

export interface CupedArm {
  /** The metric. */
  readonly outcomes: readonly number[];
  /** Known before the test and untouched by it, e.g. the item's score under last month's model; same order. */
  readonly covariates: readonly number[];
}

export interface CupedResult {
  readonly kind: 'cuped';
  /** Slope of outcome on covariate, pooled within the arms. */
  readonly theta: number;
  /** Share of the variance that is gone, θ-correlation squared, in [0, 1). */
  readonly varianceReduction: number;
  /** Adjusted outcomes per arm, same unit and order; feed them to the test you would have used. */
  readonly adjusted: readonly (readonly number[])[];
}

/**
 * CUPED (Deng, Xu, Kohavi & Walker 2013): y − θ(x − mean of all x), θ = cov(y, x) / var(x) pooled within
 * arms. Removes noise that the covariate explains and leaves the expected difference as it is. Needs 3 values per arm
 * and a covariate that varies.
 */
export function adjustWithCuped(arms: readonly CupedArm[]): CupedResult | CannotTell {
  if (arms.length === 0) return cannotTell('empty', 'There is no variant to adjust.');
  let covariance = 0;
  let covariateSpread = 0;
  let outcomeSpread = 0;
  for (const [i, arm] of arms.entries()) {
    requireSameLength(arm.outcomes, arm.covariates, 'outcomes and covariates');
    const name = `variant ${i + 1}`;
    const problem = findSampleProblem(arm.outcomes, 3, name) ?? findSampleProblem(arm.covariates, 3, name);
    if (problem) return problem;
    const weight = arm.outcomes.length - 1;
    covariance += weight * covarianceOf(arm.outcomes, arm.covariates);
    covariateSpread += weight * varianceOf(momentsOf(arm.covariates));
    outcomeSpread += weight * varianceOf(momentsOf(arm.outcomes));
  }
  if (covariateSpread === 0)
    return cannotTell('zero-variance', 'The covariate is the same everywhere and explains nothing.');
  const theta = covariance / covariateSpread;
  const centre = meanOf(arms.flatMap((arm) => arm.covariates));
  return {
    kind: 'cuped',
    theta,
    varianceReduction:
      outcomeSpread === 0 ? 0 : Math.min(1, (covariance * covariance) / (covariateSpread * outcomeSpread)),
    adjusted: arms.map((arm) => arm.outcomes.map((outcome, i) => outcome - theta * (arm.covariates[i]! - centre))),
  };
}
