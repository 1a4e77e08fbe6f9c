import type { CannotScore } from '../score.ts';
import type { PairVerdict } from './read-verdict.ts';

export interface JudgedPair {
  readonly kind: 'judged-pair';
  /** 'tie' also when the two orders contradict each other. */
  readonly outcome: 'baseline' | 'variant' | 'tie';
  /** How much of the pair the variant won: 0, 0.25, 0.5, 0.75 or 1; the mean of both orders, ties as half. */
  readonly variantShare: number;
  /** False when the judge changed its mind with the order: it saw the place, not the answer. */
  readonly isConsistent: boolean;
  readonly why: string;
}

/**
 * One verdict from the two orders. `baselineFirst`: the baseline was shown as A; `variantFirst`: the variant was. A missing
 * one makes the pair missing: one order alone carries the preference for a place.
 */
export function combinePairVerdicts(
  baselineFirst: PairVerdict | CannotScore,
  variantFirst: PairVerdict | CannotScore,
): JudgedPair | CannotScore {
  if (baselineFirst.kind === 'cannot-score') return baselineFirst;
  if (variantFirst.kind === 'cannot-score') return variantFirst;
  const once = shareOf(baselineFirst.winner, 'second');
  const again = shareOf(variantFirst.winner, 'first');
  const variantShare = (once + again) / 2;
  const isConsistent = once === again;
  const outcome = variantShare > 0.5 ? 'variant' : variantShare < 0.5 ? 'baseline' : 'tie';
  const why = isConsistent ? baselineFirst.why : `${baselineFirst.why} (In the other order: ${variantFirst.why})`;
  return { kind: 'judged-pair', outcome, variantShare, isConsistent, why };
}

const shareOf = (winner: PairVerdict['winner'], variantPlace: 'first' | 'second'): number =>
  winner === 'tie' ? 0.5 : winner === variantPlace ? 1 : 0;
