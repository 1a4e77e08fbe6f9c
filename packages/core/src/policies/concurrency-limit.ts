import type { Clock, Timer } from '../kernel/index.ts';
import { type CallLimits, QueueDeadlineExceeded, QueueFull } from './call-limits.ts';
import { CallPace } from './call-pace.ts';

export interface QueueOptions {
  /** How long to wait for a slot; 0 does not wait. */
  readonly queueMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Tokens that the call will probably use; asked only when the limits count tokens. Absent means 0. */
  readonly estimateTokens?: (() => number) | undefined;
  /** Nobody waits for it, as for the calls of tests: whoever somebody waits for goes first, and finds room. */
  readonly isPatient?: boolean | undefined;
}

/** Gives the slot back, and says how many tokens the call has used when that is known; idempotent. */
export type ReleaseSlot = (usedTokens?: number) => void;

interface Waiter {
  readonly isPatient: boolean;
  readonly tokens: number;
  admit(): void;
}

/** Of what a provider allows, so much is kept free of patient calls. */
const keptShare = 0.25;

/**
 * At most so many holders at a time and so many a minute; the others wait in the order in which they came, patient ones
 * after all others. Patient calls leave a quarter of slots and pace free (with one slot only they take it when nobody else
 * wants it), so that a live call does not wait for one of them.
 */
export class ConcurrencyLimit {
  readonly #clock: Clock;
  readonly #readLimits: () => number | CallLimits;
  readonly #waiting = new Set<Waiter>();
  readonly #pace = new CallPace();
  /** Runs while the first in the queue waits for its turn within the minute. */
  #turn: Timer | undefined;
  #active = 0;

  /** `readLimits` is asked anew each time, so that a changed limit holds at once; a number limits the slots. */
  constructor(clock: Clock, readLimits: () => number | CallLimits) {
    this.#clock = clock;
    this.#readLimits = readLimits;
  }

  get active(): number {
    return this.#active;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get limits(): CallLimits {
    const limits = this.#readLimits();
    return typeof limits === 'number' ? { maxConcurrent: limits } : limits;
  }

  /**
   * Resolves with a slot. Rejects with {@link QueueFull} at once, with {@link QueueDeadlineExceeded}, or with the
   * signal's reason when it aborts.
   */
  acquire({ queueMs, signal, estimateTokens, isPatient = false }: QueueOptions): Promise<ReleaseSlot> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { limits } = this;
    const tokens = limits.tokensPerMinute === undefined ? 0 : (estimateTokens?.() ?? 0);
    // A limit may have been raised since.
    if (this.#waiting.size > 0) this.#admitNext();
    const ahead = this.#countAhead(isPatient);
    if (ahead === 0 && this.#readWaitMs(limits, { tokens, isPatient }) === 0)
      return Promise.resolve(this.#take(tokens));
    const patienceMs = Math.min(queueMs, limits.queueMs ?? Number.POSITIVE_INFINITY);
    if (patienceMs <= 0) return Promise.reject(new QueueDeadlineExceeded(0));
    const { maxQueued } = limits;
    if (maxQueued !== undefined && ahead >= maxQueued) return Promise.reject(new QueueFull(maxQueued));
    return new Promise((resolve, reject) => {
      let timer: Timer | undefined;
      const leave = () => {
        this.#waiting.delete(waiter);
        timer?.cancel();
        signal?.removeEventListener('abort', onAbort);
      };
      const giveUp = (reason: unknown) => {
        leave();
        reject(reason);
        // It may have kept others from their turn.
        this.#admitNext();
      };
      const onAbort = () => giveUp(signal?.reason);
      const waiter: Waiter = {
        isPatient,
        tokens,
        admit: () => {
          leave();
          resolve(this.#take(tokens));
        },
      };
      this.#waiting.add(waiter);
      signal?.addEventListener('abort', onAbort, { once: true });
      timer = this.#clock.startTimer(patienceMs, () => giveUp(new QueueDeadlineExceeded(patienceMs)));
      this.#admitNext();
    });
  }

  /** 0: now; infinite: when a slot is given back. */
  #readWaitMs(limits: CallLimits, { tokens, isPatient }: Pick<Waiter, 'tokens' | 'isPatient'>): number {
    const { maxConcurrent = Number.POSITIVE_INFINITY } = limits;
    const kept = isPatient && maxConcurrent > 1 ? Math.ceil(maxConcurrent * keptShare) : 0;
    if (this.#active >= maxConcurrent - kept) return Number.POSITIVE_INFINITY;
    return this.#pace.readWaitMs(limits, tokens, this.#clock.monotonicMs(), isPatient ? keptShare : 0);
  }

  /** Those that have their turn before one that comes now. */
  #countAhead(isPatient: boolean): number {
    if (isPatient) return this.#waiting.size;
    let count = 0;
    for (const waiter of this.#waiting) if (!waiter.isPatient) count += 1;
    return count;
  }

  #take(tokens: number): ReleaseSlot {
    this.#active += 1;
    this.#pace.charge(this.limits, tokens, this.#clock.monotonicMs());
    let isHeld = true;
    return (usedTokens) => {
      if (!isHeld) return;
      isHeld = false;
      this.#active -= 1;
      if (usedTokens !== undefined) this.#pace.correct(this.limits, usedTokens - tokens, this.#clock.monotonicMs());
      this.#admitNext();
    };
  }

  #admitNext(): void {
    this.#turn?.cancel();
    this.#turn = undefined;
    const { limits } = this;
    const inOrder = [...this.#waiting].sort((a, b) => Number(a.isPatient) - Number(b.isPatient));
    for (const waiter of inOrder) {
      const waitMs = this.#readWaitMs(limits, waiter);
      if (waitMs > 0) {
        if (Number.isFinite(waitMs)) this.#turn = this.#clock.startTimer(waitMs, () => this.#admitNext());
        return;
      }
      waiter.admit();
    }
  }
}

/** How one provider's limits stand, for people to look at. */
export interface ConcurrencyReading {
  readonly providerId: string;
  readonly inUse: number;
  readonly queued: number;
  readonly limits: CallLimits;
}

/** The limits of all providers of this process. */
export class ConcurrencyLimits {
  readonly #clock: Clock;
  readonly #limitOf: (providerId: string) => number | CallLimits | undefined;
  readonly #limits = new Map<string, ConcurrencyLimit>();

  /** `limitOf` tells what a provider takes; a number limits the calls at a time, undefined means any number. */
  constructor(clock: Clock, limitOf: (providerId: string) => number | CallLimits | undefined = () => undefined) {
    this.#clock = clock;
    this.#limitOf = limitOf;
  }

  /** See {@link ConcurrencyLimit.acquire}. */
  acquire(providerId: string, options: QueueOptions): Promise<ReleaseSlot> {
    let limit = this.#limits.get(providerId);
    if (!limit) {
      limit = new ConcurrencyLimit(this.#clock, () => this.#limitOf(providerId) ?? {});
      this.#limits.set(providerId, limit);
    }
    return limit.acquire(options);
  }

  /** Every provider that has been called, by id. */
  list(): readonly ConcurrencyReading[] {
    return [...this.#limits]
      .map(([providerId, { active, waiting, limits }]) => ({ providerId, inUse: active, queued: waiting, limits }))
      .sort((a, b) => (a.providerId < b.providerId ? -1 : 1));
  }
}
