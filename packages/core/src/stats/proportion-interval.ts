import { type CannotTell, cannotTell, requireProbability } from './cannot-tell.ts';
import { betaQuantile, normalQuantile } from './distributions.ts';
import { type ConfidenceOption, defaultConfidence, type Interval } from './estimate.ts';

export interface ProportionEstimate {
  readonly kind: 'proportion';
  /** successes / trials. */
  readonly estimate: number;
  readonly interval: Interval;
}

export type ProportionMethod = 'wilson' | 'jeffreys' | 'clopper-pearson';

/**
 * Interval for a success rate from `successes` of `trials`. Wilson (1927) by default: near nominal coverage on average.
 * 'jeffreys': equal-tailed Beta(x + ½, n − x + ½) (Brown, Cai & DasGupta 2001, sec. 3.1.3, ends moved to 0 and 1 at x = 0
 * and x = n). 'clopper-pearson' (1934): never below nominal, wide. No trials is "cannot tell".
 */
export function proportionInterval(
  successes: number,
  trials: number,
  options: ConfidenceOption & { readonly method?: ProportionMethod } = {},
): ProportionEstimate | CannotTell {
  const confidence = options.confidence ?? defaultConfidence;
  requireProbability(confidence, 'confidence');
  if (!Number.isInteger(successes) || !Number.isInteger(trials) || successes < 0 || successes > trials) {
    return cannotTell('not-finite', `${successes} successes of ${trials} trials is not a possible count.`);
  }
  if (trials === 0) return cannotTell('empty', 'There are no trials yet.');
  const tail = (1 - confidence) / 2;
  const [low, high] = ends(options.method ?? 'wilson', successes, trials, tail);
  return { kind: 'proportion', estimate: successes / trials, interval: { low, high, confidence } };
}

function ends(method: ProportionMethod, successes: number, trials: number, tail: number): readonly [number, number] {
  const failures = trials - successes;
  if (method === 'jeffreys') {
    return [
      successes === 0 ? 0 : betaQuantile(tail, successes + 0.5, failures + 0.5),
      failures === 0 ? 1 : betaQuantile(1 - tail, successes + 0.5, failures + 0.5),
    ];
  }
  if (method === 'clopper-pearson') {
    return [
      successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
      failures === 0 ? 1 : betaQuantile(1 - tail, successes + 1, failures),
    ];
  }
  const z = -normalQuantile(tail);
  const rate = successes / trials;
  const scale = 1 + (z * z) / trials;
  const centre = (rate + (z * z) / (2 * trials)) / scale;
  const reach = (z / scale) * Math.sqrt((rate * (1 - rate)) / trials + (z * z) / (4 * trials * trials));
  return [successes === 0 ? 0 : Math.max(0, centre - reach), failures === 0 ? 1 : Math.min(1, centre + reach)];
}
