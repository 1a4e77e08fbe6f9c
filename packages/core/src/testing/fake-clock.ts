import type { Clock, Timer } from '../kernel/index.ts';

interface PendingTimer {
  readonly dueMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. Wall and monotonic time can be moved apart. */
export class FakeClock implements Clock {
  #nowMs: number;
  #monotonicMs = 0;
  #order = 0;
  readonly #pending = new Set<PendingTimer>();

  /** `startMs`: epoch milliseconds; default 2026-01-01T00:00:00Z. */
  constructor(startMs = 1_767_225_600_000) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  startTimer(delayMs: number, callback: () => void): Timer {
    this.#order += 1;
    const timer: PendingTimer = { dueMs: this.#monotonicMs + Math.max(0, delayMs), order: this.#order, callback };
    this.#pending.add(timer);
    return { cancel: () => this.#pending.delete(timer) };
  }

  /** How many timers wait. */
  get pendingTimers(): number {
    return this.#pending.size;
  }

  /** Moves both times forward and fires what falls due, in order of due time, also timers started by fired ones. */
  advance(byMs: number): void {
    const targetMs = this.#monotonicMs + byMs;
    for (;;) {
      const next = [...this.#pending]
        .filter((timer) => timer.dueMs <= targetMs)
        .sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)[0];
      if (!next) break;
      this.#pending.delete(next);
      this.#moveTo(next.dueMs);
      next.callback();
    }
    this.#moveTo(targetMs);
  }

  /** Like {@link advance}, but lets promises settle after every timer. */
  async advanceAsync(byMs: number): Promise<void> {
    const targetMs = this.#monotonicMs + byMs;
    for (;;) {
      await settle();
      const due = [...this.#pending].map((timer) => timer.dueMs).filter((dueMs) => dueMs <= targetMs);
      if (due.length === 0) break;
      this.advance(Math.min(...due) - this.#monotonicMs);
    }
    this.advance(targetMs - this.#monotonicMs);
    await settle();
  }

  /** The operator sets the machine's clock: wall time jumps, durations do not. */
  jumpWallClock(byMs: number): void {
    this.#nowMs += byMs;
  }

  #moveTo(monotonicMs: number): void {
    this.#nowMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
