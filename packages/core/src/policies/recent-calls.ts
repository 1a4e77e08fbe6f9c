import type { Clock } from '../kernel/index.ts';
import { HedgeBudget } from './hedge-budget.ts';

/** One call that has ended, as far as later choices depend on it. */
export interface RecentCall {
  /** When it ended, on the monotonic clock. */
  readonly endedAtMs: number;
  /** Undefined: it says nothing of the provider (the caller's fault, a cancel). */
  readonly outcome: 'success' | 'fault' | undefined;
  /** Of a call that ended before its first token: at least so long. Undefined when nothing is known. */
  readonly timeToFirstTokenMs: number | undefined;
}

/** Calls remembered per key, and keys remembered in all: so that memory stays bounded. */
const maxCallsPerKey = 200;
const maxKeys = 5_000;
/** What is older is not remembered by anybody. */
const maxAgeMs = 3_600_000;

interface KeyHistory {
  /** Oldest first; up to twice as many as are remembered, so that most calls only add one. */
  calls: RecentCall[];
  askedAtMs: number;
}

/**
 * The last calls of each key (provider + model) in this process: what triggers and hedges are decided by. Shared by all
 * chains, like the circuits.
 */
export class RecentCalls {
  readonly #clock: Clock;
  readonly #histories = new Map<string, KeyHistory>();
  /** Of all hedged chains of this process. */
  readonly hedges = new HedgeBudget();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A call is about to be made. */
  noteStart(key: string): void {
    const history = this.#histories.get(key) ?? { calls: [], askedAtMs: 0 };
    // Moved to the end: the first key is the one that was not asked for the longest time.
    this.#histories.delete(key);
    this.#histories.set(key, history);
    history.askedAtMs = this.#clock.monotonicMs();
    const oldest = this.#histories.size > maxKeys ? this.#histories.keys().next().value : undefined;
    if (oldest !== undefined) this.#histories.delete(oldest);
  }

  /** A call has ended. */
  noteEnd(key: string, call: Omit<RecentCall, 'endedAtMs'>): void {
    const history = this.#histories.get(key);
    if (!history) return;
    history.calls.push({ ...call, endedAtMs: this.#clock.monotonicMs() });
    if (history.calls.length >= 2 * maxCallsPerKey) history.calls = history.calls.slice(-maxCallsPerKey);
  }

  /** Forgets the calls of `key`: it has shown that it is another one now. */
  forget(key: string): void {
    const history = this.#histories.get(key);
    if (history) history.calls = [];
  }

  /** The calls of the last `windowMs`, oldest first. */
  read(key: string, windowMs: number): readonly RecentCall[] {
    const calls = this.#histories.get(key)?.calls ?? [];
    const sinceMs = this.#clock.monotonicMs() - Math.min(windowMs, maxAgeMs);
    let first = calls.length;
    const oldest = Math.max(0, calls.length - maxCallsPerKey);
    while (first > oldest && (calls[first - 1]?.endedAtMs ?? 0) > sinceMs) first -= 1;
    return calls.slice(first);
  }

  /** How long ago the last call of `key` was started; infinite when none is remembered. */
  readQuietMs(key: string): number {
    const history = this.#histories.get(key);
    return history ? this.#clock.monotonicMs() - history.askedAtMs : Number.POSITIVE_INFINITY;
  }
}

/**
 * The 95th percentile of the time to first token (nearest rank) in milliseconds; undefined with fewer than `minSamples`
 * measurements.
 */
export function computeFirstTokenP95Ms(calls: readonly RecentCall[], minSamples: number): number | undefined {
  const times = calls.flatMap(({ timeToFirstTokenMs: ms }) => (ms === undefined ? [] : [ms])).sort((a, b) => a - b);
  if (times.length < Math.max(1, minSamples)) return undefined;
  return times[Math.ceil(times.length * 0.95) - 1];
}
