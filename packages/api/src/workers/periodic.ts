import type { Clock, Log, Timer } from '@switchyard/core/kernel';

/** Runs `work` every `everyMs`, never twice at once; a failure is logged and does not end it. Returns how to stop it. */
export function runPeriodically(
  options: { readonly name: string; readonly everyMs: number; readonly clock: Clock; readonly log: Log },
  work: () => Promise<void>,
): () => Promise<void> {
  let isStopped = false;
  let timer: Timer | undefined;
  let running: Promise<void> = Promise.resolve();
  const schedule = () => {
    if (isStopped) return;
    timer = options.clock.startTimer(options.everyMs, () => {
      running = work()
        .catch((error: unknown) => options.log.warn({ worker: options.name, error: String(error) }, 'a worker failed'))
        .then(schedule);
    });
  };
  schedule();
  return async () => {
    isStopped = true;
    timer?.cancel();
    await running;
  };
}
