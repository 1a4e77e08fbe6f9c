import type { AnytimeEstimate } from '../../stats/index.ts';

/**
 * Differences that are all the same have no variance, so no interval by it; but when each lies within −1 and 1, a bet on
 * them still tells. Against "the mean is at most m" the stake grows with every d by 1 + λ(d − m), λ = 0.9 / (1 + m); it is
 * a test martingale for any distribution on [−1, 1] (Waudby-Smith & Ramdas 2024, "Estimating means of bounded random
 * variables by betting", sec. 4), so 1 / stake is a p-value at any look (Ville 1939).
 */
export function constantPValue(difference: number, count: number, nullMean: number): number {
  if (nullMean <= -1) return 0;
  const growth = 1 + (0.9 / (1 + nullMean)) * (difference - nullMean);
  return growth <= 1 ? 1 : growth ** -count;
}

/** The means that `count` equal differences do not exclude, two-sided at `alpha`, as a look. */
export function constantLook(difference: number, count: number, alpha: number): AnytimeEstimate {
  const lowest = (value: number): number => {
    if (constantPValue(value, count, -1 + 1e-9) > alpha / 2) return -1;
    let [excluded, kept] = [-1 + 1e-9, value];
    for (let step = 0; step < 50; step += 1) {
      const middle = (excluded + kept) / 2;
      if (constantPValue(value, count, middle) > alpha / 2) kept = middle;
      else excluded = middle;
    }
    return kept;
  };
  const below = constantPValue(difference, count, 0);
  const above = constantPValue(-difference, count, 0);
  return {
    kind: 'anytime',
    estimate: difference,
    standardError: 0,
    observations: count,
    interval: { low: lowest(difference), high: -lowest(-difference), confidence: 1 - alpha },
    pValue: Math.min(1, 2 * below, 2 * above),
  };
}
