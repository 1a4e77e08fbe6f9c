import { estimateCall } from '../guardrails/index.ts';
import type { CallPurpose } from '../metrics/index.ts';
import type { ModelCall } from '../spec/index.ts';
import { type CallBreach, modelOf } from './call-budget.ts';
import type { CandidatePool } from './candidate-pool.ts';
import type { AttemptResult } from './chain-attempt.ts';
import type { ChainJournal } from './chain-journal.ts';
import type { ChainDependencies } from './chain-policy.ts';
import { callOfTarget, type DispatchTarget } from './dispatch-target.ts';
import { type BreachStep, planOnBreach } from './plan-on-breach.ts';

/** How often people are asked for one call. */
const mostQuestions = 5;

export type NamedBreach = CallBreach & { readonly callId: string };

/** What a chain does about refused calls: decides, tells, and asks people. */
export class BreachHandling {
  readonly #pool: CandidatePool;
  readonly #journal: ChainJournal;
  readonly #dependencies: ChainDependencies;
  readonly #call: ModelCall;
  readonly #purpose: CallPurpose;
  #last: (CallBreach & { approvalId?: string }) | undefined;
  #waitedMs = 0;
  #questions = 0;

  constructor(
    pool: CandidatePool,
    journal: ChainJournal,
    dependencies: ChainDependencies,
    call: ModelCall,
    purpose: CallPurpose,
  ) {
    this.#pool = pool;
    this.#journal = journal;
    this.#dependencies = dependencies;
    this.#call = call;
    this.#purpose = purpose;
  }

  /** The refusal that counts, and the request for approval that it led to. */
  get last(): (CallBreach & { readonly approvalId?: string }) | undefined {
    return this.#last;
  }

  /** How long people were waited for, which no deadline counts. */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  /** Tells what became of a call of `target` that was made. */
  noteCall({ outcome, permit }: Extract<AttemptResult, { isCalled: true }>, target: DispatchTarget): void {
    const { observer, clock } = this.#dependencies;
    const { record } = outcome;
    const { attempt, providerId, modelId, latencyMs } = record;
    const place = { providerId, modelId };
    const targetMs = target.limits?.latencyTargetMs;
    if (permit.limitedTo !== undefined)
      this.#journal.tell({ type: 'output-limited', attempt, maxOutputTokens: permit.limitedTo, ...place });
    for (const warning of permit.warnings) observer?.onWarning(warning, permit.attributes, clock.nowMs());
    if (targetMs !== undefined && latencyMs > targetMs)
      this.#journal.tell({ type: 'latency-target-missed', attempt, callId: record.id, latencyMs, targetMs, ...place });
    observer?.onCallEnd(record, { expectedNanoUsd: permit.expectedNanoUsd, latencyTargetMs: targetMs });
  }

  /** Decides what follows a refused call of the pool's current candidate, and tells everybody. */
  decide(breach: NamedBreach, message: string, mustContinue: boolean): BreachStep {
    const { approvals, equivalentsOf, observer, clock } = this.#dependencies;
    const { refusal, limitedBy, expectedNanoUsd } = breach;
    if (refusal.onBreach === 'cheaper-equivalent' && equivalentsOf)
      this.#pool.add(equivalentsOf(this.#pool.target, this.#purpose, this.#call));
    const usable = this.#pool.readUsableOthers().filter(({ acceptsPrefill }) => acceptsPrefill || !mustContinue);
    const others = usable.map(({ index }) => {
      const target = this.#pool.targetAt(index);
      const call = callOfTarget(this.#call, target);
      return { index, expectedNanoUsd: estimateCall(call, modelOf(target), target.price).expected?.highNanoUsd };
    });
    const step = planOnBreach(refusal, expectedNanoUsd, others, approvals !== undefined && limitedBy === 'budget');
    const { decision } = step;
    const { source, sourceId } = this.#purpose;
    this.#last = breach;
    observer?.onBreach({ ...breach, decision, source, sourceId, atMs: clock.nowMs() });
    this.#journal.tell({
      type: 'budget-refused',
      limitedBy,
      ...(refusal.budgetId !== '' && { budgetId: refusal.budgetId }),
      budgetName: refusal.budgetName,
      reason: refusal.reason,
      decision,
      message,
      ...this.#pool.place,
    });
    return step;
  }

  /** Asks for more money and waits as long as the policy says. Rejects when `signal` aborts. */
  async ask(breach: NamedBreach, signal: AbortSignal | undefined): Promise<boolean> {
    const { approvals, clock, policy } = this.#dependencies;
    const { refusal, attributes } = breach;
    const { source, sourceId } = this.#purpose;
    // An approval that does not help again and again must not keep the call for ever.
    this.#questions += 1;
    if (this.#questions > mostQuestions) return false;
    const asked = await approvals?.request(refusal, attributes, { source, sourceId }).catch(() => undefined);
    if (!asked || !approvals) return false;
    const { id: approvalId } = asked;
    this.#last = { ...breach, approvalId };
    const limitMs = policy.approvalWaitMs ?? 0;
    const { budgetName } = refusal;
    this.#journal.tell({ type: 'approval-requested', approvalId, budgetName, waitMs: limitMs, ...this.#pool.place });
    if (limitMs <= 0) return false;
    const startMs = clock.monotonicMs();
    let decision: 'approved' | 'declined' | 'expired';
    try {
      decision = await approvals.wait(approvalId, signal, limitMs);
    } finally {
      this.#waitedMs += clock.monotonicMs() - startMs;
    }
    const waitMs = Math.round(clock.monotonicMs() - startMs);
    this.#journal.tell({ type: 'approval-decided', approvalId, decision, waitMs, ...this.#pool.place });
    return decision === 'approved';
  }
}
