import type { Clock } from '@switchyard/core/kernel';

/** The state of a bucket as clients are told it. */
export interface BucketStatus {
  readonly maximumAvailable: number;
  readonly currentlyAvailable: number;
  readonly restoreRatePerSecond: number;
}

/** A leaky bucket of query cost for one identity: full at first, refilled at a steady rate, never above its size. */
export class GraphBucket {
  readonly #clock: Clock;
  readonly #size: number;
  readonly #ratePerSecond: number;
  #available: number;
  #updatedAtMs: number;

  constructor(clock: Clock, size: number, ratePerSecond: number) {
    this.#clock = clock;
    this.#size = size;
    this.#ratePerSecond = ratePerSecond;
    this.#available = size;
    this.#updatedAtMs = clock.monotonicMs();
  }

  get isFull(): boolean {
    this.#refill();
    return this.#available >= this.#size;
  }

  /** Takes `points`; otherwise takes nothing and tells how long until they are there, in milliseconds. */
  take(points: number): { readonly isTaken: true } | { readonly isTaken: false; readonly retryAfterMs: number } {
    this.#refill();
    if (points <= this.#available) {
      this.#available -= points;
      return { isTaken: true };
    }
    return { isTaken: false, retryAfterMs: Math.ceil(((points - this.#available) * 1000) / this.#ratePerSecond) };
  }

  /** Gives back what was taken too much. */
  refund(points: number): void {
    this.#available = Math.min(this.#size, this.#available + points);
  }

  status(): BucketStatus {
    this.#refill();
    return {
      maximumAvailable: this.#size,
      currentlyAvailable: Math.floor(this.#available),
      restoreRatePerSecond: this.#ratePerSecond,
    };
  }

  #refill(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#available = Math.min(
      this.#size,
      this.#available + ((nowMs - this.#updatedAtMs) * this.#ratePerSecond) / 1000,
    );
    this.#updatedAtMs = nowMs;
  }
}

const maxBuckets = 10_000;

/** The buckets of all identities of this process; full ones are forgotten, because a new one is the same. */
export class GraphBuckets {
  readonly #clock: Clock;
  readonly #size: number;
  readonly #ratePerSecond: number;
  readonly #bySubject = new Map<string, GraphBucket>();

  constructor(clock: Clock, limits: { readonly graphBucketPoints: number; readonly graphRestorePerSecond: number }) {
    this.#clock = clock;
    this.#size = limits.graphBucketPoints;
    this.#ratePerSecond = limits.graphRestorePerSecond;
  }

  of(subject: string): GraphBucket {
    const existing = this.#bySubject.get(subject);
    if (existing) return existing;
    if (this.#bySubject.size >= maxBuckets) {
      for (const [key, bucket] of this.#bySubject) if (bucket.isFull) this.#bySubject.delete(key);
    }
    const bucket = new GraphBucket(this.#clock, this.#size, this.#ratePerSecond);
    this.#bySubject.set(subject, bucket);
    return bucket;
  }
}
