import type { Random } from '../kernel/index.ts';
import { type CannotTell, cannotTell, requirePositive, requireProbability } from './cannot-tell.ts';
import { normalCdf, normalQuantile } from './distributions.ts';
import { type ConfidenceOption, defaultConfidence, type Interval } from './estimate.ts';
import { sortedQuantile } from './quantile.ts';

export interface BootstrapEstimate {
  readonly kind: 'bootstrap';
  readonly estimate: number;
  /** Standard deviation of the resampled statistic. */
  readonly standardError: number;
  readonly interval: Interval;
  readonly method: 'percentile' | 'bca';
  readonly resamples: number;
}

export interface BootstrapOptions extends ConfidenceOption {
  readonly random: Random;
  /** 2,000 unless given. */
  readonly resamples?: number;
  /** 'bca' (bias-corrected and accelerated) unless given. */
  readonly method?: 'percentile' | 'bca';
}

/**
 * Bootstrap interval of any statistic of one sample. The unit of resampling is one element of `sample`: give pairs
 * (`{ baseline, variant }`) for paired data and whole clusters (lists of rows) for clustered data. Percentile: Efron
 * (1979); BCa: Efron (1987) with jackknife acceleration. Below 5 units "cannot tell": resampling so few says nothing.
 */
export function bootstrapInterval<Unit>(
  sample: readonly Unit[],
  statistic: (sample: readonly Unit[]) => number,
  options: BootstrapOptions,
): BootstrapEstimate | CannotTell {
  return bootstrapGroups([sample], (groups) => statistic(groups[0] as readonly Unit[]), options);
}

/** The same for a statistic of two independent samples (variant and baseline need not be equally long). */
export function bootstrapTwoSamples<Unit>(
  baseline: readonly Unit[],
  variant: readonly Unit[],
  statistic: (baseline: readonly Unit[], variant: readonly Unit[]) => number,
  options: BootstrapOptions,
): BootstrapEstimate | CannotTell {
  return bootstrapGroups([baseline, variant], (groups) => statistic(groups[0]!, groups[1]!), options);
}

function bootstrapGroups<Unit>(
  groups: readonly (readonly Unit[])[],
  statistic: (groups: readonly (readonly Unit[])[]) => number,
  options: BootstrapOptions,
): BootstrapEstimate | CannotTell {
  const confidence = options.confidence ?? defaultConfidence;
  const resamples = options.resamples ?? 2_000;
  const method = options.method ?? 'bca';
  requireProbability(confidence, 'confidence');
  requirePositive(resamples, 'resamples');
  const smallest = Math.min(...groups.map((group) => group.length));
  if (smallest === 0) return cannotTell('empty', 'There are no values yet.');
  if (smallest < 5)
    return cannotTell('too-few', `Resampling needs at least 5 independent units, there are ${smallest}.`);
  const estimate = statistic(groups);
  const draws = Float64Array.from({ length: resamples }, () =>
    statistic(groups.map((group) => drawWithReplacement(group, options.random))),
  ).sort();
  if (!Number.isFinite(estimate) || !Number.isFinite(draws[0]) || !Number.isFinite(draws[resamples - 1])) {
    return cannotTell('not-finite', 'The statistic has no finite value on some resamples, so its spread is unknown.');
  }
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / resamples;
  const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / (resamples - 1);
  if (variance === 0) return cannotTell('zero-variance', 'The statistic is the same on every resample.');
  const tail = (1 - confidence) / 2;
  const [low, high] = method === 'bca' ? bcaLevels(groups, statistic, estimate, draws, tail) : [tail, 1 - tail];
  return {
    kind: 'bootstrap',
    estimate,
    standardError: Math.sqrt(variance),
    interval: { low: sortedQuantile(draws, low), high: sortedQuantile(draws, high), confidence },
    method,
    resamples,
  };
}

function drawWithReplacement<Unit>(group: readonly Unit[], random: Random): readonly Unit[] {
  return group.map(() => group[Math.floor(random.next() * group.length)]!);
}

/** Beyond this many units the jackknife leaves out blocks of units: the same acceleration, without the square of the time. */
const mostBlocks = 400;

function bcaLevels<Unit>(
  groups: readonly (readonly Unit[])[],
  statistic: (groups: readonly (readonly Unit[])[]) => number,
  estimate: number,
  draws: Float64Array,
  tail: number,
): readonly [number, number] {
  let below = 0;
  for (const draw of draws) below += draw < estimate ? 1 : draw === estimate ? 0.5 : 0;
  const share = Math.min(1 - 0.5 / draws.length, Math.max(0.5 / draws.length, below / draws.length));
  const bias = normalQuantile(share);
  let cubes = 0;
  let squares = 0;
  groups.forEach((group, g) => {
    const count = Math.min(group.length, mostBlocks);
    const left = Array.from({ length: count }, (_, block) =>
      statistic(groups.map((other, o) => (o === g ? other.filter((__, i) => i % count !== block) : other))),
    );
    const centre = left.reduce((sum, value) => sum + value, 0) / count;
    for (const value of left) {
      const influence = ((count - 1) * (centre - value)) / count;
      cubes += influence ** 3;
      squares += influence ** 2;
    }
  });
  const acceleration = squares > 0 && Number.isFinite(cubes) ? cubes / (6 * squares ** 1.5) : 0;
  const level = (z: number) => normalCdf(bias + (bias + z) / (1 - acceleration * (bias + z)));
  return [level(normalQuantile(tail)), level(-normalQuantile(tail))];
}
