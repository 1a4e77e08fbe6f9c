import { type Clock, type Log, sleep } from '@switchyard/core/kernel';
import type { RunLease } from '@switchyard/core/workflows';

export interface LeaseHoldParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly leaseMs: number;
  /** Renews the lease by its token; false when another process has taken the run over. */
  readonly renew: (lease: RunLease) => Promise<boolean>;
}

/** The last tenth of a lease is not relied on: a clock may run a little differently, and a question takes its time. */
const reliedOnShare = 0.9;
const longestPauseMs = 2_000;

/**
 * Whether a run is certainly still this process's own. A process that was stopped for longer than its lease wakes up in
 * the middle of what it was about to do, while another one has gone on with the run: before it pays for anything it has
 * to ask. As long as the lease was renewed a moment ago that costs nothing.
 */
export class LeaseHold {
  readonly lease: RunLease;
  readonly #parts: LeaseHoldParts;
  #heldUntilMs: number;

  /** `sinceMs`: by the monotonic clock, from before the lease was asked for. */
  constructor(lease: RunLease, sinceMs: number, parts: LeaseHoldParts) {
    this.lease = lease;
    this.#parts = parts;
    this.#heldUntilMs = sinceMs + parts.leaseMs * reliedOnShare;
  }

  /** The lease was renewed; `sinceMs` is from before that was asked for. */
  extend(sinceMs: number): void {
    this.#heldUntilMs = Math.max(this.#heldUntilMs, sinceMs + this.#parts.leaseMs * reliedOnShare);
  }

  /** Whether it is certainly held; waits for a database that is away. Rejects when `signal` aborts. */
  async confirm(signal: AbortSignal): Promise<boolean> {
    const { clock, log } = this.#parts;
    for (let pauseMs = 100; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
      signal.throwIfAborted();
      try {
        return await this.#ask();
      } catch (error) {
        const { runId } = this.lease;
        log.warn({ runId, error: String(error) }, 'the lease of a run could not be confirmed; trying again');
        await sleep(clock, pauseMs, signal);
      }
    }
  }

  /** The same without waiting: rejects when the database does not answer within two seconds. */
  async confirmNow(): Promise<boolean> {
    const { clock } = this.#parts;
    if (clock.monotonicMs() < this.#heldUntilMs) return true;
    const limit = new AbortController();
    const late = sleep(clock, longestPauseMs, limit.signal).then(() => {
      throw new Error('The database did not say in time whose run it is.');
    });
    try {
      return await Promise.race([this.#ask(), late]);
    } finally {
      late.catch(() => {});
      limit.abort();
    }
  }

  async #ask(): Promise<boolean> {
    const sinceMs = this.#parts.clock.monotonicMs();
    if (sinceMs < this.#heldUntilMs) return true;
    if (!(await this.#parts.renew(this.lease))) return false;
    this.extend(sinceMs);
    return true;
  }
}
