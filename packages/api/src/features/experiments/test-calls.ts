import { type Clock, sleep } from '@switchyard/core/kernel';
import type { Services } from '../../container.ts';
import { askModel, type CallingServices, type CallResult, type TestCaller } from './ask-variant.ts';
import { CallPermits } from './call-permits.ts';
import type { TurnPermits } from './turn-permits.ts';
import { runWorkflow, type WorkflowQuestion } from './workflow-variant.ts';

export interface TestEnd {
  readonly reason: string;
  readonly winner: string | undefined;
  readonly message: string | undefined;
}

/** A call that must not be made: the test is over, or this process leaves it. */
export class NoMoreCalls extends Error {
  override readonly name = 'NoMoreCalls';
}

export interface TestCallParts {
  readonly services: CallingServices & Pick<Services, 'runs'>;
  readonly clock: Clock;
  readonly caller: TestCaller;
  /** Of all tests of this process. */
  readonly turns: TurnPermits;
  readonly concurrency: number;
  readonly capNanoUsd: bigint;
  /** What was spent before. */
  readonly spentNanoUsd: bigint;
  /** Ends the test; the first reason holds. */
  readonly stop: (end: TestEnd) => void;
  readonly isOver: () => boolean;
  /** Aborted when open calls are to be cut off. */
  readonly signal: AbortSignal;
}

const waitsForModelMs = [1_000, 2_000, 5_000] as const;
const capReached: TestEnd = { reason: 'budget', winner: undefined, message: 'The cap of the test is reached.' };

type Asked = Parameters<typeof askModel>[3];

/**
 * The calls of one test under its caps: so many at a time, none once the cap is reached, so that it is overshot by what was
 * in flight at the most. Teams take turns for the places that this process has for tests.
 */
export class TestCalls {
  readonly #parts: TestCallParts;
  readonly #permits: CallPermits;
  /** What runs of workflows have cost so far that have not ended, in nano-dollars. */
  readonly #running = new Map<string, bigint>();
  #spentNanoUsd: bigint;

  constructor(parts: TestCallParts) {
    this.#parts = parts;
    this.#permits = new CallPermits(parts.concurrency);
    this.#spentNanoUsd = parts.spentNanoUsd;
  }

  /** Of all calls that have ended, stored or not. */
  get spentNanoUsd(): bigint {
    return this.#spentNanoUsd;
  }

  get isCapReached(): boolean {
    return this.#spentNanoUsd >= this.#parts.capNanoUsd;
  }

  /** Money for the test that was spent elsewhere: answers of a live split. */
  charge(costNanoUsd: bigint): void {
    this.#spentNanoUsd += costNanoUsd;
  }

  /** One call. Throws {@link NoMoreCalls} when none may be made, or when it was cut off. */
  ask(
    wanted: { readonly model: string; readonly strategy?: string | undefined },
    asked: Asked,
    tag: string,
  ): Promise<CallResult> {
    const { services, caller, signal } = this.#parts;
    const tags = [`test:${caller.experimentId}`, tag];
    return this.#pay(() => askModel(services, caller, wanted, asked, tags, signal));
  }

  /** One run of a workflow; the one that was begun before a restart is found again. Throws as {@link ask}. */
  run(question: WorkflowQuestion, isStopped: () => boolean): Promise<CallResult> {
    const { services, clock, caller, signal, capNanoUsd, stop } = this.#parts;
    const { idempotencyKey } = question;
    return this.#pay(async () => {
      let isCut = false;
      const mayGoOn = (soFarNanoUsd: bigint) => {
        this.#running.set(idempotencyKey, soFarNanoUsd);
        const open = [...this.#running.values()].reduce((sum, each) => sum + each, 0n);
        if (this.#spentNanoUsd + open < capNanoUsd) return true;
        isCut = true;
        stop(capReached);
        return false;
      };
      const ways = { runs: services.runs, clock, signal, isToCancel: isStopped, mayGoOn };
      const result = await runWorkflow(caller, question, ways).finally(() => this.#running.delete(idempotencyKey));
      if (!isCut || result.failure === undefined) return result;
      // Cut off by the cap: no answer of the variant.
      this.#spentNanoUsd += result.costNanoUsd ?? 0n;
      throw new NoMoreCalls();
    });
  }

  async #pay(work: () => Promise<CallResult>): Promise<CallResult> {
    const { clock, caller, turns, signal, stop } = this.#parts;
    for (let wait = 0; ; wait += 1) {
      const result = await this.#permits.use(() => turns.use(caller.teamId, () => this.#tryOnce(work)));
      if (signal.aborted && result.failure !== undefined) throw new NoMoreCalls();
      if (result.failure === 'budget') {
        stop({ reason: 'budget', winner: undefined, message: result.failureMessage });
        throw new NoMoreCalls();
      }
      if (result.failure === undefined && result.costNanoUsd === undefined) {
        const what = result.answeredModelId ?? 'a call of the workflow';
        const message = `The cost of ${what} is unknown, so the cap cannot be kept. Set a price, 0 for what costs nothing.`;
        stop({ reason: 'failed', winner: undefined, message });
      }
      const waitMs = waitsForModelMs[wait];
      if (result.failure !== 'not-available' || waitMs === undefined) return result;
      await sleep(clock, waitMs, signal).catch(() => {});
    }
  }

  async #tryOnce(work: () => Promise<CallResult>): Promise<CallResult> {
    if (this.isCapReached) this.#parts.stop(capReached);
    if (this.#parts.isOver()) throw new NoMoreCalls();
    const result = await work();
    this.#spentNanoUsd += result.costNanoUsd ?? 0n;
    return result;
  }
}
