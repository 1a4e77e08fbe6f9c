import { computeCost, type PriceQuote } from '../catalog/index.ts';
import type { NanoUsd } from '../kernel/index.ts';
import { larger, smaller } from './amounts.ts';
import type { CallEstimate } from './estimate-call.ts';
import { atShare } from './runs-left.ts';

/** `history`: the lengths of this model's recent answers; `guess`: from a short answer to a usual one. */
export type CostBasis = 'history' | 'guess';

/** What a call will probably cost, in nano-USD. */
export interface CostRange {
  readonly lowNanoUsd: NanoUsd;
  readonly likelyNanoUsd: NanoUsd;
  readonly highNanoUsd: NanoUsd;
  readonly basis: CostBasis;
  /** Records behind it; 0 for a guess. */
  readonly sampleSize: number;
}

/** From so many records on history counts more than a guess. */
export const fewestRecordsForRange = 10;

/**
 * What a call will cost before it is made, from how long recent answers were (`outputTokens`, reasoning included): the
 * input of this call and an answer of the 10 %, 50 % and 90 % quantile; with fewer than ten, from a short answer to a usual
 * one, the middle being their geometric mean. Never above the most that the call can use. Undefined without a price.
 */
export function estimateCostRange(
  estimate: CallEstimate,
  price: PriceQuote | undefined,
  outputTokens: readonly number[],
): CostRange | undefined {
  const most = estimate.upperBound.costNanoUsd;
  if (most === undefined || !price) return undefined;
  if (outputTokens.length < fewestRecordsForRange) return guess(estimate, most);
  const sorted = outputTokens.toSorted((a, b) => a - b);
  const { inputTokens, maxOutputTokens } = estimate;
  const costAt = (share: number): NanoUsd => {
    const cost = computeCost({ inputTokens, outputTokens: Math.min(maxOutputTokens, atShare(sorted, share)) }, price);
    return cost.kind === 'known' ? smaller(cost.costNanoUsd, most) : most;
  };
  return {
    lowNanoUsd: costAt(0.1),
    likelyNanoUsd: costAt(0.5),
    highNanoUsd: costAt(0.9),
    basis: 'history',
    sampleSize: sorted.length,
  };
}

function guess({ expected }: CallEstimate, most: NanoUsd): CostRange | undefined {
  if (!expected) return undefined;
  const lowNanoUsd = smaller(expected.lowNanoUsd, most);
  const highNanoUsd = smaller(expected.highNanoUsd, most);
  const middle = BigInt(Math.round(Math.sqrt(Number(lowNanoUsd) * Number(highNanoUsd))));
  const likelyNanoUsd = larger(lowNanoUsd, smaller(middle, highNanoUsd));
  return { lowNanoUsd, likelyNanoUsd, highNanoUsd, basis: 'guess', sampleSize: 0 };
}
