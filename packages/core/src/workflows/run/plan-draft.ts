import { callIdOf } from './call-id.ts';
import type { EvaluateCommand, RunCommand } from './run-command.ts';
import type { JournalFact } from './run-fact.ts';
import { type OpenCall, type RunState, stepOf } from './run-state.ts';

/** Collects the commands of one plan and keeps count of what may still be begun. */
export class PlanDraft {
  readonly state: RunState;
  readonly nowMs: number;
  readonly #records: RunCommand[] = [];
  readonly #doings: RunCommand[] = [];
  readonly #recordedNames = new Set<string>();
  readonly #openCalls: ReadonlyMap<string, readonly OpenCall[]>;
  #callsLeft: number;
  #wakeAtMs: number | undefined;

  constructor(state: RunState, nowMs: number, maxParallelCalls: number) {
    this.state = state;
    this.nowMs = nowMs;
    this.#openCalls = Map.groupBy(Object.values(state.openCalls), ({ stepId }) => stepId);
    this.#callsLeft = Math.max(0, maxParallelCalls - Object.keys(state.openCalls).length);
  }

  /** How many calls may be begun. */
  get callsLeft(): number {
    return this.#callsLeft;
  }

  record(fact: JournalFact): void {
    this.#records.push({ type: 'record', fact });
  }

  /** Records a fact that several parts of a plan may ask for under one name. */
  recordOnce(name: string, fact: JournalFact): void {
    if (this.#recordedNames.has(name)) return;
    this.#recordedNames.add(name);
    this.record(fact);
  }

  evaluate(command: Omit<EvaluateCommand, 'type'>): void {
    this.#doings.push({ type: 'evaluate', ...command });
  }

  startCall(
    stepId: string,
    itemIndex: number | undefined,
    start: { readonly slot: number; readonly attempt: number; readonly purpose: 'answer' | 'repair' },
  ): void {
    const { slot, attempt, purpose } = start;
    const place = { stepId, ...(itemIndex !== undefined && { itemIndex }), slot, attempt };
    const callId = callIdOf(this.state.runId, place, stepOf(this.state, stepId).generation);
    this.#callsLeft -= 1;
    this.record({ type: 'call-started', callId, ...place, purpose });
  }

  /** Asks for the calls of a step that have begun and not ended. */
  makeOpenCalls(stepId: string): void {
    const { approval } = stepOf(this.state, stepId);
    const isBudgetApproved = approval?.kind === 'budget' && approval.decision?.isApproved === true;
    for (const call of this.#openCalls.get(stepId) ?? []) {
      this.#doings.push({ type: 'call-model', call, isBudgetApproved });
    }
  }

  /** Stops calls whose step has ended without them. */
  stopStrayCalls(): void {
    for (const call of Object.values(this.state.openCalls)) {
      if (stepOf(this.state, call.stepId).status !== 'running') {
        this.#doings.push({ type: 'stop-call', callId: call.callId });
      }
    }
  }

  wakeAt(atMs: number): void {
    this.#wakeAtMs = Math.min(this.#wakeAtMs ?? atMs, atMs);
  }

  finish(): readonly RunCommand[] {
    const wake: RunCommand[] = this.#wakeAtMs === undefined ? [] : [{ type: 'wake', atMs: this.#wakeAtMs }];
    return [...this.#records, ...this.#doings, ...wake];
  }
}
