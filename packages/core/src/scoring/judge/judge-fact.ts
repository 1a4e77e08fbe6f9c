import type { PairVerdict } from './read-verdict.ts';
import type { JudgeKinship } from './self-preference.ts';

/** A score of a rubric judge for one answer, and what people said of the same answer. */
export interface ScaleFact {
  /** The item that was answered: what is said of the answers to one item is alike. */
  readonly unit: string;
  /** 0 to 1. */
  readonly judge: number;
  /** 0 to 1, one for each person who rated it. */
  readonly ratings: readonly number[];
  /** How near the judge is to whoever wrote the answer. */
  readonly kinship: JudgeKinship;
}

/** A verdict on two answers to one item, and what people said of the same two. */
export interface PairFact {
  readonly unit: string;
  /** How much of the pair the second one won by the judge, 0 to 1; ties 0.5. */
  readonly judge: number;
  /** Whom the judge chose in each order; undefined for scores of a rubric, and where it was not kept. */
  readonly orders?:
    | { readonly baselineFirst: PairVerdict['winner']; readonly variantFirst: PairVerdict['winner'] }
    | undefined;
  /** The same share by each person who voted on the two: 0, 0.5 or 1. */
  readonly votes: readonly number[];
  readonly firstKinship: JudgeKinship;
  readonly secondKinship: JudgeKinship;
}

/** All that one judge said, beside people. */
export interface JudgeFacts {
  readonly type: 'rubric' | 'pairwise';
  /** Places of the judge's scale, 2 or more; 3 for pairs. */
  readonly places: number;
  /** Of a rubric judge. */
  readonly scales: readonly ScaleFact[];
  /** Of a pairwise judge its verdicts; of a rubric judge pairs that people voted on, by the difference of its scores. */
  readonly pairs: readonly PairFact[];
}
