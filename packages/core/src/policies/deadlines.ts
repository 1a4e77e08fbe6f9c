import { type Clock, linkAbort, type Timer } from '../kernel/index.ts';
import { isContentPart, type StreamPart } from '../spec/index.ts';

/** How long one attempt may take, in milliseconds on the monotonic clock. */
export interface Deadlines {
  /** From the start until the first content part. */
  readonly firstTokenMs: number;
  /** Between two parts, once the first content part has come. */
  readonly idleMs: number;
  /** From the start until the terminal part. */
  readonly totalMs: number;
}

export const defaultDeadlines: Deadlines = { firstTokenMs: 120_000, idleMs: 30_000, totalMs: 600_000 };

export type DeadlineName = 'first-token' | 'idle' | 'total';

/** The abort reason when a deadline has passed. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
  readonly deadline: DeadlineName;

  constructor(deadline: DeadlineName, limitMs: number) {
    const what = { 'first-token': 'No first token', idle: 'No further token', total: 'No complete answer' }[deadline];
    super(`${what} within ${limitMs / 1000} s.`);
    this.deadline = deadline;
  }
}

/**
 * Runs `start` under `deadlines` and passes its parts on. When one passes, the signal given to `start` aborts and
 * {@link DeadlineExceeded} is thrown at once, even if `start` ignores the signal. When `parent` aborts, its reason is
 * thrown likewise. Leaving the iteration early aborts `start`.
 */
export async function* withDeadlines(
  start: (signal: AbortSignal) => AsyncIterable<StreamPart>,
  deadlines: Deadlines,
  clock: Clock,
  parent?: AbortSignal,
): AsyncGenerator<StreamPart, void, undefined> {
  const abort = linkAbort(parent);
  let fail: (reason: unknown) => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    fail = reject;
  });
  aborted.catch(() => {});
  const onAbort = () => fail(abort.signal.reason);
  if (abort.signal.aborted) onAbort();
  else abort.signal.addEventListener('abort', onAbort, { once: true });
  const arm = (name: DeadlineName, limitMs: number): Timer =>
    clock.startTimer(limitMs, () => abort.abort(new DeadlineExceeded(name, limitMs)));

  const total = arm('total', deadlines.totalMs);
  let current = arm('first-token', deadlines.firstTokenMs);
  let hasContent = false;
  let lastPartAtMs = 0;
  /** Re-armed only when it fires, so that a part costs no timer. */
  const armIdle = (remainingMs: number): Timer =>
    clock.startTimer(remainingMs, () => {
      const leftMs = lastPartAtMs + deadlines.idleMs - clock.monotonicMs();
      if (leftMs <= 0) abort.abort(new DeadlineExceeded('idle', deadlines.idleMs));
      else current = armIdle(leftMs);
    });

  const iterator = start(abort.signal)[Symbol.asyncIterator]();
  let isDone = false;
  try {
    for (;;) {
      const result = await Promise.race([iterator.next(), aborted]);
      if (result.done) {
        isDone = true;
        return;
      }
      lastPartAtMs = clock.monotonicMs();
      if (!hasContent && isContentPart(result.value)) {
        hasContent = true;
        current.cancel();
        current = armIdle(deadlines.idleMs);
      }
      yield result.value;
    }
  } finally {
    total.cancel();
    current.cancel();
    abort.signal.removeEventListener('abort', onAbort);
    if (!isDone) {
      abort.abort(abort.signal.reason ?? new Error('The reader left.'));
      // Not awaited: an adapter that ignores its signal must not hold the caller.
      iterator.return?.(undefined)?.then(undefined, () => {});
    }
    abort.unlink();
  }
}
