import type { Clock, Log, Timer } from '@switchyard/core/kernel';

/**
 * Runs `work` every `everyMs`, for the first time after `firstAfterMs`, never twice at once; a failure is logged and does
 * not end it. Returns how to stop it.
 */
export function runPeriodically(
  options: {
    readonly name: string;
    readonly everyMs: number;
    readonly firstAfterMs?: number;
    readonly clock: Clock;
    readonly log: Log;
  },
  work: () => Promise<void>,
): () => Promise<void> {
  let isStopped = false;
  let timer: Timer | undefined;
  let running: Promise<void> = Promise.resolve();
  const schedule = (delayMs: number) => {
    if (isStopped) return;
    timer = options.clock.startTimer(delayMs, () => {
      running = work()
        .catch((error: unknown) => options.log.warn({ worker: options.name, error: String(error) }, 'a worker failed'))
        .then(() => schedule(options.everyMs));
    });
  };
  schedule(options.firstAfterMs ?? options.everyMs);
  return async () => {
    isStopped = true;
    timer?.cancel();
    await running;
  };
}
