import { logGamma } from './log-gamma.ts';
import { plannedShares } from './sample-ratio.ts';

/** What has to be kept between looks; plain data, so it can be stored. */
export interface SampleRatioWatch {
  readonly counts: readonly number[];
  /** ln of the largest evidence against the planned split so far. */
  readonly maxLogEvidence: number;
}

/** Prior weights, in assignments: small ones find gross faults within tens, large ones slight faults within thousands. */
const concentrations = [10, 100, 1_000, 10_000] as const;

export function startSampleRatioWatch(variants: number): SampleRatioWatch {
  return { counts: new Array<number>(variants).fill(0), maxLogEvidence: 0 };
}

/**
 * One look at the counts so far (not the increments); looks may come after every assignment or in batches. The result's
 * `pValue` may be read at every look: under the planned split the chance that it ever falls to α is at most α, exactly
 * and at any sample size. Multinomial e-process with Dirichlet prior α = κ·shares (Lindon & Malek 2020),
 * averaged over four κ (an average of e-processes is one).
 */
export function observeSampleRatio(
  watch: SampleRatioWatch,
  counts: readonly number[],
  plannedWeights: readonly number[],
): { readonly watch: SampleRatioWatch; readonly pValue: number; readonly logEvidence: number } {
  const logEvidence = splitEvidence(counts, plannedWeights);
  const maxLogEvidence = Math.max(watch.maxLogEvidence, logEvidence);
  return {
    watch: { counts: [...counts], maxLogEvidence },
    pValue: Math.min(1, Math.exp(-maxLogEvidence)),
    logEvidence,
  };
}

/** ln of the e-value of the counts against the planned weights; its exponential has mean 1 under the plan. */
export function splitEvidence(counts: readonly number[], plannedWeights: readonly number[]): number {
  const shares = plannedShares(counts, plannedWeights);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const logs = concentrations.map((concentration) => {
    let log = logGamma(concentration) - logGamma(concentration + total);
    counts.forEach((count, i) => {
      const prior = concentration * shares[i]!;
      log += logGamma(prior + count) - logGamma(prior) - count * Math.log(shares[i]!);
    });
    return log;
  });
  const largest = Math.max(...logs);
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0) / logs.length);
}
