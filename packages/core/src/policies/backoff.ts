import type { Random } from '../kernel/index.ts';

/** Exponential backoff with full jitter, in milliseconds. */
export interface BackoffSettings {
  /** The longest wait after the first failure; it doubles with every further one. */
  readonly baseMs: number;
  /** No wait of our own choosing is longer than this. */
  readonly capMs: number;
}

export const defaultBackoff: BackoffSettings = { baseMs: 1_000, capMs: 8_000 };

/**
 * How long to wait after the `failures`-th failure in a row (from 1): uniform in [0, min(cap, base × 2^(failures − 1))).
 * Full jitter, because it spreads the retries of many callers best.
 * Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function computeBackoffMs(failures: number, settings: BackoffSettings, random: Random): number {
  const ceilingMs = Math.min(settings.capMs, settings.baseMs * 2 ** Math.min(Math.max(failures, 1) - 1, 40));
  return Math.floor(random.next() * ceilingMs);
}

/** `too-long`: what must be waited does not fit into the time that is left. */
export type PlannedWait =
  | { readonly kind: 'wait'; readonly waitMs: number }
  | { readonly kind: 'too-long'; readonly waitMs: number };

/**
 * The wait before the next try: the longer of our own backoff and the vendor's hint (`hintMs`; absent, negative or
 * not a number: none). A wait that would use up `remainingMs` is `too-long`: better to fail now than at the deadline.
 */
export function planWait(
  failures: number,
  hintMs: number | undefined,
  remainingMs: number,
  settings: BackoffSettings,
  random: Random,
): PlannedWait {
  const hint = hintMs !== undefined && hintMs > 0 ? Math.ceil(hintMs) : 0;
  const waitMs = Math.max(hint, computeBackoffMs(failures, settings, random));
  return { kind: waitMs < remainingMs ? 'wait' : 'too-long', waitMs };
}
