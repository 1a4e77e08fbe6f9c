export interface StopSignals {
  /** Settles with what asked for the end: a signal's name, or `disconnect` when `npm start` itself was killed. */
  readonly requested: Promise<string>;
  /** Settles when a person asks again, not counting the copies of one Ctrl-C that terminal and npm both send. */
  readonly insisted: Promise<void>;
}

const oneKeyPressMs = 500;

/** Listens for the wish to stop. Call it once, early: before it, signals end the process at once. */
export function listenForStop(): StopSignals {
  let firstAtMs: number | undefined;
  const requested = Promise.withResolvers<string>();
  const insisted = Promise.withResolvers<void>();
  const onSignal = (name: string) => {
    const nowMs = performance.now();
    if (firstAtMs === undefined) {
      firstAtMs = nowMs;
      requested.resolve(name);
    } else if (nowMs - firstAtMs > oneKeyPressMs) insisted.resolve();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => onSignal(signal));
  if (process.channel) {
    process.on('disconnect', () => requested.resolve('disconnect'));
    process.channel.unref();
  }
  return { requested: requested.promise, insisted: insisted.promise };
}
