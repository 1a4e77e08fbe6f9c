import { type CannotTell, cannotTell, findSampleProblem, requireSameLength } from './cannot-tell.ts';
import type { ClusteredValue } from './cluster-robust.ts';
import { covarianceOf, momentsOf, varianceOf } from './running-moments.ts';

export interface IntraclassCorrelation {
  readonly kind: 'intraclass-correlation';
  /** Share of the variance that lies between clusters, 0 to 1 (estimates below 0 count as 0). For `designEffect`. */
  readonly estimate: number;
  /** Mean number of values per cluster, and its coefficient of variation. For `designEffect`. */
  readonly clusterSize: number;
  readonly clusterSizeVariation: number;
}

/**
 * How alike the values of one cluster are, from past data: the one-way ANOVA estimator (MSB − MSW)/(MSB + (m₀ − 1)·MSW)
 * with m₀ for unequal sizes (Donner 1986). Takes 2 clusters, and more values than clusters.
 */
export function estimateIntraclassCorrelation(values: readonly ClusteredValue[]): IntraclassCorrelation | CannotTell {
  const numbers = values.map((entry) => entry.value);
  const problem = findSampleProblem(numbers, 3, 'the past');
  if (problem) return problem;
  const clusters = [...Map.groupBy(values, (entry) => entry.cluster).values()].map((group) =>
    momentsOf(group.map((entry) => entry.value)),
  );
  const total = numbers.length;
  const count = clusters.length;
  if (count < 2) return cannotTell('too-few', 'All values belong to one cluster; it takes two at least.');
  if (total === count) return cannotTell('too-few', 'Every cluster has one value, so likeness within cannot be seen.');
  const mean = momentsOf(numbers).mean;
  const within = clusters.reduce((sum, cluster) => sum + cluster.squaredDeviations, 0) / (total - count);
  const between = clusters.reduce((sum, cluster) => sum + cluster.count * (cluster.mean - mean) ** 2, 0) / (count - 1);
  const typicalSize = (total - clusters.reduce((sum, cluster) => sum + cluster.count ** 2, 0) / total) / (count - 1);
  const spread = between + (typicalSize - 1) * within;
  if (!(spread > 0)) return cannotTell('zero-variance', 'All values are equal, so nothing shows how alike they are.');
  const sizes = momentsOf(clusters.map((cluster) => cluster.count));
  return {
    kind: 'intraclass-correlation',
    estimate: Math.min(1, Math.max(0, (between - within) / spread)),
    clusterSize: sizes.mean,
    clusterSizeVariation: Math.sqrt(varianceOf(sizes)) / sizes.mean,
  };
}

/** Pearson's correlation of pairs, −1 to 1, for `pairedDifferenceDeviation`; undefined below 3 pairs or without variance. */
export function correlationOf(left: readonly number[], right: readonly number[]): number | undefined {
  requireSameLength(left, right, 'left and right');
  const spread = Math.sqrt(varianceOf(momentsOf(left)) * varianceOf(momentsOf(right)));
  if (left.length < 3 || !(spread > 0 && Number.isFinite(spread))) return undefined;
  return Math.min(1, Math.max(-1, covarianceOf(left, right) / spread));
}
