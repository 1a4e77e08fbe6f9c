import { type CannotTell, cannotTell, requireProbability } from './cannot-tell.ts';
import { binomialCdf, binomialProbability, normalQuantile } from './distributions.ts';
import { type ConfidenceOption, defaultConfidence, type Interval } from './estimate.ts';

/** Pairs of yes/no answers to the same items. */
export interface PairedOutcomes {
  readonly bothSucceeded: number;
  readonly onlyBaselineSucceeded: number;
  readonly onlyVariantSucceeded: number;
  readonly bothFailed: number;
}

export interface McNemarResult {
  readonly kind: 'mcnemar';
  /** Success rate of the variant minus that of the baseline. */
  readonly estimate: number;
  readonly interval: Interval;
  /** Exact, two-sided; conservative. */
  readonly pValue: number;
  /** Mid-p, two-sided: closer to the nominal level, may exceed it by a hair. */
  readonly midPValue: number;
  readonly discordant: number;
}

/**
 * Exact McNemar test for paired successes: of the discordant pairs, Binomial(b + c, ½) (McNemar 1947; exact form and
 * mid-p as in Fagerland, Lydersen & Laake 2013). The interval of the difference is the adjusted Wald of
 * Bonett & Price (2012). Only ties (no discordant pair) gives p = 1 and an interval around 0. Counts must be
 * whole and not negative; no pair at all is "cannot tell".
 */
export function mcnemarTest(pairs: PairedOutcomes, options: ConfidenceOption = {}): McNemarResult | CannotTell {
  const confidence = options.confidence ?? defaultConfidence;
  requireProbability(confidence, 'confidence');
  const counts = [pairs.bothSucceeded, pairs.onlyBaselineSucceeded, pairs.onlyVariantSucceeded, pairs.bothFailed];
  if (!counts.every((count) => Number.isInteger(count) && count >= 0)) {
    return cannotTell('not-finite', 'Counts of pairs must be whole numbers of 0 or more.');
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return cannotTell('empty', 'There are no pairs yet.');
  const lost = pairs.onlyBaselineSucceeded;
  const won = pairs.onlyVariantSucceeded;
  const discordant = lost + won;
  const fewer = Math.min(lost, won);
  const below = binomialCdf(fewer - 1, discordant, 0.5);
  const at = binomialProbability(fewer, discordant, 0.5);
  const wonShare = (won + 1) / (total + 2);
  const lostShare = (lost + 1) / (total + 2);
  const centre = wonShare - lostShare;
  const z = -normalQuantile((1 - confidence) / 2);
  const reach = z * Math.sqrt((wonShare + lostShare - centre * centre) / (total + 2));
  return {
    kind: 'mcnemar',
    estimate: (won - lost) / total,
    interval: { low: Math.max(-1, centre - reach), high: Math.min(1, centre + reach), confidence },
    pValue: Math.min(1, 2 * (below + at)),
    midPValue: won === lost ? 1 - 0.5 * at * (discordant > 0 ? 1 : 0) : Math.min(1, 2 * below + at),
    discordant,
  };
}
