import type { Clock, Timer } from '../kernel/index.ts';

/** No slot became free in time. */
export class QueueDeadlineExceeded extends Error {
  override readonly name = 'QueueDeadlineExceeded';

  constructor(queueMs: number) {
    super(`No free slot within ${queueMs / 1000} s.`);
  }
}

export interface QueueOptions {
  /** How long to wait for a slot; 0 does not wait. */
  readonly queueMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Gives the slot back; idempotent. */
export type ReleaseSlot = () => void;

interface Waiter {
  admit(): void;
}

/** At most so many holders at a time; the others wait in the order in which they came. */
export class ConcurrencyLimit {
  readonly #clock: Clock;
  readonly #readLimit: () => number;
  readonly #waiting = new Set<Waiter>();
  #active = 0;

  /** `readLimit` is asked anew each time, so that a changed limit holds at once. */
  constructor(clock: Clock, readLimit: () => number) {
    this.#clock = clock;
    this.#readLimit = readLimit;
  }

  get active(): number {
    return this.#active;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Resolves with a slot. Rejects with {@link QueueDeadlineExceeded}, or with the signal's reason when it aborts. */
  acquire({ queueMs, signal }: QueueOptions): Promise<ReleaseSlot> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#waiting.size === 0 && this.#active < this.#readLimit()) return Promise.resolve(this.#take());
    if (queueMs <= 0) return Promise.reject(new QueueDeadlineExceeded(0));
    return new Promise((resolve, reject) => {
      let timer: Timer | undefined;
      const leave = () => {
        this.#waiting.delete(waiter);
        timer?.cancel();
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        leave();
        reject(signal?.reason);
      };
      const waiter: Waiter = {
        admit: () => {
          leave();
          resolve(this.#take());
        },
      };
      this.#waiting.add(waiter);
      signal?.addEventListener('abort', onAbort, { once: true });
      timer = this.#clock.startTimer(queueMs, () => {
        leave();
        reject(new QueueDeadlineExceeded(queueMs));
      });
    });
  }

  #take(): ReleaseSlot {
    this.#active += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#active -= 1;
      this.#admitNext();
    };
  }

  #admitNext(): void {
    for (const waiter of this.#waiting) {
      if (this.#active >= this.#readLimit()) return;
      waiter.admit();
    }
  }
}

/** The limits of all providers of this process. */
export class ConcurrencyLimits {
  readonly #clock: Clock;
  readonly #limitOf: (providerId: string) => number | undefined;
  readonly #limits = new Map<string, ConcurrencyLimit>();

  /** `limitOf` tells how many calls a provider takes at a time; undefined means any number. */
  constructor(clock: Clock, limitOf: (providerId: string) => number | undefined = () => undefined) {
    this.#clock = clock;
    this.#limitOf = limitOf;
  }

  /** See {@link ConcurrencyLimit.acquire}. */
  acquire(providerId: string, options: QueueOptions): Promise<ReleaseSlot> {
    let limit = this.#limits.get(providerId);
    if (!limit) {
      limit = new ConcurrencyLimit(this.#clock, () => this.#limitOf(providerId) ?? Number.POSITIVE_INFINITY);
      this.#limits.set(providerId, limit);
    }
    return limit.acquire(options);
  }
}
