import type { Clock } from '../../kernel/index.ts';
import type { WorkflowDefinition } from '../definition/workflow-definition.ts';
import { applyEvent, replayRun } from '../run/apply-event.ts';
import { callNotMade, concludeCall, stoppedError } from '../run/conclude-call.ts';
import { evaluateCommand } from '../run/evaluate-command.ts';
import { planRun } from '../run/plan-run.ts';
import { prepareCall } from '../run/prepare-call.ts';
import type { CallModelCommand, RunCommand } from '../run/run-command.ts';
import type { JournalFact, ProgressFact } from '../run/run-fact.ts';
import type { ModelCaller, RunLease, RunStore } from '../run/run-ports.ts';
import { newRun, type RunState } from '../run/run-state.ts';

export interface MemoryEngineOptions {
  readonly definition: WorkflowDefinition;
  readonly store: RunStore;
  readonly caller: ModelCaller;
  readonly clock: Clock;
  readonly lease: RunLease;
  readonly onProgress?: (fact: ProgressFact) => void;
}

/**
 * The reference shell: executes one run as the owner of its lease until it ends or only waits for people. What a durable
 * shell does must look the same in the journal. Not for production: it polls nothing and keeps no timer of its own
 * besides the one it was told of.
 */
export class MemoryEngine {
  readonly #options: MemoryEngineOptions;
  readonly #calls = new Map<string, AbortController>();
  readonly #ended = new Set<Promise<void>>();
  #state: RunState = newRun;

  constructor(options: MemoryEngineOptions) {
    this.#options = options;
  }

  /** Resolves with the state when the run has ended, or when nothing happens before a person or a later time acts. */
  async run(): Promise<RunState> {
    for (;;) {
      await this.#catchUp();
      const { definition, clock } = this.#options;
      const commands = planRun(this.#state, definition, clock.nowMs());
      const records = commands.filter((command) => command.type === 'record').map(({ fact }) => fact);
      if (records.length > 0) {
        await this.#record(records);
        continue;
      }
      const evaluations = commands.filter((command) => command.type === 'evaluate');
      if (evaluations.length > 0) {
        await this.#record(evaluations.map((command) => evaluateCommand(command, definition, this.#state)));
        continue;
      }
      for (const command of commands) await this.#act(command);
      if (this.#ended.size === 0) return this.#state;
      await Promise.race(this.#ended);
    }
  }

  async #act(command: RunCommand): Promise<void> {
    if (command.type === 'call-model') await this.#call(command);
    if (command.type !== 'stop-call') return;
    const running = this.#calls.get(command.callId);
    running?.abort();
    const call = this.#state.openCalls[command.callId];
    if (running || !call) return;
    const ended = this.#append(callNotMade(call, stoppedError));
    this.#track(ended);
  }

  async #call({ call }: CallModelCommand): Promise<void> {
    if (this.#calls.has(call.callId)) return;
    const abort = new AbortController();
    this.#calls.set(call.callId, abort);
    const preparation = prepareCall(call, this.#options.definition, this.#state);
    const { caller, onProgress } = this.#options;
    const ended = preparation.isReady
      ? caller
          .call(preparation.prepared, (fact) => onProgress?.(fact), abort.signal)
          .then((end) => this.#append(concludeCall(preparation.prepared, end)))
      : this.#append(callNotMade(call, preparation.error));
    this.#track(ended.finally(() => this.#calls.delete(call.callId)));
  }

  #track(ended: Promise<void>): void {
    const tracked: Promise<void> = ended.finally(() => this.#ended.delete(tracked));
    this.#ended.add(tracked);
  }

  /** Decisions: only if nothing else was written since they were made. */
  async #record(facts: readonly JournalFact[]): Promise<void> {
    const { store, lease } = this.#options;
    const events = await store.append(lease.runId, facts, { lease, afterSeq: this.#state.lastSeq });
    for (const event of events ?? []) this.#state = applyEvent(this.#state, event);
  }

  /** Results: in any case. */
  async #append(fact: JournalFact): Promise<void> {
    const { store, lease } = this.#options;
    await store.append(lease.runId, [fact], { lease });
  }

  async #catchUp(): Promise<void> {
    const { store, lease } = this.#options;
    this.#state = replayRun(await store.readJournal(lease.runId, this.#state.lastSeq), this.#state);
  }
}
