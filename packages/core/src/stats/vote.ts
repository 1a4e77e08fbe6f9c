/** One pairwise judgement. "Both bad" is a tie for strength; keep it apart for other counts. */
export interface Vote {
  readonly left: string;
  readonly right: string;
  readonly outcome: 'left' | 'right' | 'tie';
  /** Who judged; votes of one voter are not independent. */
  readonly voter: string;
}
