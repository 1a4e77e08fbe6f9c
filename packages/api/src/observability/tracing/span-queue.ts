import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Clock, Log, Timer } from '@switchyard/core/kernel';

/** What became of an export, as exporters say it. */
type Result = Parameters<Parameters<SpanExporter['export']>[1]>[0];

/** Tells once that a collector is away, and once that it is back. */
export class CollectorWatch {
  readonly #log: Log;
  readonly #what: string;
  #isAway = false;

  constructor(log: Log, what: string) {
    this.#log = log;
    this.#what = what;
  }

  /** Whether the last export failed. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** Answers whether the export succeeded. */
  note({ code, error }: Pick<Result, 'code' | 'error'>): boolean {
    const isDone = code === 0;
    if (isDone && this.#isAway) this.#log.warn({}, `the OTLP collector takes ${this.#what} again`);
    if (!isDone && !this.#isAway) {
      this.#log.warn(
        { error: error?.message ?? 'unknown' },
        `the OTLP collector does not take ${this.#what}; nothing else is affected, and this is said once until it is back`,
      );
    }
    this.#isAway = !isDone;
    return isDone;
  }
}

export interface SpanQueueOptions {
  readonly exporter: SpanExporter;
  readonly clock: Clock;
  readonly log: Log;
  readonly delayMs: number;
  readonly queueSize: number;
  readonly batchSize: number;
}

/**
 * Sends spans in batches, one batch at a time, behind everything else. It holds at most `queueSize` of them: while the
 * collector is away or slow, newer ones are left out and counted.
 */
export class SpanQueue implements SpanProcessor {
  readonly #options: SpanQueueOptions;
  readonly #watch: CollectorWatch;
  #waiting: ReadableSpan[] = [];
  #timer: Timer | undefined;
  #sending: Promise<void> | undefined;
  #lost = 0;
  #isClosed = false;

  constructor(options: SpanQueueOptions) {
    this.#options = options;
    this.#watch = new CollectorWatch(options.log, 'traces');
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** Whether the collector did not take the last batch. */
  get isCollectorAway(): boolean {
    return this.#watch.isAway;
  }

  /** Spans that the collector never got. */
  get lostCount(): number {
    return this.#lost;
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & 1) === 0) return;
    if (this.#isClosed || this.#waiting.length >= this.#options.queueSize) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push(span);
    this.#schedule();
  }

  /** Resolves when everything that waits now was sent or given up. */
  async forceFlush(): Promise<void> {
    for (let rest = this.#waiting.length; rest > 0 || this.#sending; rest -= this.#options.batchSize) {
      await this.#send();
      if (rest <= 0) return;
    }
  }

  async shutdown(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.forceFlush();
    await this.#options.exporter.shutdown();
  }

  #schedule(): void {
    if (this.#sending || this.#isClosed) return;
    if (this.#waiting.length >= this.#options.batchSize) {
      void this.#send();
      return;
    }
    this.#timer ??= this.#options.clock.startTimer(this.#options.delayMs, () => void this.#send());
  }

  #send(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#sending ??= this.#sendBatch().finally(() => {
      this.#sending = undefined;
      if (this.#waiting.length > 0) this.#schedule();
    });
    return this.#sending;
  }

  async #sendBatch(): Promise<void> {
    const batch = this.#waiting.splice(0, this.#options.batchSize);
    if (batch.length === 0) return;
    const result = await new Promise<Result>((resolve) => {
      try {
        this.#options.exporter.export(batch, resolve);
      } catch (error) {
        resolve({ code: 1, error: error instanceof Error ? error : new Error(String(error)) });
      }
    });
    if (!this.#watch.note(result)) this.#lost += batch.length;
  }
}
