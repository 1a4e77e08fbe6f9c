import { computeFirstTokenP95Ms, type RecentCalls } from '../policies/index.ts';

/** When a second candidate is started while the first is still silent; opt-in, because both are paid for. */
export interface HedgeSettings {
  /**
   * How long the first may be silent, in milliseconds; `p95` takes the model's own measured 95th percentile of the time
   * to first token, and does not hedge before there are enough measurements.
   */
  readonly afterMs: number | 'p95';
  /** Hedged calls may be at most this share (0–1) of all chains that could hedge. */
  readonly maxShare: number;
}

/** Fewer measurements than this are no 95th percentile. */
export const hedgeMinSamples = 20;
const hedgeWindowMs = 3_600_000;

/** How long the first candidate may be silent, in milliseconds; undefined when nobody can say yet. */
export function readHedgeDelayMs(
  settings: HedgeSettings,
  recentCalls: RecentCalls,
  circuitKey: string,
): number | undefined {
  if (settings.afterMs !== 'p95') return settings.afterMs;
  return computeFirstTokenP95Ms(recentCalls.read(circuitKey, hedgeWindowMs), hedgeMinSamples);
}
