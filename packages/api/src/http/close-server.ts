import type { Server } from 'node:http';
import { type Clock, sleep } from '@switchyard/core/kernel';

/** Answers that are being written when everything else is over still get this long. */
const graceMs = 250;
const pollMs = 25;

/** Stops listening at once; the function it returns lets open requests end for `waitMs` and then cuts what is left. */
export function beginClosing(server: Server, clock: Clock): (waitMs: number) => Promise<void> {
  let isClosed = false;
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      isClosed = true;
      resolve();
    });
  });
  return async (waitMs) => {
    const untilMs = clock.monotonicMs() + Math.max(graceMs, waitMs);
    // A connection that is kept alive becomes idle only after its answer.
    for (server.closeIdleConnections(); !isClosed && clock.monotonicMs() < untilMs; server.closeIdleConnections()) {
      await sleep(clock, pollMs);
    }
    server.closeAllConnections();
    await closed;
  };
}
