import { closeSync, openSync } from 'node:fs';

export interface StopSignals {
  /** Settles with what asked for the end: a signal's name, or `disconnect` when `npm start` itself was killed. */
  readonly requested: Promise<string>;
  /** Settles when a person asks again, not counting the copies of one Ctrl-C that terminal and npm both send. */
  readonly insisted: Promise<void>;
  /** From now on a hang-up reloads, unless it says that the terminal was closed. Before, it stops. */
  onReload(reload: () => void): void;
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
  let reload: (() => void) | undefined;
  const hasTerminal = process.stdin.isTTY || process.stdout.isTTY;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => onSignal(signal));
  process.on('SIGHUP', () => {
    if (!reload || (hasTerminal && isTerminalGone())) onSignal('SIGHUP');
    else reload();
  });
  if (process.channel) {
    process.on('disconnect', () => requested.resolve('disconnect'));
    process.channel.unref();
  }
  return {
    requested: requested.promise,
    insisted: insisted.promise,
    onReload: (callback) => {
      reload = callback;
    },
  };
}

/** Closing a terminal sends the same signal as `kill -HUP`; only the latter leaves a terminal that can be opened. */
function isTerminalGone(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return false;
  } catch {
    return true;
  }
}
