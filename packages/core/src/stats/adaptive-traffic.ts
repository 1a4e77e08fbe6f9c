import { type CannotTell, cannotTell } from './cannot-tell.ts';
import { type Caution, type ConfidenceOption, type Estimate, studentEstimate } from './estimate.ts';

/** One routed request, in the order of time. */
export interface AdaptiveObservation {
  readonly chosen: string;
  /** What came of it, in the unit of the metric. */
  readonly reward: number;
  /** Logged chance of every arm at the moment of the choice; adds up to 1. */
  readonly propensities: Readonly<Record<string, number>>;
  /** Predicted reward per arm, made without this reward; running means of the past unless given. */
  readonly predictions?: Readonly<Record<string, number>>;
}

export type AdaptiveMethod = 'ips' | 'snips' | 'aipw' | 'adaptive-aipw';

export interface AdaptiveEstimate extends Estimate {
  /** (Σw)² / Σw² of the weights that count: how many independent answers this is worth (Kish 1965). */
  readonly effectiveSampleSize: number;
  readonly smallestPropensity: number;
  /** Share of the counted answers whose weight was cut at `maxWeight`. */
  readonly clippedShare: number;
}

/**
 * Value of a way to choose, from traffic that a bandit steered. `target` gives a weight per arm: `{ a: 1 }` is the mean
 * reward of arm a, `{ a: 0.5, b: 0.5 }` a policy, `{ a: 1, b: -1 }` the difference a − b.
 *
 * - 'ips' (Horvitz & Thompson 1952): mean of target/propensity · reward. Unbiased, noisy.
 * - 'snips' (Swaminathan & Joachims 2015; Hájek 1971): per arm divided by the mean weight. Slight bias, less noise.
 * - 'aipw' (Robins, Rotnitzky & Zhao 1994; Dudík et al. 2011): prediction plus weighted surprise. Unbiased as the
 *   propensities are known. The default.
 * - 'adaptive-aipw' (Hadad, Hirshberg, Zhan, Wager & Athey 2021): the same scores averaged with weights that even out
 *   their variance; for intervals when a bandit has nearly abandoned an arm, where the others cover too little.
 *
 * `maxWeight` cuts weights (bias for calm; marked 'clipped-weights'). "Cannot tell" below 10 observations, without an
 * observation of an arm in the target, or with a propensity that is missing or 0 for a chosen or targeted arm.
 */
export function estimateFromAdaptiveTraffic(
  observations: readonly AdaptiveObservation[],
  target: Readonly<Record<string, number>>,
  options: ConfidenceOption & { readonly method?: AdaptiveMethod; readonly maxWeight?: number } = {},
): AdaptiveEstimate | CannotTell {
  const method = options.method ?? 'aipw';
  const maxWeight = options.maxWeight ?? Number.POSITIVE_INFINITY;
  if (!(maxWeight >= 1)) throw new RangeError(`maxWeight must be 1 or more, got ${maxWeight}`);
  const arms = Object.keys(target).filter((arm) => target[arm] !== 0);
  const problem = findProblem(observations, arms);
  if (problem) return problem;
  const past = new Map(arms.map((arm) => [arm, { count: 0, mean: 0 }]));
  const used = arms.map(() => ({ weight: 0, squares: 0, count: 0, clipped: 0, weighted: 0 }));
  let smallestPropensity = 1;
  const rows = observations.map((row) => {
    let variance = 0;
    const parts = arms.map((arm, k) => {
      const propensity = row.propensities[arm]!;
      smallestPropensity = Math.min(smallestPropensity, propensity);
      variance += target[arm]! ** 2 / propensity;
      const seen = past.get(arm)!;
      const prediction = method === 'ips' || method === 'snips' ? 0 : (row.predictions?.[arm] ?? seen.mean);
      if (row.chosen !== arm) return { weight: 0, prediction };
      const weight = Math.min(maxWeight, 1 / propensity);
      const tally = used[k]!;
      tally.weight += weight;
      tally.squares += weight * weight;
      tally.count += 1;
      tally.weighted += weight * row.reward;
      if (weight < 1 / propensity) tally.clipped += 1;
      seen.count += 1;
      seen.mean += (row.reward - seen.mean) / seen.count;
      return { weight, prediction };
    });
    return { row, parts, evenness: method === 'adaptive-aipw' ? 1 / Math.sqrt(variance) : 1 };
  });
  const count = observations.length;
  const scores = rows.map(({ row, parts }) =>
    parts.reduce((sum, { weight, prediction }, k) => {
      const { weight: total, weighted } = used[k]!;
      const value = weighted / total;
      const score =
        method === 'snips'
          ? value + (weight * (row.reward - value)) / (total / count)
          : prediction + weight * (row.reward - prediction);
      return sum + target[arms[k]!]! * score;
    }, 0),
  );
  const evenness = rows.reduce((sum, { evenness: each }) => sum + each, 0);
  const estimate = rows.reduce((sum, { evenness: each }, i) => sum + each * scores[i]!, 0) / evenness;
  const squares = rows.reduce((sum, { evenness: each }, i) => sum + (each * (scores[i]! - estimate)) ** 2, 0);
  const effectiveSampleSize = Math.min(...used.map((tally) => tally.weight ** 2 / tally.squares));
  const clipped = used.reduce((sum, tally) => sum + tally.clipped, 0);
  const cautions: Caution[] = [];
  if (smallestPropensity < 0.01) cautions.push('small-propensities');
  if (effectiveSampleSize < 30) cautions.push('few-effective-values');
  if (clipped > 0) cautions.push('clipped-weights');
  const result = studentEstimate(
    {
      estimate,
      standardError: (Math.sqrt(squares) / evenness) * Math.sqrt(count / (count - 1)),
      degreesOfFreedom: Math.max(1, effectiveSampleSize - 1),
    },
    { ...options, cautions },
  );
  if (result.kind === 'cannot-tell') return result;
  const counted = used.reduce((sum, tally) => sum + tally.count, 0);
  return { ...result, effectiveSampleSize, smallestPropensity, clippedShare: clipped / counted };
}

function findProblem(observations: readonly AdaptiveObservation[], arms: readonly string[]): CannotTell | undefined {
  if (arms.length === 0) return cannotTell('empty', 'The target names no arm.');
  if (observations.length < 10) {
    return cannotTell('too-few', `An estimate takes 10 observations, there are ${observations.length}.`);
  }
  const seen = new Set<string>();
  for (const [i, row] of observations.entries()) {
    if (!Number.isFinite(row.reward))
      return cannotTell('not-finite', `The reward of observation ${i + 1} is not a number.`);
    seen.add(row.chosen);
    for (const arm of arms) {
      const propensity = row.propensities[arm];
      if (propensity === undefined || !(propensity > 0 && propensity <= 1)) {
        return cannotTell(
          'out-of-range',
          `Observation ${i + 1} had no chance to choose ${arm}; leave such traffic out or keep an exploration floor.`,
        );
      }
      const prediction = row.predictions?.[arm];
      if (prediction !== undefined && !Number.isFinite(prediction)) {
        return cannotTell('not-finite', `The prediction of observation ${i + 1} is not a number.`);
      }
    }
  }
  const unseen = arms.find((arm) => !seen.has(arm));
  return unseen === undefined ? undefined : cannotTell('too-few', `${unseen} was never chosen.`);
}
