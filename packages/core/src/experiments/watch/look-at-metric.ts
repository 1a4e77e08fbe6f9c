import {
  type AnytimeEstimate,
  anytimeMean,
  type BetterDirection,
  type CannotTell,
  type MarginResult,
  planSequential,
  type SequentialPlan,
  skewnessOf,
  testMarginAnytime,
  varianceOf,
} from '../../stats/index.ts';
import type { ExperimentDefinition } from '../definition/experiment-definition.ts';
import { isShareMetric } from '../definition/metric.ts';
import { constantLook, constantPValue } from './constant-difference.ts';
import type { WatchedMetric } from './paired-watch.ts';

/** The boundaries of a test, made once. */
export interface WatchBoundaries {
  /** For intervals: together they hold for all variants (Bonferroni). */
  readonly interval: SequentialPlan;
  /** For conclusions: one-sided at half of alpha each way, so that both ways together are wrong in alpha at the most. */
  readonly conclusion: SequentialPlan;
}

export function boundariesOf(definition: ExperimentDefinition, plannedUnits: number): WatchBoundaries {
  const { alpha } = definition.stop;
  const plannedObservations = Math.max(1, plannedUnits);
  const comparisons = definition.variants.length - 1;
  return {
    interval: planSequential({ plannedObservations, confidence: 1 - alpha / comparisons }),
    conclusion: planSequential({ plannedObservations, confidence: 1 - alpha / 2, sides: 1 }),
  };
}

/** The effect so far with an interval that holds at every look. */
export function lookAtMetric(
  metric: string,
  watched: WatchedMetric,
  boundaries: WatchBoundaries,
): AnytimeEstimate | CannotTell {
  const { differences } = watched;
  if (isConstantShare(metric, watched, boundaries.interval)) {
    return constantLook(differences.mean, differences.count, boundaries.interval.alpha);
  }
  return anytimeMean(differences, boundaries.interval);
}

/** Whether the variant is not worse than by the margin, readable at every look. */
export function lookAtMargin(
  metric: string,
  watched: WatchedMetric,
  goal: { readonly better: BetterDirection; readonly margin: number },
  { conclusion }: WatchBoundaries,
): MarginResult | CannotTell {
  const { differences } = watched;
  const { count, mean } = differences;
  if (isConstantShare(metric, watched, conclusion)) {
    const benefit = goal.better === 'higher' ? mean : -mean;
    const passPValue = constantPValue(benefit, count, -goal.margin);
    const harmPValue = constantPValue(-benefit, count, goal.margin);
    const verdict = passPValue <= conclusion.alpha ? 'passed' : harmPValue <= conclusion.alpha ? 'harmed' : 'open';
    const { low } = constantLook(benefit, count, 2 * conclusion.alpha).interval;
    return { kind: 'margin', verdict, passPValue, harmPValue, benefitAtLeast: low };
  }
  const standardError = count > 0 ? Math.sqrt(varianceOf(differences) / count) : 0;
  const difference = { estimate: mean, standardError, degreesOfFreedom: count - 1, observations: count };
  return testMarginAnytime({ ...difference, skewness: skewnessOf(differences) }, goal, conclusion);
}

function isConstantShare(metric: string, { differences }: WatchedMetric, plan: SequentialPlan): boolean {
  return isShareMetric(metric) && differences.count >= plan.firstLook && varianceOf(differences) === 0;
}
