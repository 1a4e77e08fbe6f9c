import { type CannotTell, cannotTell } from './cannot-tell.ts';
import { invertSymmetric, type Matrix, multiply, zeroMatrix } from './symmetric-matrix.ts';
import type { Vote } from './vote.ts';

/** One vote with its competitors by their place in a list; `won` is the share of the win that went to `left`. */
export interface PlacedVote {
  readonly left: number;
  readonly right: number;
  readonly won: number;
}

export function placeVotes(names: readonly string[], votes: readonly Vote[]): readonly PlacedVote[] {
  const place = new Map(names.map((name, i) => [name, i]));
  return votes.map((vote) => ({
    left: place.get(vote.left)!,
    right: place.get(vote.right)!,
    won: vote.outcome === 'left' ? 1 : vote.outcome === 'tie' ? 0.5 : 0,
  }));
}

/** wins[i][j]: how often i won against j, ties as half. */
export function countWins(competitors: number, votes: Iterable<PlacedVote>): Matrix {
  const wins = zeroMatrix(competitors);
  for (const { left, right, won } of votes) {
    wins[left]![right]! += won;
    wins[right]![left]! += 1 - won;
  }
  return wins;
}

/**
 * Maximum-likelihood strengths by Newton's method with step halving. The likelihood does not change when a constant is
 * added to all strengths; adding 11ᵀ/K to the information fixes their sum at 0 without a penalty on the fit. The
 * competitors must be strongly connected by their wins. `inverse` is that matrix inverted, for the sandwich. `start`
 * saves steps when the strengths are roughly known (they must add up to 0).
 */
export function maximizeStrengths(
  wins: Matrix,
  start?: readonly number[],
): { readonly kind: 'strengths'; readonly strengths: readonly number[]; readonly inverse: Matrix } | CannotTell {
  let strengths: readonly number[] = start ?? new Array<number>(wins.length).fill(0);
  let likelihood = logLikelihood(wins, strengths);
  for (let step = 0; step < 100; step++) {
    const { gradient, information } = derivatives(wins, strengths);
    const inverse = invertSymmetric(information);
    if (!inverse) return cannotTell('not-identified', 'The votes do not determine the strengths; collect more votes.');
    const direction = multiply(inverse, gradient);
    const largest = direction.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (largest < 1e-10) return { kind: 'strengths', strengths, inverse };
    let scale = 1;
    for (let half = 0; half < 40; half++) {
      const next = strengths.map((value, i) => value + scale * direction[i]!);
      const nextLikelihood = logLikelihood(wins, next);
      if (nextLikelihood >= likelihood - 1e-12 * Math.abs(likelihood)) {
        strengths = next;
        likelihood = nextLikelihood;
        break;
      }
      scale /= 2;
    }
  }
  return cannotTell('did-not-converge', 'The strengths could not be computed from these votes.');
}

function logLikelihood(wins: Matrix, strengths: readonly number[]): number {
  let sum = 0;
  wins.forEach((row, i) => {
    row.forEach((won, j) => {
      if (won > 0) sum -= won * softplus(strengths[j]! - strengths[i]!);
    });
  });
  return sum;
}

/** ln(1 + eˣ) without overflow. */
function softplus(x: number): number {
  return Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));
}

function derivatives(wins: Matrix, strengths: readonly number[]) {
  const count = strengths.length;
  const gradient = new Array<number>(count).fill(0);
  const information = Array.from({ length: count }, () => new Array<number>(count).fill(1 / count));
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const games = wins[i]![j]! + wins[j]![i]!;
      if (games === 0) continue;
      const share = 1 / (1 + Math.exp(strengths[j]! - strengths[i]!));
      const surprise = wins[i]![j]! - games * share;
      gradient[i]! += surprise;
      gradient[j]! -= surprise;
      const weight = games * share * (1 - share);
      information[i]![i]! += weight;
      information[j]![j]! += weight;
      information[i]![j]! -= weight;
      information[j]![i]! -= weight;
    }
  }
  return { gradient, information };
}
