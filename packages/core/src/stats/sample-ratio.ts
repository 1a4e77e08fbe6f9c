import { type CannotTell, cannotTell, requirePositive } from './cannot-tell.ts';
import { chiSquareUpperTail } from './distributions.ts';

export interface SampleRatioResult {
  readonly kind: 'sample-ratio';
  readonly chiSquare: number;
  readonly pValue: number;
  readonly expected: readonly number[];
}

/**
 * Did the split come out as planned? Pearson's chi-square (1900) of the counts per variant against the planned weights
 * (any positive scale), k − 1 degrees of freedom. For one look at the end; while data come in use
 * `observeSampleRatio`. "Cannot tell" below 5 expected in a variant, where chi-square does not hold.
 */
export function sampleRatioTest(
  counts: readonly number[],
  plannedWeights: readonly number[],
): SampleRatioResult | CannotTell {
  const shares = plannedShares(counts, plannedWeights);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return cannotTell('empty', 'Nothing has been assigned yet.');
  const expected = shares.map((share) => share * total);
  if (Math.min(...expected) < 5) {
    const needed = Math.ceil(5 / Math.min(...shares));
    return cannotTell('too-few', `The split can be checked from ${needed} assignments on, there are ${total}.`);
  }
  const chiSquare = expected.reduce((sum, want, i) => sum + (counts[i]! - want) ** 2 / want, 0);
  return { kind: 'sample-ratio', chiSquare, pValue: chiSquareUpperTail(chiSquare, counts.length - 1), expected };
}

/** Weights as shares that add up to 1; throws RangeError on bad weights, counts or lengths. */
export function plannedShares(counts: readonly number[], weights: readonly number[]): readonly number[] {
  if (counts.length !== weights.length || counts.length < 2) {
    throw new RangeError(`it takes one weight per variant and two variants at least, got ${weights.length} weights`);
  }
  for (const weight of weights) requirePositive(weight, 'planned weight');
  for (const count of counts) {
    if (!Number.isInteger(count) || count < 0)
      throw new RangeError(`counts must be whole and not negative, got ${count}`);
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
