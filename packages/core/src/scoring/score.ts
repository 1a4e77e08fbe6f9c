/** Why an answer has no score; closed, so that missing scores can be counted by reason and each has a sentence. */
export const cannotScoreReasons = [
  /** The scorer compares with an expected value and the item has none that it can read. */
  'no-expectation',
  /** What the scorer looks at was not measured, e.g. the latency. */
  'not-measured',
  /** The text is longer than the scorer can look at in bounded time. */
  'too-long',
  /** The scorer itself is at fault, e.g. a pattern that cannot be read. */
  'bad-scorer',
  /** The judge did not answer. */
  'judge-failed',
  /** The judge's answer broke off before its verdict. */
  'judge-cut',
  /** The judge answered something that is no verdict. */
  'judge-nonsense',
] as const;

export type CannotScoreReason = (typeof cannotScoreReasons)[number];

/** No score, and why: never 0, never NaN. `message` is for people and says what would help. */
export interface CannotScore {
  readonly kind: 'cannot-score';
  readonly reason: CannotScoreReason;
  readonly message: string;
}

/** How good an answer is in one respect, 0 (worst) to 1 (best). `why` is a short sentence for people. */
export interface Scored {
  readonly kind: 'score';
  readonly score: number;
  readonly why: string;
}

export type Score = Scored | CannotScore;

export function cannotScore(reason: CannotScoreReason, message: string): CannotScore {
  return { kind: 'cannot-score', reason, message };
}

/** A score kept within 0 and 1; a number that is none is the scorer's fault, never a score. */
export function scored(score: number, why: string): Score {
  if (Number.isNaN(score)) return cannotScore('bad-scorer', 'The scorer gave no number; check its settings.');
  return { kind: 'score', score: Math.min(1, Math.max(0, score)), why };
}
