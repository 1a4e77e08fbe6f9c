import { Worker } from 'node:worker_threads';
import type { Clock, Timer } from '@switchyard/core/kernel';
import type { WorkflowDefinition } from '@switchyard/core/workflows';
import type { EvaluationReply, EvaluationRequest, EvaluationResults, EvaluationTask } from './evaluation-task.ts';

/** The work took too long or too much memory, and its thread was killed. */
export class EvaluationKilled extends Error {
  override readonly name = 'EvaluationKilled';
}

/** No thread came up to do the work: the fault of the machine, not of the work. */
export class EvaluationUnavailable extends Error {
  override readonly name = 'EvaluationUnavailable';
}

export interface EvaluationPoolOptions {
  readonly clock: Clock;
  /** Threads at the most; each is started when there is work for it. Default 2. */
  readonly size?: number;
  /** After so long a task is killed. Templates have a limit of their own, 1 s, which leaves a better message. */
  readonly killAfterMs?: number;
  readonly heapMegabytes?: number;
  /** Starts a thread; tests give broken ones. */
  readonly startWorker?: (heapMegabytes: number) => Worker;
}

interface Job {
  readonly definitionKey: string;
  readonly definition: WorkflowDefinition;
  readonly task: EvaluationTask;
  /** Threads that ended with it before they were ready. */
  starts: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

interface Thread {
  readonly worker: Worker;
  /** Keys of the definitions that were sent. */
  readonly known: Set<string>;
  job: Job | undefined;
  timer: Timer | undefined;
  isReady: boolean;
}

const startWithinMs = 30_000;
/** Threads that may fail to come up under one job. */
const mostStarts = 2;

/** Threads that do one task at a time, so that a template that never ends can be killed and harms nobody else. */
export class EvaluationPool {
  readonly #options: Required<EvaluationPoolOptions>;
  readonly #queue: Job[] = [];
  readonly #threads = new Set<Thread>();
  #count = 0;
  #isClosed = false;

  constructor(options: EvaluationPoolOptions) {
    this.#options = { size: 2, killAfterMs: 5_000, heapMegabytes: 256, startWorker, ...options };
  }

  /** Starts a thread before it is needed. */
  warm(): void {
    if (this.#threads.size === 0 && !this.#isClosed) this.#start();
  }

  /** Rejects with {@link EvaluationKilled} or {@link EvaluationUnavailable}. `definitionKey` is the same for the same definition only. */
  run<Type extends EvaluationTask['type']>(
    definitionKey: string,
    definition: WorkflowDefinition,
    task: Extract<EvaluationTask, { type: Type }>,
  ): Promise<EvaluationResults[Type]> {
    if (this.#isClosed) return Promise.reject(new EvaluationKilled('The server is stopping.'));
    const { promise, resolve, reject } = Promise.withResolvers<EvaluationResults[Type]>();
    this.#queue.push({ definitionKey, definition, task, starts: 0, resolve: resolve as Job['resolve'], reject });
    this.#assign();
    return promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#queue.splice(0)) reject(new EvaluationKilled('The server is stopping.'));
    await Promise.all([...this.#threads].map((thread) => this.#end(thread, 'The server is stopping.')));
  }

  #assign(): void {
    for (const thread of this.#threads) {
      if (this.#queue.length === 0) return;
      if (!thread.job) this.#give(thread);
    }
    if (this.#queue.length > 0 && this.#threads.size < this.#options.size) this.#start();
  }

  #start(): void {
    const worker = this.#options.startWorker(this.#options.heapMegabytes);
    const thread: Thread = { worker, known: new Set(), job: undefined, timer: undefined, isReady: false };
    this.#threads.add(thread);
    worker.unref();
    worker.on('message', (reply: EvaluationReply) => this.#take(thread, reply));
    worker.on('error', (error) => void this.#end(thread, `The evaluation broke off: ${error.message}.`));
    worker.on('exit', () => void this.#end(thread, 'The evaluation broke off.'));
    this.#give(thread);
  }

  #give(thread: Thread): void {
    const job = this.#queue.shift();
    if (!job) return;
    thread.job = job;
    this.#watch(thread, thread.isReady ? this.#options.killAfterMs : startWithinMs);
    this.#send(thread, job, !thread.known.has(job.definitionKey));
  }

  #send(thread: Thread, { definitionKey, definition, task }: Job, isWithDefinition: boolean): void {
    this.#count += 1;
    thread.known.add(definitionKey);
    const request: EvaluationRequest = {
      id: this.#count,
      definitionKey,
      ...(isWithDefinition && { definition }),
      task,
    };
    // While it works the process must not end.
    thread.worker.ref();
    thread.worker.postMessage(request);
  }

  #watch(thread: Thread, afterMs: number): void {
    thread.timer?.cancel();
    thread.timer = this.#options.clock.startTimer(afterMs, () => {
      void this.#end(thread, `It took longer than ${this.#options.killAfterMs} ms and was stopped.`);
    });
  }

  #take(thread: Thread, reply: EvaluationReply): void {
    const { job } = thread;
    if ('isReady' in reply) {
      thread.isReady = true;
      if (job) this.#watch(thread, this.#options.killAfterMs);
      return;
    }
    if (!job) return;
    if (!reply.isDone && 'needsDefinition' in reply) {
      this.#send(thread, job, true);
      return;
    }
    thread.timer?.cancel();
    thread.timer = undefined;
    thread.job = undefined;
    thread.worker.unref();
    if (reply.isDone) job.resolve(reply.result);
    else job.reject(new Error(reply.message));
    if (this.#queue.length > 0) this.#give(thread);
  }

  async #end(thread: Thread, reason: string): Promise<void> {
    if (!this.#threads.delete(thread)) return;
    thread.timer?.cancel();
    const { job } = thread;
    thread.job = undefined;
    if (job && (thread.isReady || this.#isClosed)) job.reject(new EvaluationKilled(reason));
    else if (job) this.#tryAgain(job);
    const ended = thread.worker.terminate();
    this.#assign();
    await ended;
  }

  /** The thread never got as far as the work: another one may. */
  #tryAgain(job: Job): void {
    job.starts += 1;
    if (job.starts < mostStarts) this.#queue.unshift(job);
    else job.reject(new EvaluationUnavailable('No thread could be started to evaluate what the step says.'));
  }
}

function startWorker(heapMegabytes: number): Worker {
  return new Worker(new URL('./evaluation-worker.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // It evaluates what authors wrote: nothing of the process's settings is any of its business.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
}
