/** A controller that also aborts, with the same reason, when any of `parents` does. Call `unlink` when the work is over. */
export interface LinkedAbort {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** Stops listening to the parents, so that long-lived parents keep no reference to finished work. */
  unlink(): void;
}

/** Creates a {@link LinkedAbort} below `parents` (undefined entries are skipped). */
export function linkAbort(...parents: readonly (AbortSignal | undefined)[]): LinkedAbort {
  const controller = new AbortController();
  const cleanups: (() => void)[] = [];
  const unlink = () => {
    for (const cleanup of cleanups.splice(0)) cleanup();
  };
  for (const parent of parents) {
    if (!parent) continue;
    if (parent.aborted) {
      controller.abort(parent.reason);
      break;
    }
    const onAbort = () => {
      unlink();
      controller.abort(parent.reason);
    };
    parent.addEventListener('abort', onAbort, { once: true });
    cleanups.push(() => parent.removeEventListener('abort', onAbort));
  }
  return {
    signal: controller.signal,
    abort: (reason) => {
      unlink();
      controller.abort(reason);
    },
    unlink,
  };
}
