import type { Clock } from '../kernel/index.ts';

/** How many retries a model may get, so that they cannot multiply an outage. */
export interface RetryBudgetSettings {
  /** What a request brings, in retries, whatever becomes of it. */
  readonly ratio: number;
  /** What a success brings on top. */
  readonly successRatio: number;
  /** What a success brings instead, when that is more: retries per minute since the success before it. */
  readonly floorPerMinute: number;
  /** What time alone brings: retries per minute. */
  readonly tricklePerMinute: number;
  /** Retries that can be saved up by slow traffic; also what a new budget starts with. */
  readonly capacity: number;
}

/**
 * Why these: an outage of five minutes, in which nothing succeeds, meets at most 3 + 3 + 0.05 × requests retries, which
 * is less than 0.1 × requests from 120 requests on, and stays so however long it lasts; below that the circuit is what
 * ends the retries. Where calls do succeed, traffic pays for 10 % and slow traffic for 20 retries a minute.
 */
export const defaultRetryBudget: RetryBudgetSettings = {
  ratio: 0.05,
  successRatio: 0.05,
  floorPerMinute: 20,
  tricklePerMinute: 0.6,
  capacity: 3,
};

/** A token bucket that requests and successes fill and retries empty. Times on the monotonic clock. */
export interface RetryBudgetState {
  readonly tokens: number;
  /** Requests of the last minute, fading out exponentially: dense traffic may save up more. */
  readonly recentRequests: number;
  readonly changedAtMs: number;
  readonly succeededAtMs: number;
}

const minuteMs = 60_000;

export function createRetryBudget(nowMs: number, settings: RetryBudgetSettings): RetryBudgetState {
  // As if the last success had been a minute ago: the first one fills it up again.
  return { tokens: settings.capacity, recentRequests: 0, changedAtMs: nowMs, succeededAtMs: nowMs - minuteMs };
}

/** Adds what time, and what `requests` more requests, bring. */
export function depositRequest(
  state: RetryBudgetState,
  nowMs: number,
  settings: RetryBudgetSettings,
  requests = 1,
): RetryBudgetState {
  const elapsedMs = Math.max(0, nowMs - state.changedAtMs);
  const recentRequests = state.recentRequests * Math.exp(-elapsedMs / minuteMs) + requests;
  const income = settings.ratio * requests + (settings.tricklePerMinute * elapsedMs) / minuteMs;
  const next = { ...state, recentRequests, changedAtMs: nowMs };
  return { ...next, tokens: Math.min(readCeiling(next, settings), state.tokens + income) };
}

/** Adds what a complete answer brings. */
export function depositSuccess(
  state: RetryBudgetState,
  nowMs: number,
  settings: RetryBudgetSettings,
): RetryBudgetState {
  const sinceMs = Math.max(0, nowMs - state.succeededAtMs);
  const income = Math.max(settings.successRatio, (settings.floorPerMinute * sinceMs) / minuteMs);
  const tokens = Math.min(readCeiling(state, settings), state.tokens + income);
  return { ...state, tokens, succeededAtMs: nowMs };
}

/** The state after one retry, or undefined when there is nothing left to pay for it. */
export function withdrawRetry(state: RetryBudgetState): RetryBudgetState | undefined {
  // The tolerance makes twenty deposits of 0.05 worth one retry.
  return state.tokens >= 1 - 1e-9 ? { ...state, tokens: Math.max(0, state.tokens - 1) } : undefined;
}

/** Saved up for a fault that meets everybody at once: as much as a minute of requests brings by itself. */
function readCeiling(state: RetryBudgetState, settings: RetryBudgetSettings): number {
  return settings.capacity + settings.ratio * state.recentRequests;
}

/** How one budget stands, for people to look at. */
export interface RetryBudgetReading {
  readonly key: string;
  /** Retries that could be paid for now. */
  readonly retriesLeft: number;
}

/** The retry budgets of this process, one per key (provider + model). */
export class RetryBudgets {
  readonly #clock: Clock;
  readonly #settings: RetryBudgetSettings;
  readonly #states = new Map<string, RetryBudgetState>();

  constructor(clock: Clock, settings: Partial<RetryBudgetSettings> = {}) {
    this.#clock = clock;
    this.#settings = { ...defaultRetryBudget, ...settings };
  }

  /** Counts a request that is not a retry. */
  noteRequest(key: string): void {
    this.#states.set(key, depositRequest(this.#read(key), this.#clock.monotonicMs(), this.#settings));
  }

  /** Counts a complete answer, whichever try gave it. */
  noteSuccess(key: string): void {
    this.#states.set(key, depositSuccess(this.#read(key), this.#clock.monotonicMs(), this.#settings));
  }

  /** Whether a retry could be paid for now. */
  canRetry(key: string): boolean {
    return withdrawRetry(this.#read(key)) !== undefined;
  }

  /** Pays for one retry; false when there is nothing left. */
  takeRetry(key: string): boolean {
    const state = withdrawRetry(this.#read(key));
    if (state) this.#states.set(key, state);
    return state !== undefined;
  }

  /** Every budget that has been used, by key. */
  list(): readonly RetryBudgetReading[] {
    return [...this.#states.keys()]
      .sort()
      .map((key) => ({ key, retriesLeft: Math.floor(this.#read(key).tokens + 1e-9) }));
  }

  /** With what time has brought until now. */
  #read(key: string): RetryBudgetState {
    const nowMs = this.#clock.monotonicMs();
    const state = this.#states.get(key);
    return state ? depositRequest(state, nowMs, this.#settings, 0) : createRetryBudget(nowMs, this.#settings);
  }
}
