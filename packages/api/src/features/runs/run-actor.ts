import type { Timer } from '@switchyard/core/kernel';
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
import { inScope } from '../../observability/request-scope.ts';
import { HeldProgress } from './held-progress.ts';
import { LeaseHold } from './lease-hold.ts';
import { CallStopped, makeCall, type RunContextFacts, RunInterrupted, toRunError } from './make-call.ts';
import type { ActorEnd, RunActorParts } from './run-actor-parts.ts';
import type { KeyedDefinition } from './run-definitions.ts';
import { approvalRulesOf, looksAtRatings, summarizeRun } from './run-summary.ts';

interface LookAhead {
  readonly facts: readonly JournalFact[];
  /** What is to be done once they are written. */
  readonly commands: readonly RunCommand[];
  /** The state then. */
  readonly next: RunState;
  /** Keys of the evaluations among them. */
  readonly used: ReadonlySet<string>;
}

/** A run that has nothing to do for longer than this is given back; who looks for due runs finds it. */
const keepIdleForMs = 2_000;
/** Decisions of one transaction; a map of thousands of entries takes several. */
const mostDecisions = 400;

/**
 * Executes one run as the owner of its lease until it ends, waits, or is taken away. Everything that was decided is in
 * the journal before it is done, and the result of a call before anything depends on it, so that another process can go
 * on at any point. Looks the same in the journal as the reference shell in core (`MemoryEngine`).
 */
export class RunActor {
  readonly run: RunContextFacts;
  readonly hold: LeaseHold;
  readonly #definition: WorkflowDefinition;
  readonly #definitionKey: string;
  readonly #approvalRules: ReturnType<typeof approvalRulesOf>;
  readonly #parts: RunActorParts;
  readonly #calls = new Map<string, { readonly call: OpenCall; readonly abort: AbortController }>();
  readonly #evaluating = new Set<string>();
  readonly #evaluated = new Map<string, JournalFact>();
  #results: JournalFact[] = [];
  readonly #progress: HeldProgress;
  #state: RunState = newRun;
  #isBehind = true;
  #isInterrupted = false;
  #isLost = false;
  #isAwake = false;
  #hasWritten = false;
  /** What the observer was not told yet. */
  #written: RunEvent[] = [];
  #wake: (() => void) | undefined;

  /** `sinceMs`: by the monotonic clock, from before the lease was asked for. */
  constructor(
    run: RunContextFacts,
    lease: RunLease,
    definition: KeyedDefinition,
    parts: RunActorParts,
    sinceMs: number,
  ) {
    this.run = run;
    this.hold = new LeaseHold(lease, sinceMs, { ...parts, renew: parts.renewLease });
    this.#definition = definition.definition;
    this.#definitionKey = definition.key;
    this.#approvalRules = approvalRulesOf(definition.definition);
    this.#parts = parts;
    // What cannot be written now waits for the database with everything else.
    this.#progress = new HeldProgress(parts.clock, (facts) => {
      const write = parts.journal.write({ runId: run.runId, facts, lease });
      write.catch((error: unknown) => error instanceof LeaseLost && this.lose());
    });
  }

  get lease(): RunLease {
    return this.hold.lease;
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
      this.#tellObserver();
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
      facts: [...this.#progress.take(), ...results],
      ...(facts.length > 0 && { decisions: { facts, afterSeq: this.#state.lastSeq } }),
      lease: this.lease,
      summary: summarizeRun(next, this.#definition, commands),
      approvalRules: this.#approvalRules,
    });
    this.#hasWritten = true;
    if (this.#parts.observer) this.#written.push(...written.events);
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

  #tellObserver(): void {
    if (this.#written.length === 0) return;
    const events = this.#written;
    this.#written = [];
    this.#parts.observer?.onEvents(this.run, events, this.#state);
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
    const onProgress = (facts: readonly ProgressFact[]) => {
      if (!this.#isLost) this.#progress.tell(facts);
    };
    const { signal } = abort;
    const wantsRating = looksAtRatings(this.#definition);
    const confirm = async () => this.#assertHeld(await this.hold.confirm(signal), signal);
    // The vendor is not to blame for a database that is away: the call is broken off and made again when it is back.
    const confirmNow = async () => {
      const isHeld = await this.hold.confirmNow().catch((error: unknown) => {
        abort.abort(new RunInterrupted(String(error)));
        throw error;
      });
      this.#assertHeld(isHeld, signal);
    };
    const generation = state.steps[call.stepId]?.generation ?? 0;
    const scope = this.#parts.observer?.scopeOf(run, { stepId: call.stepId, generation }) ?? {};
    const make = () =>
      makeCall(this.#parts, {
        run,
        definition,
        state,
        call,
        isBudgetApproved,
        onProgress,
        confirm,
        confirmNow,
        wantsRating,
        signal,
      });
    inScope(scope, make)
      .catch((error: unknown) => {
        const { log } = this.#parts;
        log.error({ runId: run.runId, callId: call.callId, error: String(error) }, 'a call ended by a bug');
        return callNotMade(call, toRunError(error));
      })
      .then((fact) => {
        this.#calls.delete(call.callId);
        if (fact) this.#end(fact);
        else this.#notify();
      });
  }

  /** Throws when the run belongs to another process by now: it makes the call, or has made it. */
  #assertHeld(isHeld: boolean, signal: AbortSignal): void {
    if (isHeld) return;
    this.lose();
    signal.throwIfAborted();
  }

  #end(fact: JournalFact): void {
    this.#results.push(fact);
    this.#notify();
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
