/** Count, mean and sums of powers of the deviations of a stream; enough for variance, standard error and skewness. */
export interface RunningMoments {
  readonly count: number;
  readonly mean: number;
  readonly squaredDeviations: number;
  readonly cubedDeviations: number;
}

export const noMoments: RunningMoments = { count: 0, mean: 0, squaredDeviations: 0, cubedDeviations: 0 };

/** One value more (Welford 1962, third power by Pébay 2008); does not lose digits when the mean is far from zero. */
export function addToMoments(moments: RunningMoments, value: number): RunningMoments {
  return mergeMoments(moments, { count: 1, mean: value, squaredDeviations: 0, cubedDeviations: 0 });
}

/** Two streams as one (Chan, Golub & LeVeque 1983; Pébay 2008); merging is associative up to rounding. */
export function mergeMoments(left: RunningMoments, right: RunningMoments): RunningMoments {
  if (left.count === 0) return right;
  if (right.count === 0) return left;
  const count = left.count + right.count;
  const delta = right.mean - left.mean;
  const share = (delta * right.count) / count;
  return {
    count,
    mean: left.mean + share,
    squaredDeviations: left.squaredDeviations + right.squaredDeviations + delta * share * left.count,
    cubedDeviations:
      left.cubedDeviations +
      right.cubedDeviations +
      (delta * delta * share * left.count * (left.count - right.count)) / count +
      (3 * delta * (left.count * right.squaredDeviations - right.count * left.squaredDeviations)) / count,
  };
}

export function momentsOf(values: readonly number[]): RunningMoments {
  const mean = meanOf(values);
  let squaredDeviations = 0;
  let cubedDeviations = 0;
  for (const value of values) {
    const deviation = value - mean;
    squaredDeviations += deviation * deviation;
    cubedDeviations += deviation * deviation * deviation;
  }
  return { count: values.length, mean, squaredDeviations, cubedDeviations };
}

/** Sample skewness √n·Σd³ / (Σd²)^1.5; 0 for symmetric and for constant data. */
export function skewnessOf(moments: RunningMoments): number {
  if (varianceOf(moments) === 0) return 0;
  return (Math.sqrt(moments.count) * moments.cubedDeviations) / moments.squaredDeviations ** 1.5;
}

/** Sample variance with n − 1; 0 below two values. Rounding dust of a constant stream counts as 0. */
export function varianceOf(moments: RunningMoments): number {
  if (moments.count < 2) return 0;
  const variance = moments.squaredDeviations / (moments.count - 1);
  return variance <= 1e-28 * moments.mean * moments.mean ? 0 : variance;
}

/** Sample covariance with n − 1 of two equally long lists; 0 below two pairs. */
export function covarianceOf(left: readonly number[], right: readonly number[]): number {
  const count = left.length;
  if (count < 2) return 0;
  const leftMean = momentsOf(left).mean;
  const rightMean = momentsOf(right).mean;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (left[i]! - leftMean) * (right[i]! - rightMean);
  return sum / (count - 1);
}

/** Arithmetic mean; 0 of nothing. */
export function meanOf(values: readonly number[]): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += (values[i]! - mean) / (i + 1);
  return mean;
}
