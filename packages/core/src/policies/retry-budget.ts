import type { Clock } from '../kernel/index.ts';

/** How many retries a provider may get, so that they cannot multiply an outage. */
export interface RetryBudgetSettings {
  /** Retries per request in the long run. */
  readonly ratio: number;
  /** What slow traffic is granted instead, when that is more: retries per minute. */
  readonly floorPerMinute: number;
  /** Most retries that can be saved up; also what a new budget starts with. */
  readonly capacity: number;
}

export const defaultRetryBudget: RetryBudgetSettings = { ratio: 0.1, floorPerMinute: 20, capacity: 10 };

/** A token bucket that requests fill and retries empty. Times on the monotonic clock. */
export interface RetryBudgetState {
  readonly tokens: number;
  readonly lastRequestAtMs: number;
}

/**
 * A request brings `ratio` of a retry, or the floor's share of the time since the request before it when that is more.
 * Dense traffic of n requests thus pays for at most `capacity + ratio × n` retries, whatever happens to them.
 */
export function depositRequest(
  state: RetryBudgetState,
  nowMs: number,
  settings: RetryBudgetSettings,
): RetryBudgetState {
  const elapsedMs = Math.max(0, nowMs - state.lastRequestAtMs);
  const income = Math.max(settings.ratio, (settings.floorPerMinute * elapsedMs) / 60_000);
  return { tokens: Math.min(settings.capacity, state.tokens + income), lastRequestAtMs: nowMs };
}

/** The state after one retry, or undefined when there is nothing left to pay for it. */
export function withdrawRetry(state: RetryBudgetState): RetryBudgetState | undefined {
  // The tolerance makes ten deposits of 0.1 worth one retry.
  return state.tokens >= 1 - 1e-9 ? { ...state, tokens: Math.max(0, state.tokens - 1) } : undefined;
}

/** The retry budgets of all providers of this process. */
export class RetryBudgets {
  readonly #clock: Clock;
  readonly #settings: RetryBudgetSettings;
  readonly #states = new Map<string, RetryBudgetState>();

  constructor(clock: Clock, settings: RetryBudgetSettings = defaultRetryBudget) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Counts a request that is not a retry. */
  noteRequest(providerId: string): void {
    this.#states.set(providerId, depositRequest(this.#read(providerId), this.#clock.monotonicMs(), this.#settings));
  }

  /** Whether a retry could be paid for now. */
  canRetry(providerId: string): boolean {
    return withdrawRetry(this.#read(providerId)) !== undefined;
  }

  /** Pays for one retry; false when there is nothing left. */
  takeRetry(providerId: string): boolean {
    const state = withdrawRetry(this.#read(providerId));
    if (state) this.#states.set(providerId, state);
    return state !== undefined;
  }

  #read(providerId: string): RetryBudgetState {
    return (
      this.#states.get(providerId) ?? {
        tokens: this.#settings.capacity,
        lastRequestAtMs: this.#clock.monotonicMs(),
      }
    );
  }
}
