import type { Random } from '../../kernel/index.ts';
import type { WorkflowDefinition } from '../definition/workflow-definition.ts';
import { applyEvent, replayRun } from '../run/apply-event.ts';
import { beginRun } from '../run/begin-run.ts';
import { callNotMade, concludeCall, stoppedError } from '../run/conclude-call.ts';
import { evaluateCommand } from '../run/evaluate-command.ts';
import { planRun } from '../run/plan-run.ts';
import { prepareCall } from '../run/prepare-call.ts';
import type { CallModelCommand, EvaluateCommand, RunCommand } from '../run/run-command.ts';
import type { JournalFact, RunEvent } from '../run/run-fact.ts';
import { newRun, type RunState } from '../run/run-state.ts';
import type { Outcome } from './random-workflow.ts';
import { endWith, promptOf } from './scripted-caller.ts';

/** What may go wrong while a run is executed: chances (0–1) for every step of the shell. */
export interface Mishaps {
  /** The process dies: what it was doing is lost, and another one begins from the journal. */
  readonly crash: number;
  /** An event is delivered again, as it was or as a new one with the same words. */
  readonly duplicate: number;
  /** Half of what was decided is written, then the process dies. */
  readonly tornWrite: number;
}

export const noMishaps: Mishaps = { crash: 0, duplicate: 0, tornWrite: 0 };

export interface SimulatedRun {
  readonly events: readonly RunEvent[];
  readonly state: RunState;
  /** How often each call was begun to be made and how often its end was written. */
  readonly made: ReadonlyMap<string, { readonly begun: number; readonly ended: number }>;
}

/**
 * A shell for property tests: executes a run in one thread, in random order, with mishaps, and without any clock.
 * `inspect` sees every plan with the state that it rests on. Throws when the run does not end.
 */
export class SimulatedShell {
  readonly #definition: WorkflowDefinition;
  readonly #random: Random;
  readonly #mishaps: Mishaps;
  readonly #outcomeOf: (stepId: string, itemIndex: number | undefined, slot: number, attempt: number) => Outcome;
  readonly events: RunEvent[] = [];
  readonly made = new Map<string, { begun: number; ended: number }>();
  readonly #doing = new Map<string, CallModelCommand | EvaluateCommand>();
  #state: RunState = newRun;
  #nowMs = 1_000_000;
  inspect: (state: RunState, commands: readonly RunCommand[], nowMs: number) => void = () => {};

  constructor(
    definition: WorkflowDefinition,
    random: Random,
    mishaps: Mishaps,
    outcomeOf: (stepId: string, itemIndex: number | undefined, slot: number, attempt: number) => Outcome,
  ) {
    this.#definition = definition;
    this.#random = random;
    this.#mishaps = mishaps;
    this.#outcomeOf = outcomeOf;
  }

  get state(): RunState {
    return this.#state;
  }

  begin(inputs: Readonly<Record<string, unknown>>): void {
    const beginning = beginRun('run_1', this.#definition, inputs, this.#nowMs);
    if (!beginning.isReady) throw new Error('The inputs of a random workflow are wrong.');
    this.write(beginning.fact);
  }

  /** Executes until the run has ended, or for `most` turns; `beforeTurn` may interfere. */
  execute(beforeTurn: (turn: number) => void = () => {}, most = 20_000): SimulatedRun {
    for (let turn = 0; this.#state.status !== 'finished'; turn += 1) {
      if (turn >= most) throw new Error(`The run has not ended after ${most} turns.`);
      beforeTurn(turn);
      this.#turn();
    }
    return { events: this.events, state: this.#state, made: this.made };
  }

  write(fact: JournalFact): void {
    const event: RunEvent = { ...fact, seq: this.events.length + 1, atMs: this.#nowMs };
    this.events.push(event);
    this.#state = applyEvent(this.#state, event);
  }

  #turn(): void {
    const commands = planRun(this.#state, this.#definition, this.#nowMs);
    this.inspect(this.#state, commands, this.#nowMs);
    this.#meetMishap();
    const records = commands.filter((command) => command.type === 'record');
    if (records.length > 0) {
      const isTorn = this.#happens(this.#mishaps.tornWrite);
      const written = isTorn ? records.slice(0, Math.ceil(records.length / 2)) : records;
      for (const { fact } of written) this.write(fact);
      if (isTorn) this.#crash();
      return;
    }
    const { length } = this.events;
    for (const command of commands) this.#begin(command);
    // What was written changes the plan, and with it how long to sleep.
    if (this.events.length === length) this.#end(commands);
  }

  #begin(command: RunCommand): void {
    if (command.type === 'evaluate') this.#doing.set(command.key, command);
    if (command.type === 'call-model' && !this.#doing.has(command.call.callId)) {
      this.#doing.set(command.call.callId, command);
      const { callId } = command.call;
      const { begun, ended } = this.made.get(callId) ?? { begun: 0, ended: 0 };
      if (ended > 0) throw new Error(`The call ${callId} had ended and is made again.`);
      this.made.set(callId, { begun: begun + 1, ended });
    }
    if (command.type !== 'stop-call') return;
    const call = this.#state.openCalls[command.callId];
    this.#doing.delete(command.callId);
    if (call) this.write(callNotMade(call, stoppedError));
  }

  #end(commands: readonly RunCommand[]): void {
    const doing = [...this.#doing];
    const [key, command] = doing[Math.floor(this.#random.next() * doing.length)] ?? [];
    if (key === undefined || !command) {
      const wake = commands.find((each) => each.type === 'wake');
      if (wake) this.#nowMs = Math.max(this.#nowMs, wake.atMs);
      return;
    }
    this.#doing.delete(key);
    this.#nowMs += Math.floor(this.#random.next() * 50);
    if (command.type === 'evaluate') {
      this.write(evaluateCommand(command, this.#definition, this.#state));
      return;
    }
    const { call } = command;
    const known = this.made.get(call.callId) ?? { begun: 0, ended: 0 };
    this.made.set(call.callId, { ...known, ended: known.ended + 1 });
    const preparation = prepareCall(call, this.#definition, this.#state);
    if (!preparation.isReady) {
      this.write(callNotMade(call, preparation.error));
      return;
    }
    const outcome = this.#outcomeOf(call.stepId, call.itemIndex, call.slot, call.attempt);
    const answer =
      outcome === 'answer'
        ? promptOf(preparation.prepared)
        : { error: { code: 'MODEL.SERVER', message: 'It broke.' }, isTransient: outcome === 'transient' };
    this.write(concludeCall(preparation.prepared, endWith(preparation.prepared, answer)));
  }

  #meetMishap(): void {
    if (this.#happens(this.#mishaps.crash)) this.#crash();
    if (!this.#happens(this.#mishaps.duplicate)) return;
    const event = this.events[Math.floor(this.#random.next() * this.events.length)];
    if (!event) return;
    if (this.#random.next() < 0.5) this.#state = applyEvent(this.#state, event);
    else {
      const { seq: _seq, atMs: _atMs, ...fact } = event;
      this.write(fact as JournalFact);
    }
  }

  #crash(): void {
    this.#doing.clear();
    this.#state = replayRun(JSON.parse(JSON.stringify(this.events)), newRun);
  }

  #happens(chance: number): boolean {
    return this.#random.next() < chance;
  }
}
