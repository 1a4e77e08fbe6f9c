import type { ExperimentDefinition, ExperimentScorer } from '../definition/experiment-definition.ts';
import { goalsOf } from '../watch/paired-watch.ts';

/** How much a word about an answer is trusted, above 0 to 1, beside a person's rating, which counts 1. */
export const rewardTrust = {
  rating: 1,
  check: 0.8,
  rubric: 0.5,
  /** Better than another answer, however good either is. */
  vote: 0.5,
  pairwise: 0.25,
} as const;

export interface AnswerReward {
  /** 0 to 1. */
  readonly quality: number;
  readonly weight: number;
}

/**
 * What the scorers of a test say of one answer, as one word: their mean weighted by trust; as trusted as the most trusted of
 * them, however many there are. Scorers of length and latency say nothing about quality, and neither do scores that the
 * test wants low. `scores` by scorer, 0 to 1. Undefined when nothing is left.
 */
export function rewardOfScores(
  definition: Pick<ExperimentDefinition, 'scorers' | 'primary' | 'guardrails'>,
  scores: Readonly<Record<string, number | undefined>>,
): AnswerReward | undefined {
  const wantedLow = new Set(
    goalsOf(definition)
      .filter(({ better }) => better === 'lower')
      .map(({ metric }) => metric),
  );
  let [sum, total, weight] = [0, 0, 0];
  for (const [id, scorer] of Object.entries(definition.scorers)) {
    const score = scores[id];
    const trust = trustOf(scorer);
    if (score === undefined || !Number.isFinite(score) || trust === 0 || wantedLow.has(`score:${id}`)) continue;
    sum += trust * Math.min(1, Math.max(0, score));
    total += trust;
    weight = Math.max(weight, trust);
  }
  return total > 0 ? { quality: sum / total, weight } : undefined;
}

function trustOf(scorer: ExperimentScorer): number {
  if ('judge' in scorer) return rewardTrust[scorer.judge.type];
  const { type } = scorer.check;
  return type === 'length' || type === 'latency' ? 0 : rewardTrust.check;
}

/** What a person's votes say of one answer: the mean of 1 for each win, 0.5 for each tie, 0 for each loss or "both bad". */
export function rewardOfVotes(shares: readonly number[]): AnswerReward | undefined {
  if (shares.length === 0) return undefined;
  return { quality: shares.reduce((sum, share) => sum + share, 0) / shares.length, weight: rewardTrust.vote };
}
