import { type Clock, type LinkedAbort, linkAbort, type Timer } from '../kernel/index.ts';
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
export function withDeadlines(
  start: (signal: AbortSignal) => AsyncIterable<StreamPart>,
  deadlines: Deadlines,
  clock: Clock,
  parent?: AbortSignal,
): AsyncIterableIterator<StreamPart> {
  return new GuardedStream(start, deadlines, clock, parent);
}

/** An iterator rather than a generator with a race: this stands in the way of every part of every call. */
class GuardedStream implements AsyncIterableIterator<StreamPart> {
  readonly #deadlines: Deadlines;
  readonly #clock: Clock;
  readonly #abort: LinkedAbort;
  readonly #inner: AsyncIterator<StreamPart>;
  readonly #total: Timer;
  #current: Timer;
  #hasContent = false;
  #lastPartAtMs = 0;
  #isOver = false;
  /** Rejects the `next` that is pending. */
  #interrupt: ((reason: unknown) => void) | undefined;

  constructor(
    start: (signal: AbortSignal) => AsyncIterable<StreamPart>,
    deadlines: Deadlines,
    clock: Clock,
    parent: AbortSignal | undefined,
  ) {
    this.#deadlines = deadlines;
    this.#clock = clock;
    this.#abort = linkAbort(parent);
    this.#abort.signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#total = this.#arm('total', deadlines.totalMs);
    this.#current = this.#arm('first-token', deadlines.firstTokenMs);
    this.#inner = start(this.#abort.signal)[Symbol.asyncIterator]();
  }

  next(): Promise<IteratorResult<StreamPart>> {
    if (this.#abort.signal.aborted) return this.#fail(this.#abort.signal.reason);
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#interrupt = reject;
      this.#inner.next().then(
        (result) => {
          this.#interrupt = undefined;
          if (result.done) this.#end();
          else this.#note(result.value);
          resolve(result);
        },
        (error: unknown) => {
          this.#interrupt = undefined;
          const wasAborted = this.#abort.signal.aborted;
          this.#end();
          reject(wasAborted ? this.#abort.signal.reason : error);
        },
      );
    });
  }

  return(): Promise<IteratorResult<StreamPart>> {
    this.#leave();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #arm(name: DeadlineName, limitMs: number): Timer {
    return this.#clock.startTimer(limitMs, () => this.#abort.abort(new DeadlineExceeded(name, limitMs)));
  }

  /** Re-armed only when it fires, so that a part costs no timer. */
  #armIdle(remainingMs: number): Timer {
    return this.#clock.startTimer(remainingMs, () => {
      const leftMs = this.#lastPartAtMs + this.#deadlines.idleMs - this.#clock.monotonicMs();
      if (leftMs <= 0) this.#abort.abort(new DeadlineExceeded('idle', this.#deadlines.idleMs));
      else this.#current = this.#armIdle(leftMs);
    });
  }

  #note(part: StreamPart): void {
    this.#lastPartAtMs = this.#clock.monotonicMs();
    if (this.#hasContent || !isContentPart(part)) return;
    this.#hasContent = true;
    this.#current.cancel();
    this.#current = this.#armIdle(this.#deadlines.idleMs);
  }

  readonly #onAbort = () => {
    const interrupt = this.#interrupt;
    if (!interrupt) return;
    this.#interrupt = undefined;
    this.#leave();
    interrupt(this.#abort.signal.reason);
  };

  #fail(reason: unknown): Promise<never> {
    this.#leave();
    return Promise.reject(reason);
  }

  /** The reader goes before the end: stop the call. */
  #leave(): void {
    if (this.#isOver) return;
    this.#end();
    this.#abort.abort(this.#abort.signal.reason ?? readerLeft);
    // Not awaited: an adapter that ignores its signal must not hold the caller.
    this.#inner.return?.(undefined)?.then(undefined, () => {});
  }

  #end(): void {
    this.#isOver = true;
    this.#total.cancel();
    this.#current.cancel();
    this.#abort.signal.removeEventListener('abort', this.#onAbort);
    this.#abort.unlink();
  }
}

/** One object for all: making an error with its stack for every call costs more than the rest of leaving. */
const readerLeft = new Error('The reader left.');
