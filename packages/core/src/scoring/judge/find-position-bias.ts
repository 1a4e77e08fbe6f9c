import {
  type CannotTell,
  cannotTell,
  mcnemarTest,
  type ProportionEstimate,
  proportionInterval,
} from '../../stats/index.ts';
import { fewestJudged } from './agreement.ts';
import type { PairFact } from './judge-fact.ts';

/** Whether a pairwise judge sees the place instead of the answer. */
export interface PositionBias {
  /** Pairs that were asked for in both orders. */
  readonly pairs: number;
  /** How often the verdict changed with the order. */
  readonly changed: ProportionEstimate | CannotTell;
  /** Of the pairs where one place won in both orders: how often it was the first. */
  readonly firstPlace: ProportionEstimate | CannotTell;
  /** Exact, of "neither place is preferred"; undefined below 20 pairs. */
  readonly pValue: number | undefined;
  readonly isBiased: boolean;
}

/** Verdicts that follow the place, by the two orders in which each pair was asked. */
export function findPositionBias(pairs: readonly PairFact[]): PositionBias {
  const orders = pairs.flatMap((pair) => pair.orders ?? []);
  const turned = { first: 'second', second: 'first', tie: 'tie' } as const;
  const changed = orders.filter(({ baselineFirst, variantFirst }) => baselineFirst !== turned[variantFirst]);
  const placed = (place: 'first' | 'second') =>
    orders.filter(({ baselineFirst, variantFirst }) => baselineFirst === place && variantFirst === place).length;
  const [first, second] = [placed('first'), placed('second')];
  if (orders.length < fewestJudged) {
    const message = `Too few to tell: the judge has seen ${orders.length} pairs in both orders; it takes ${fewestJudged}.`;
    const tooFew = cannotTell('too-few', message);
    return { pairs: orders.length, changed: tooFew, firstPlace: tooFew, pValue: undefined, isBiased: false };
  }
  // The exact sign test: pairs in which one place won twice are its only evidence.
  const test = mcnemarTest({
    bothSucceeded: 0,
    onlyBaselineSucceeded: second,
    onlyVariantSucceeded: first,
    bothFailed: orders.length - first - second,
  });
  const pValue = test.kind === 'mcnemar' ? test.pValue : 1;
  return {
    pairs: orders.length,
    changed: proportionInterval(changed.length, orders.length),
    firstPlace: proportionInterval(first, first + second),
    pValue,
    isBiased: pValue <= 0.05,
  };
}
