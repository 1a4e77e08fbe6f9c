import type { Clock, Log, Timer } from '@switchyard/core/kernel';
import {
  applyEvent,
  type CallModelCommand,
  callNotMade,
  type EvaluateCommand,
  evaluateCommand,
  evaluationFailed,
  type JournalFact,
  LeaseLost,
  narrowState,
  newRun,
  type OpenCall,
  type ProgressFact,
  planRun,
  type RunCommand,
  type RunEvent,
  type RunLease,
  type RunState,
  replayRun,
  stoppedError,
  type WorkflowDefinition,
} from '@switchyard/core/workflows';
import type { EvaluationPool } from './evaluation-pool.ts';
import { makeCall, type RunContextFacts, RunInterrupted, type StepCaller, toRunError } from './make-call.ts';
import type { KeyedDefinition } from './run-definitions.ts';
import type { RunJournal } from './run-journal.ts';
import { approvalRulesOf, summarizeRun } from './run-summary.ts';

export interface RunActorParts {
  readonly journal: RunJournal;
  readonly pool: EvaluationPool;
  readonly caller: StepCaller;
  readonly clock: Clock;
  readonly log: Log;
}

/** Why an actor stopped. `idle`: nothing happens before `wakeAtMs` or before somebody acts from outside. */
export type ActorEnd =
  | { readonly type: 'ended' | 'lost' | 'interrupted' }
  | { readonly type: 'idle'; readonly wakeAtMs: number; readonly lastJournalSeq: number };

interface LookAhead {
  readonly facts: readonly JournalFact[];
  /** What is to be done once they are written. */
  readonly commands: readonly RunCommand[];
  /** The state then. */
  readonly next: RunState;
  /** Keys of the evaluations among them. */
  readonly used: ReadonlySet<string>;
}

/** The abort reason of calls that the run wants no more. */
class CallStopped extends Error {
  override readonly name = 'CallStopped';
}

/** A run that has nothing to do for longer than this is given back; who looks for due runs finds it. */
const keepIdleForMs = 2_000;
const holdProgressMs = 5;
/** Decisions of one transaction; a map of thousands of entries takes several. */
const mostDecisions = 400;

/**
 * Executes one run as the owner of its lease until it ends, waits, or is taken away. Everything that was decided is in
 * the journal before it is done, and the result of a call before anything depends on it, so that another process can go
 * on at any point. Looks the same in the journal as the reference shell in core (`MemoryEngine`).
 */
export class RunActor {
  readonly run: RunContextFacts;
  readonly lease: RunLease;
  readonly #definition: WorkflowDefinition;
  readonly #definitionKey: string;
  readonly #approvalRules: ReturnType<typeof approvalRulesOf>;
  readonly #parts: RunActorParts;
  readonly #calls = new Map<string, { readonly call: OpenCall; readonly abort: AbortController }>();
  readonly #evaluating = new Set<string>();
  readonly #evaluated = new Map<string, JournalFact>();
  #results: JournalFact[] = [];
  #progress: ProgressFact[] = [];
  #progressTimer: Timer | undefined;
  #state: RunState = newRun;
  #isBehind = true;
  #isInterrupted = false;
  #isLost = false;
  #isAwake = false;
  #hasWritten = false;
  #wake: (() => void) | undefined;

  constructor(run: RunContextFacts, lease: RunLease, definition: KeyedDefinition, parts: RunActorParts) {
    this.run = run;
    this.lease = lease;
    this.#definition = definition.definition;
    this.#definitionKey = definition.key;
    this.#approvalRules = approvalRulesOf(definition.definition);
    this.#parts = parts;
  }

  /** Calls that this process is making for the run. */
  get openCallCount(): number {
    return this.#calls.size;
  }

  /** Number of the last event that the actor knows. */
  get lastJournalSeq(): number {
    return this.#state.lastSeq;
  }

  /** What is stored already, so that it need not be read. */
  begin(events: readonly RunEvent[]): void {
    this.#state = replayRun(events, newRun);
    this.#isBehind = false;
  }

  /** Somebody else wrote something, or may have. */
  nudge(): void {
    this.#isBehind = true;
    this.#notify();
  }

  /** Stops all calls so that another process can make them again; what they cost so far is kept. */
  interrupt(): void {
    this.#isInterrupted = true;
    const reason = new RunInterrupted('The server is stopping.');
    for (const { abort } of this.#calls.values()) abort.abort(reason);
    this.#notify();
  }

  /** Another process owns the run: everything that is done here is in vain. */
  lose(): void {
    this.#isLost = true;
    const reason = new RunInterrupted('Another process has taken the run over.');
    for (const { abort } of this.#calls.values()) abort.abort(reason);
    this.#notify();
  }

  /** Never rejects for what a workflow or a vendor does; rejects when the database refuses what the run writes. */
  async execute(): Promise<ActorEnd> {
    try {
      return await this.#execute();
    } catch (error) {
      if (!(error instanceof LeaseLost)) throw error;
      return { type: 'lost' };
    } finally {
      this.lose();
    }
  }

  async #execute(): Promise<ActorEnd> {
    for (;;) {
      if (this.#isLost) return { type: 'lost' };
      if (this.#isBehind) await this.#catchUp();
      const ahead = this.#lookAhead();
      const { commands } = ahead;
      if (ahead.facts.length > 0 || this.#results.length > 0) {
        await this.#write(ahead);
        continue;
      }
      if (this.#state.status === 'finished') {
        if (this.#hasWritten || (await this.#writeEnd())) return { type: 'ended' };
        continue;
      }
      if (this.#isInterrupted) {
        if (this.#calls.size === 0) return { type: 'interrupted' };
      } else {
        for (const command of commands) this.#act(command);
        const wakeAtMs = this.#wakeAtMs(commands);
        const isIdle = this.#calls.size === 0 && this.#evaluating.size === 0 && this.#results.length === 0;
        if (isIdle && !this.#isBehind && !this.#isAwake && wakeAtMs > this.#parts.clock.nowMs() + keepIdleForMs) {
          return { type: 'idle', wakeAtMs, lastJournalSeq: this.#state.lastSeq };
        }
      }
      await this.#sleep(commands);
    }
  }

  /** Everything that can be decided now, as if it were written already, so that it becomes one transaction. */
  #lookAhead(): LookAhead {
    const nowMs = this.#parts.clock.nowMs();
    const apply = (state: RunState, fact: JournalFact) =>
      applyEvent(state, { ...fact, seq: state.lastSeq + 1, atMs: nowMs });
    let next = this.#results.reduce(apply, this.#state);
    const facts: JournalFact[] = [];
    const used = new Set<string>();
    for (;;) {
      const commands = this.#isInterrupted ? [] : planRun(next, this.#definition, nowMs);
      const records = commands.flatMap((command) => (command.type === 'record' ? [command.fact] : []));
      // Records change what is asked for: evaluations are looked at when there are none.
      const chosen = records.length > 0 ? records : this.#takeEvaluated(commands, used);
      if (chosen.length === 0 || facts.length >= mostDecisions) return { facts, commands, next, used };
      facts.push(...chosen);
      next = chosen.reduce(apply, next);
    }
  }

  #takeEvaluated(commands: readonly RunCommand[], used: Set<string>): readonly JournalFact[] {
    const facts: JournalFact[] = [];
    for (const command of commands) {
      if (command.type !== 'evaluate' || used.has(command.key)) continue;
      const fact = this.#evaluated.get(command.key);
      if (!fact) continue;
      used.add(command.key);
      facts.push(fact);
    }
    return facts;
  }

  async #write({ facts, commands, next, used }: LookAhead): Promise<void> {
    const results = this.#results;
    this.#results = [];
    // Of a decision that is refused the work is done again, on what is known then.
    for (const key of used) this.#evaluated.delete(key);
    const written = await this.#parts.journal.write({
      runId: this.run.runId,
      // What was told of a call stands before its end.
      facts: [...this.#takeProgress(), ...results],
      ...(facts.length > 0 && { decisions: { facts, afterSeq: this.#state.lastSeq } }),
      lease: this.lease,
      summary: summarizeRun(next, this.#definition, commands),
      approvalRules: this.#approvalRules,
    });
    this.#hasWritten = true;
    if (written.previousJournalSeq > this.#state.lastSeq) this.#isBehind = true;
    else this.#state = replayRun(written.events, this.#state);
  }

  /**
   * A run that was taken up although it has ended: its row does not know, and would be due for ever. Answers whether it
   * still was the end.
   */
  async #writeEnd(): Promise<boolean> {
    const written = await this.#parts.journal.write({
      runId: this.run.runId,
      facts: [],
      decisions: { facts: [], afterSeq: this.#state.lastSeq },
      lease: this.lease,
      summary: summarizeRun(this.#state, this.#definition, []),
    });
    this.#isBehind = !written.isDecided;
    return written.isDecided;
  }

  async #catchUp(): Promise<void> {
    this.#isBehind = false;
    const { journal, log } = this.#parts;
    for (let delayMs = 200; ; delayMs = Math.min(5_000, delayMs * 2)) {
      try {
        this.#state = replayRun(await journal.readJournal(this.run.runId, this.#state.lastSeq), this.#state);
        return;
      } catch (error) {
        if (this.#isLost || this.#isInterrupted) throw error;
        log.warn({ runId: this.run.runId, error: String(error) }, 'a run could not be read; trying again');
        await new Promise<void>((resolve) => this.#parts.clock.startTimer(delayMs, resolve));
      }
    }
  }

  #act(command: RunCommand): void {
    if (command.type === 'evaluate') this.#evaluate(command);
    if (command.type === 'call-model') this.#call(command);
    if (command.type !== 'stop-call') return;
    const running = this.#calls.get(command.callId);
    if (running) {
      running.abort.abort(new CallStopped('The run wants the answer no more.'));
      return;
    }
    const call = this.#state.openCalls[command.callId];
    if (call) this.#end(callNotMade(call, stoppedError));
  }

  #evaluate(command: EvaluateCommand): void {
    const { key, what } = command;
    if (this.#evaluating.has(key)) return;
    const state = this.#state;
    // The outputs of all last steps are no work of an author's.
    if (what === 'outputs' && !this.#definition.outputs) {
      this.#evaluated.set(key, evaluateCommand(command, this.#definition, state));
      this.#notify();
      return;
    }
    this.#evaluating.add(key);
    const narrow = narrowState(state, this.#definition, command.stepId, command.itemIndex);
    this.#parts.pool
      .run(this.#definitionKey, this.#definition, { type: 'evaluate', command, state: narrow })
      .catch((error: unknown) => evaluationFailed(command, state, toRunError(error)))
      .then((fact) => {
        this.#evaluating.delete(key);
        this.#evaluated.set(key, fact);
        this.#notify();
      });
  }

  #call({ call, isBudgetApproved }: CallModelCommand): void {
    if (this.#calls.has(call.callId)) return;
    const abort = new AbortController();
    this.#calls.set(call.callId, { call, abort });
    const { run } = this;
    const definition = { key: this.#definitionKey, definition: this.#definition };
    const state = narrowState(this.#state, this.#definition, call.stepId, call.itemIndex);
    const onProgress = (facts: readonly ProgressFact[]) => this.#tell(facts);
    makeCall(this.#parts, { run, definition, state, call, isBudgetApproved, onProgress, signal: abort.signal })
      .catch((error: unknown) => {
        this.#parts.log.error(
          { runId: this.run.runId, callId: call.callId, error: String(error) },
          'a call ended by a bug',
        );
        return callNotMade(call, toRunError(error));
      })
      .then((fact) => {
        this.#calls.delete(call.callId);
        if (fact) this.#end(fact);
        else this.#notify();
      });
  }

  #end(fact: JournalFact): void {
    this.#results.push(fact);
    this.#notify();
  }

  /**
   * Progress may be lost without harm. It is held for a moment, so that of a fast call everything becomes one
   * transaction; what cannot be written now waits for the database with everything else.
   */
  #tell(facts: readonly ProgressFact[]): void {
    if (this.#isLost) return;
    this.#progress.push(...facts);
    this.#progressTimer ??= this.#parts.clock.startTimer(holdProgressMs, () => {
      const held = this.#takeProgress();
      if (held.length === 0) return;
      this.#parts.journal
        .write({ runId: this.run.runId, facts: held, lease: this.lease })
        .catch((error: unknown) => error instanceof LeaseLost && this.lose());
    });
  }

  #takeProgress(): readonly ProgressFact[] {
    this.#progressTimer?.cancel();
    this.#progressTimer = undefined;
    const held = this.#progress;
    this.#progress = [];
    return held;
  }

  #wakeAtMs(commands: readonly RunCommand[]): number {
    const times = commands.flatMap((command) => (command.type === 'wake' ? [command.atMs] : []));
    return times.length > 0 ? Math.min(...times) : Number.MAX_SAFE_INTEGER;
  }

  async #sleep(commands: readonly RunCommand[]): Promise<void> {
    if (!this.#isAwake) {
      const { clock } = this.#parts;
      const delayMs = Math.min(60_000, Math.max(1, this.#wakeAtMs(commands) - clock.nowMs()));
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer: Timer = clock.startTimer(delayMs, resolve);
      await promise;
      timer.cancel();
      this.#wake = undefined;
    }
    this.#isAwake = false;
  }

  #notify(): void {
    this.#isAwake = true;
    this.#wake?.();
  }
}
