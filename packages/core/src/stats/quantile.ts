import { type CannotTell, cannotTell, findSampleProblem, requireProbability } from './cannot-tell.ts';
import { binomialCdf } from './distributions.ts';
import { type ConfidenceOption, defaultConfidence, type Interval } from './estimate.ts';

export interface QuantileEstimate {
  readonly kind: 'quantile';
  readonly estimate: number;
  readonly interval: Interval;
}

/**
 * Which of `count` ascending values is the quantile, 1 for the smallest: the first that at least the share `probability`
 * in [0, 1] lies at or below (Hyndman & Fan 1996, type 1), so that "95 of 100 within" holds for three values too.
 */
export function quantileRank(probability: number, count: number): number {
  // Less the rounding of the product: 0.07 times 100 is a little more than 7.
  return Math.max(1, Math.ceil(probability * count * (1 - 1e-12)));
}

/** Quantile of an ascending list by linear interpolation (Hyndman & Fan 1996, type 7). `probability` in [0, 1]. */
export function sortedQuantile(sorted: ArrayLike<number>, probability: number): number {
  const place = probability * (sorted.length - 1);
  const below = Math.min(sorted.length - 1, Math.max(0, Math.floor(place)));
  const low = sorted[below]!;
  const high = sorted[Math.min(sorted.length - 1, below + 1)]!;
  return low + (place - below) * (high - low);
}

/**
 * Quantile with a distribution-free interval between two order statistics (Conover 1999, sec. 3.2). Coverage is at
 * least `confidence`, whatever the shape of the data. "Cannot tell" when the tail is not reached yet: the message says
 * how many values it takes (72 for the 95th percentile at 95 %).
 */
export function quantileInterval(
  values: readonly number[],
  probability: number,
  options: ConfidenceOption = {},
): QuantileEstimate | CannotTell {
  const problem = findSampleProblem(values, 2, 'the sample');
  if (problem) return problem;
  const sorted = Float64Array.from(values).sort();
  const ranks = quantileRanks(sorted.length, probability, options);
  if ('kind' in ranks) return ranks;
  return {
    kind: 'quantile',
    estimate: sortedQuantile(sorted, probability),
    interval: { low: sorted[ranks.low - 1]!, high: sorted[ranks.high - 1]!, confidence: ranks.confidence },
  };
}

/** Ranks (from 1) of the two order statistics that enclose the quantile; also serves sketches, which know ranks only. */
export function quantileRanks(
  count: number,
  probability: number,
  options: ConfidenceOption = {},
): { readonly low: number; readonly high: number; readonly confidence: number } | CannotTell {
  const confidence = options.confidence ?? defaultConfidence;
  requireProbability(confidence, 'confidence');
  requireProbability(probability, 'probability');
  const tail = (1 - confidence) / 2;
  const low = largestWithin(count, probability, tail);
  const high = count + 1 - largestWithin(count, 1 - probability, tail);
  if (low < 1 || high > count) {
    const rarer = Math.max(probability, 1 - probability);
    const needed = Math.ceil(Math.log(tail) / Math.log(rarer));
    return cannotTell('too-few', `An interval for this percentile takes ${needed} values, there are ${count}.`);
  }
  return { low, high, confidence };
}

/** The largest r with P(Binomial(count, probability) ≤ r − 1) ≤ tail; 0 when there is none. */
function largestWithin(count: number, probability: number, tail: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (binomialCdf(middle - 1, count, probability) <= tail) low = middle;
    else high = middle - 1;
  }
  return low;
}
