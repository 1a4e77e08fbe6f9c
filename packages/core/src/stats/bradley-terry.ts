import { type CannotTell, cannotTell, requireProbability } from './cannot-tell.ts';
import { studentQuantile } from './distributions.ts';
import { type Caution, type ConfidenceOption, defaultConfidence, type Interval } from './estimate.ts';
import { countWins, maximizeStrengths, placeVotes } from './maximize-strengths.ts';
import { addOuterProduct, type Matrix, sandwich, zeroMatrix } from './symmetric-matrix.ts';
import type { Vote } from './vote.ts';
import { findVoteConnectivity } from './vote-connectivity.ts';

export interface CompetitorStrength {
  readonly name: string;
  /** Log-odds of winning against an average competitor of this list; the strengths add up to 0. */
  readonly strength: number;
  readonly standardError: number;
  readonly interval: Interval;
  /** Chance to win against that average competitor, ties as half. */
  readonly winShare: number;
  readonly votes: number;
}

export interface BradleyTerryFit {
  readonly kind: 'bradley-terry';
  /** Strongest first. */
  readonly competitors: readonly CompetitorStrength[];
  /** Covariance of the strengths, in the order of `competitors`; for rank ranges and differences. */
  readonly covariance: Matrix;
  readonly degreesOfFreedom: number;
  readonly voters: number;
  readonly cautions: readonly Caution[];
}

/**
 * Strengths from pairwise votes by maximum likelihood: P(left wins) = 1 / (1 + e^(right − left)) (Bradley & Terry 1952),
 * ties as half a win for each side, no penalty. Errors by the sandwich H⁻¹ (Σ_voter s sᵀ) H⁻¹ · G/(G−1) clustered by voter
 * (Liang & Zeger 1986), t with G − 1 degrees of freedom.
 *
 * "Cannot tell": no votes; one voter only; or competitors that no chain of wins connects ('disconnected': their strengths
 * are infinite or arbitrary). `scope: 'largest-group'` then fits the largest comparable group and leaves the rest out.
 */
export function fitBradleyTerry(
  votes: readonly Vote[],
  options: ConfidenceOption & { readonly scope?: 'all' | 'largest-group' } = {},
): BradleyTerryFit | CannotTell {
  const confidence = options.confidence ?? defaultConfidence;
  requireProbability(confidence, 'confidence');
  const usable = selectVotes(votes, options.scope ?? 'all');
  if ('kind' in usable) return usable;
  const { names, votes: used } = usable;
  const placed = placeVotes(names, used);
  const fit = maximizeStrengths(countWins(names.length, placed));
  if (fit.kind === 'cannot-tell') return fit;
  const { strengths, inverse } = fit;
  const scores = new Map<string, number[]>();
  const counts = new Array<number>(names.length).fill(0);
  placed.forEach(({ left, right, won }, i) => {
    counts[left]! += 1;
    counts[right]! += 1;
    const surprise = won - 1 / (1 + Math.exp(strengths[right]! - strengths[left]!));
    const { voter } = used[i]!;
    const score = scores.get(voter) ?? new Array<number>(names.length).fill(0);
    score[left]! += surprise;
    score[right]! -= surprise;
    scores.set(voter, score);
  });
  const voters = scores.size;
  if (voters < 2) return cannotTell('too-few', 'All votes are from one voter; intervals take two voters at least.');
  const meat = zeroMatrix(names.length);
  for (const score of scores.values()) addOuterProduct(meat, score, voters / (voters - 1));
  const covariance = sandwich(inverse, meat);
  const order = names
    .map((_, i) => i)
    .sort((a, b) => strengths[b]! - strengths[a]! || (names[a]! < names[b]! ? -1 : 1));
  const quantile = -studentQuantile((1 - confidence) / 2, voters - 1);
  return {
    kind: 'bradley-terry',
    competitors: order.map((i) => {
      const strength = strengths[i]!;
      const standardError = Math.sqrt(Math.max(0, covariance[i]![i]!));
      const reach = quantile * standardError;
      return {
        name: names[i]!,
        strength,
        standardError,
        interval: { low: strength - reach, high: strength + reach, confidence },
        winShare: 1 / (1 + Math.exp(-strength)),
        votes: counts[i]!,
      };
    }),
    covariance: order.map((i) => order.map((j) => covariance[i]![j]!)),
    degreesOfFreedom: voters - 1,
    voters,
    cautions: voters < 10 ? ['few-clusters'] : [],
  };
}

/** Strength in the chess scale: 1,000 is average, 400 points are odds of ten to one. */
export function toRatingPoints(strength: number): number {
  return 1_000 + (400 / Math.LN10) * strength;
}

/** The votes that strengths exist for, and the names in them. */
export function selectVotes(
  votes: readonly Vote[],
  scope: 'all' | 'largest-group',
): { readonly names: readonly string[]; readonly votes: readonly Vote[] } | CannotTell {
  const real = votes.filter((vote) => vote.left !== vote.right);
  if (real.length === 0) return cannotTell('empty', 'There are no votes between two different competitors yet.');
  const { competitors, comparable, islands } = findVoteConnectivity(real);
  if (comparable.length === 1) return { names: competitors, votes: real };
  if (scope === 'all') {
    return cannotTell(
      'disconnected',
      islands.length > 1
        ? `The votes fall into ${islands.length} groups that were never compared; vote on pairs across them.`
        : 'Some competitors only won or only lost against the rest, so their distance is unknown; collect more votes.',
    );
  }
  const names = comparable[0]!;
  if (names.length < 2)
    return cannotTell('disconnected', 'No two competitors have both won and lost; collect more votes.');
  const kept = new Set(names);
  return { names, votes: real.filter((vote) => kept.has(vote.left) && kept.has(vote.right)) };
}
