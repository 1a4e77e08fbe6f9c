import type { Random } from '../kernel/index.ts';
import { selectVotes } from './bradley-terry.ts';
import { type CannotTell, cannotTell, requirePositive, requireProbability } from './cannot-tell.ts';
import { type ConfidenceOption, defaultConfidence, type Interval } from './estimate.ts';
import { countWins, maximizeStrengths, placeVotes } from './maximize-strengths.ts';
import { sortedQuantile } from './quantile.ts';
import type { Vote } from './vote.ts';
import { isStronglyConnected } from './vote-connectivity.ts';

export interface BootstrapStrengths {
  readonly kind: 'bootstrap-strengths';
  readonly intervals: ReadonlyMap<string, Interval & { readonly standardError: number }>;
  /** Resamples without a solution (a competitor lost its last win or loss); left out. */
  readonly skipped: number;
}

/**
 * Intervals of Bradley–Terry strengths by resampling whole voters (percentile; Efron 1979): the slow check on the
 * sandwich. "Cannot tell" below 5 voters, or when more than one resample in twenty has no solution.
 */
export function bootstrapBradleyTerry(
  votes: readonly Vote[],
  options: ConfidenceOption & {
    readonly random: Random;
    readonly resamples?: number;
    readonly scope?: 'all' | 'largest-group';
  },
): BootstrapStrengths | CannotTell {
  const confidence = options.confidence ?? defaultConfidence;
  const resamples = options.resamples ?? 500;
  requireProbability(confidence, 'confidence');
  requirePositive(resamples, 'resamples');
  const usable = selectVotes(votes, options.scope ?? 'all');
  if ('kind' in usable) return usable;
  const { names } = usable;
  const placed = placeVotes(names, usable.votes);
  const whole = maximizeStrengths(countWins(names.length, placed));
  if (whole.kind === 'cannot-tell') return whole;
  const byVoter = [...Map.groupBy(placed.keys(), (i) => usable.votes[i]!.voter).values()].map((indexes) =>
    indexes.map((i) => placed[i]!),
  );
  if (byVoter.length < 5) {
    return cannotTell('too-few', `Resampling takes 5 voters at least, there are ${byVoter.length}.`);
  }
  const draws: (readonly number[])[] = [];
  for (let i = 0; i < resamples; i++) {
    const sample = byVoter.map(() => byVoter[Math.floor(options.random.next() * byVoter.length)]!);
    const wins = countWins(names.length, sample.flat());
    if (!isStronglyConnected(wins)) continue;
    const fit = maximizeStrengths(wins, whole.strengths);
    if (fit.kind === 'strengths') draws.push(fit.strengths);
  }
  const skipped = resamples - draws.length;
  if (skipped > resamples / 20) {
    return cannotTell(
      'disconnected',
      'Too many resamples leave a competitor without a win or a loss; collect more votes.',
    );
  }
  const tail = (1 - confidence) / 2;
  const intervals = names.map((name, i) => {
    const values = Float64Array.from(draws, (draw) => draw[i]!).sort();
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    const interval = { low: sortedQuantile(values, tail), high: sortedQuantile(values, 1 - tail), confidence };
    return [name, { ...interval, standardError: Math.sqrt(variance) }] as const;
  });
  return { kind: 'bootstrap-strengths', intervals: new Map(intervals), skipped };
}
