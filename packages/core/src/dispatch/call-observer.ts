import type { BudgetRefusal, BudgetWarning, CallAttributes } from '../guardrails/index.ts';
import type { CallRecord } from '../metrics/index.ts';
import type { CallBreach } from './call-budget.ts';

/** What is done instead of a call that was refused for want of money. */
export type BreachDecision = 'skip-to-next' | 'cheaper-equivalent' | 'ask-approval' | 'fail-fast';

/** A refused call and what is done about it. */
export interface ObservedBreach extends CallBreach {
  readonly decision: BreachDecision;
  readonly source: string;
  readonly sourceId: string | undefined;
  readonly callId: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** Told of what money and time do to calls. Never blocks and never throws: telemetry must not fail a call. */
export interface CallObserver {
  onBreach(breach: ObservedBreach): void;
  /** A threshold was crossed, or a soft budget is over its limit. */
  onWarning(warning: BudgetWarning, attributes: CallAttributes, atMs: number): void;
  /** A call has ended. `latencyTargetMs`: what was hoped for. */
  onCallEnd(
    record: CallRecord,
    facts: { readonly expectedNanoUsd: bigint | undefined; readonly latencyTargetMs: number | undefined },
  ): void;
}

/** Who is asked for more money than a budget has. */
export interface ApprovalDesk {
  /** Files the request, or finds the one that is waiting already; undefined when nobody can be asked now. */
  request(
    refusal: BudgetRefusal,
    attributes: CallAttributes,
    context: { readonly source: string; readonly sourceId: string | undefined },
  ): Promise<{ readonly id: string } | undefined>;
  /** Resolves with the decision, `expired` after `timeoutMs` or when the request has lapsed. Rejects when aborted. */
  wait(
    approvalId: string,
    signal: AbortSignal | undefined,
    timeoutMs: number,
  ): Promise<'approved' | 'declined' | 'expired'>;
}
