import { adjustPValues } from './adjust-p-values.ts';
import type { BradleyTerryFit } from './bradley-terry.ts';
import { requireProbability } from './cannot-tell.ts';
import { studentTwoSided } from './distributions.ts';

export interface RankRange {
  readonly name: string;
  /** 1 is the best. The true rank lies in best…worst for all competitors at once, with the stated confidence. */
  readonly best: number;
  readonly worst: number;
}

/**
 * Which ranks the votes leave open. All pairs are tested by their difference (with its covariance), Holm-adjusted;
 * best = 1 + number of competitors that are surely stronger, worst = K − number that are surely weaker (simultaneous rank
 * sets, Mogstad, Romano, Shaikh & Wilhelm 2024, from pairwise differences). Same order as the fit.
 */
export function rankRanges(fit: BradleyTerryFit, options: { readonly confidence?: number } = {}): readonly RankRange[] {
  const alpha = 1 - (options.confidence ?? 0.95);
  requireProbability(alpha, 'confidence');
  const count = fit.competitors.length;
  const pairs: { readonly better: number; readonly worse: number; readonly pValue: number }[] = [];
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const variance = fit.covariance[i]![i]! + fit.covariance[j]![j]! - 2 * fit.covariance[i]![j]!;
      const difference = fit.competitors[i]!.strength - fit.competitors[j]!.strength;
      const pValue = variance > 0 ? studentTwoSided(difference / Math.sqrt(variance), fit.degreesOfFreedom) : 1;
      pairs.push({ better: i, worse: j, pValue });
    }
  }
  const adjusted = adjustPValues(
    pairs.map((pair) => pair.pValue),
    'holm',
  );
  const stronger = new Array<number>(count).fill(0);
  const weaker = new Array<number>(count).fill(0);
  pairs.forEach((pair, k) => {
    if (adjusted[k]! > alpha) return;
    stronger[pair.worse]! += 1;
    weaker[pair.better]! += 1;
  });
  return fit.competitors.map((competitor, i) => ({
    name: competitor.name,
    best: 1 + stronger[i]!,
    worst: count - weaker[i]!,
  }));
}
