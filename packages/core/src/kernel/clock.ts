/** A pending timer; `cancel` is idempotent. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time in the domain.
 *
 * `nowMs` is wall-clock time (epoch milliseconds) and may jump; `monotonicMs` never goes back and is the one to measure
 * durations and deadlines with, so that a clock change can neither fire a deadline early nor hold it open.
 */
export interface Clock {
  nowMs(): number;
  monotonicMs(): number;
  /** Runs `callback` once after `delayMs`; a negative delay counts as 0. */
  startTimer(delayMs: number, callback: () => void): Timer;
}

/** Resolves after `delayMs`, or rejects with the signal's reason as soon as `signal` aborts. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.startTimer(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
