import type { CannotScoreReason } from '../../scoring/index.ts';
import type { ContaminationReason } from '../assignment/contamination.ts';

/** One answer of one variant to one item: the raw material of every result. */
export interface AnswerFact {
  readonly variant: string;
  /** From 0. */
  readonly repeat: number;
  /** Undefined when the answer came; else why it did not: an error kind such as `rate-limit` or `budget`. */
  readonly failure?: string | undefined;
  readonly contamination?: ContaminationReason | undefined;
  /** Undefined when unknown. Of the answer itself; judges are paid apart. */
  readonly costNanoUsd?: bigint | undefined;
  readonly latencyMs?: number | undefined;
  readonly timeToFirstTokenMs?: number | undefined;
  readonly outputTokens?: number | undefined;
  /** 0 to 1, the mean of those who rated it. */
  readonly rating?: number | undefined;
  /** By scorer: 0 to 1, or why there is none. Absent while it is still to come. */
  readonly scores: Readonly<Record<string, number | CannotScoreReason>>;
}

/** An item with all its answers. */
export interface AnsweredItem {
  readonly itemId: string;
  /** Items of one document, user or source are alike and count as one. */
  readonly cluster?: string | undefined;
  readonly answers: readonly AnswerFact[];
}

/** Why a value is missing: an error kind, a reason of a scorer, of contamination, or 'not-measured'. */
export type MissingReason = string;
