import type { CallLimits } from './call-limits.ts';

/** A token bucket. `level` may be below 0: a debt that time pays. Times on the monotonic clock. */
export interface PaceBucket {
  readonly level: number;
  readonly atMs: number;
}

/** How much fits into a bucket and how fast it fills. */
export interface PaceRate {
  readonly capacity: number;
  readonly perMs: number;
}

const minuteMs = 60_000;

/**
 * The bucket that lets `perMinute` units through in any 60 s, never more: a burst of a sixth of them at once, and the
 * rest evenly. (A bucket lets through capacity − 1 + rate × time in a half-open stretch of time.)
 */
export function planPace(perMinute: number): PaceRate {
  const capacity = Math.max(1, Math.floor(perMinute / 6));
  return { capacity, perMs: Math.max(0, perMinute - capacity + 1) / minuteMs };
}

export function fillBucket(bucket: PaceBucket, rate: PaceRate, nowMs: number): PaceBucket {
  const level = bucket.level + Math.max(0, nowMs - bucket.atMs) * rate.perMs;
  return { level: Math.min(rate.capacity, level), atMs: nowMs };
}

/**
 * How long until `units` may pass; more than the bucket holds pass when it is full, and leave a debt. Infinite when the
 * rate is 0.
 */
export function readPaceWaitMs(bucket: PaceBucket, rate: PaceRate, units: number, nowMs: number): number {
  const missing = Math.min(units, rate.capacity) - fillBucket(bucket, rate, nowMs).level;
  // The tolerance is for the sums of fractions.
  return missing <= 1e-9 ? 0 : Math.ceil(missing / rate.perMs);
}

/** How fast calls may start at one provider: the two buckets of its limits per minute. */
export class CallPace {
  #requests: PaceBucket | undefined;
  #tokens: PaceBucket | undefined;

  /** How long until a call of `tokens` tokens may start that leaves `keptShare` of what the limits hold for others. */
  readWaitMs(limits: CallLimits, tokens: number, nowMs: number, keptShare = 0): number {
    const { requestsPerMinute, tokensPerMinute } = limits;
    return Math.max(
      requestsPerMinute === undefined ? 0 : waitFor(this.#requests, planPace(requestsPerMinute), 1, nowMs, keptShare),
      tokensPerMinute === undefined ? 0 : waitFor(this.#tokens, planPace(tokensPerMinute), tokens, nowMs, keptShare),
    );
  }

  /** Starts a call. */
  charge(limits: CallLimits, tokens: number, nowMs: number): void {
    const { requestsPerMinute, tokensPerMinute } = limits;
    this.#requests = take(this.#requests, requestsPerMinute, 1, nowMs);
    this.#tokens = take(this.#tokens, tokensPerMinute, tokens, nowMs);
  }

  /** Corrects an estimate: `tokens` more (or, below 0, fewer) were used than charged. */
  correct(limits: CallLimits, tokens: number, nowMs: number): void {
    this.#tokens = take(this.#tokens, limits.tokensPerMinute, tokens, nowMs);
  }
}

function waitFor(
  bucket: PaceBucket | undefined,
  rate: PaceRate,
  units: number,
  nowMs: number,
  keptShare: number,
): number {
  const wanted = units + keptShare * rate.capacity;
  return readPaceWaitMs(bucket ?? { level: rate.capacity, atMs: nowMs }, rate, wanted, nowMs);
}

/** Without a limit nothing is kept, so that one that is set later begins with a full bucket. */
function take(
  bucket: PaceBucket | undefined,
  perMinute: number | undefined,
  units: number,
  nowMs: number,
): PaceBucket | undefined {
  if (perMinute === undefined) return undefined;
  const rate = planPace(perMinute);
  const filled = fillBucket(bucket ?? { level: rate.capacity, atMs: nowMs }, rate, nowMs);
  return { level: Math.min(rate.capacity, filled.level - units), atMs: nowMs };
}
