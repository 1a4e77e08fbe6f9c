import type { Random } from '../../kernel/index.ts';

/** A message is tried so often at the most. */
export const maxDeliveryAttempts = 8;
/** A channel that took nothing for so long is switched off. */
export const disableChannelAfterMs = 3 * 24 * 60 * 60 * 1000;

const firstWaitMs = 15_000;
const growth = 4;
const longestHintMs = 24 * 60 * 60 * 1000;

/**
 * How long to wait after the `attempts`-th try failed (from 1), or undefined when it was the last. Waits of 15 s, 1 min,
 * 4 min, 16 min, 64 min, 4 h 16 min and 17 h 4 min, 23 h together, each times a random factor from 0.75 to 1.25 so that
 * what failed together does not come back together. `retryAfterMs`, what the target asked for, makes a wait longer, up
 * to a day, never shorter.
 */
export function planRedelivery(
  attempts: number,
  retryAfterMs: number | undefined,
  random: Random,
): { readonly waitMs: number } | undefined {
  if (attempts >= maxDeliveryAttempts) return undefined;
  const waitMs = firstWaitMs * growth ** (Math.max(attempts, 1) - 1) * (0.75 + random.next() / 2);
  const hintMs = retryAfterMs === undefined || !(retryAfterMs > 0) ? 0 : Math.min(retryAfterMs, longestHintMs);
  return { waitMs: Math.ceil(Math.max(waitMs, hintMs)) };
}

/** Reads a `Retry-After` header, seconds or an HTTP date, into milliseconds from `nowMs`; undefined when it is none. */
export function readRetryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Za-z]{3}/.test(text)) return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
