import { type BootstrapEstimate, type BootstrapOptions, bootstrapInterval } from './bootstrap.ts';
import type { CannotTell } from './cannot-tell.ts';
import { requireSameLength } from './cannot-tell.ts';
import type { ConfidenceOption } from './estimate.ts';
import { type QuantileEstimate, quantileInterval, sortedQuantile } from './quantile.ts';

/**
 * Difference of a quantile between two independent samples, variant minus baseline, e.g. of the 95th percentile of
 * latency. Each side's order-statistic interval is combined by MOVER (Zou & Donner 2008), which keeps the
 * asymmetry of skewed data. Conservative at small n; "cannot tell" when a side does not reach the tail yet.
 */
export function quantileDifference(
  baseline: readonly number[],
  variant: readonly number[],
  probability: number,
  options: ConfidenceOption = {},
): QuantileEstimate | CannotTell {
  const before = quantileInterval(baseline, probability, options);
  if (before.kind === 'cannot-tell') return before;
  const after = quantileInterval(variant, probability, options);
  if (after.kind === 'cannot-tell') return after;
  const estimate = after.estimate - before.estimate;
  return {
    kind: 'quantile',
    estimate,
    interval: {
      low: estimate - Math.hypot(after.estimate - after.interval.low, before.interval.high - before.estimate),
      high: estimate + Math.hypot(after.interval.high - after.estimate, before.estimate - before.interval.low),
      confidence: after.interval.confidence,
    },
  };
}

/**
 * The same for paired samples (`baseline[i]` and `variant[i]` of the same item): items are resampled as pairs, because
 * the two quantiles are correlated. Percentile bootstrap unless `method` says otherwise. Throws on unequal lengths.
 */
export function pairedQuantileDifference(
  baseline: readonly number[],
  variant: readonly number[],
  probability: number,
  options: BootstrapOptions,
): BootstrapEstimate | CannotTell {
  requireSameLength(baseline, variant, 'baseline and variant');
  const items = baseline.map((before, i) => ({ before, after: variant[i]! }));
  const quantile = (values: number[]) => sortedQuantile(Float64Array.from(values).sort(), probability);
  return bootstrapInterval(
    items,
    (sample) => quantile(sample.map((item) => item.after)) - quantile(sample.map((item) => item.before)),
    { method: 'percentile', ...options },
  );
}
