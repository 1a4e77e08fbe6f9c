import { requirePositive } from './cannot-tell.ts';

/**
 * Factor by which clustering inflates the variance of a mean: 1 + ((cv² + 1)·m − 1)·ICC (Kish 1965; unequal sizes:
 * Eldridge, Ashby & Kerry 2006). `clusterSize` m is the mean number of values per cluster, `intraclassCorrelation` in
 * [0, 1], `clusterSizeVariation` cv the coefficient of variation of the sizes (0: all equal).
 */
export function designEffect(design: {
  readonly clusterSize: number;
  readonly intraclassCorrelation: number;
  readonly clusterSizeVariation?: number;
}): number {
  requirePositive(design.clusterSize, 'clusterSize');
  const variation = design.clusterSizeVariation ?? 0;
  if (!(design.intraclassCorrelation >= 0 && design.intraclassCorrelation <= 1)) {
    throw new RangeError(`intraclassCorrelation must lie in [0, 1], got ${design.intraclassCorrelation}`);
  }
  return 1 + ((variation * variation + 1) * design.clusterSize - 1) * design.intraclassCorrelation;
}

/**
 * Standard deviation of the difference of one pair: √(s₁² + s₂² − 2·r·s₁·s₂), r the correlation of the two variants over
 * items, in [−1, 1]. r near 1 is why pairing saves calls.
 */
export function pairedDifferenceDeviation(pair: {
  readonly baselineDeviation: number;
  readonly variantDeviation: number;
  readonly correlation: number;
}): number {
  if (!(pair.correlation >= -1 && pair.correlation <= 1)) {
    throw new RangeError(`correlation must lie in [-1, 1], got ${pair.correlation}`);
  }
  const { baselineDeviation: left, variantDeviation: right } = pair;
  return Math.sqrt(Math.max(0, left * left + right * right - 2 * pair.correlation * left * right));
}

/**
 * Standard deviation of an item's mean difference when each item is answered `repeats` times per variant: the part
 * between items stays, the part within items shrinks, √(between² + within² / repeats).
 */
export function repeatedDifferenceDeviation(parts: {
  readonly betweenItemDeviation: number;
  readonly withinItemDeviation: number;
  readonly repeats: number;
}): number {
  requirePositive(parts.repeats, 'repeats');
  return Math.hypot(parts.betweenItemDeviation, parts.withinItemDeviation / Math.sqrt(parts.repeats));
}
