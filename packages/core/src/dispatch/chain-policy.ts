import type { ActivePlan, FailoverTriggers, FailoverWatch, WatchedStatus } from '../failover/index.ts';
import type { BudgetLedger, RequestLimits } from '../guardrails/index.ts';
import type { Random } from '../kernel/index.ts';
import type { CallPurpose } from '../metrics/index.ts';
import {
  type CircuitBreakers,
  type ConcurrencyLimits,
  type Deadlines,
  defaultRetrySettings,
  type RecentCalls,
  type RetryBudgets,
  type RetrySettings,
} from '../policies/index.ts';
import type { ModelCall, ProviderErrorKind } from '../spec/index.ts';
import type { AroundCall } from './around-call.ts';
import type { ApprovalDesk, CallObserver } from './call-observer.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import type { HedgeSettings } from './hedge-settings.ts';
import type { DispatchDependencies } from './run-call.ts';

/**
 * What happens when a stream breaks after some of it was passed on: `restart` voids it and begins anew, `continue` lets
 * a model that accepts a prefill write on, `fail` ends with the error. `hold-back` passes nothing on before the answer
 * is complete, so that nothing can break after it was passed on.
 */
export type DeliveryMode = 'restart' | 'continue' | 'hold-back' | 'fail';

/** How a chain survives failure. Times in milliseconds on the monotonic clock. */
export interface ChainPolicy {
  readonly retry: RetrySettings;
  readonly delivery: DeliveryMode;
  /** Whether a reader can be told that what it has is void; absent means yes. Otherwise an answer is only continued. */
  readonly canReset?: boolean;
  /** For everything together: queues, attempts, waits, on all candidates. */
  readonly overallMs: number;
  /** For a free slot at one provider. */
  readonly queueMs: number;
  /**
   * While another candidate could answer, an attempt may be silent for at most this share (0–1) of the time that is
   * left, so that the other one gets its chance before the overall deadline.
   */
  readonly silenceShare: number;
  /**
   * While another candidate could answer, the first token of a model is waited for at most this long; without another
   * one only its own deadline counts. Default 10 s. A target's own `firstTokenPatienceMs` replaces it.
   */
  readonly firstTokenPatienceMs?: number;
  /**
   * Replaces `firstTokenPatienceMs` when the call asks for reasoning (`reasoningEffort` low or more), because some
   * models think for a minute and show nothing of it. Default 60 s.
   */
  readonly thinkingPatienceMs?: number;
  /** While another candidate could answer, a stream may be silent in its middle for this long. Default 15 s. */
  readonly idlePatienceMs?: number;
  /** Failures that lead to the next candidate; the others end the chain with their error. Absent: all that can. */
  readonly failoverOn?: readonly ProviderErrorKind[];
  /** When a candidate is passed over without being asked. Needs `recentCalls`. */
  readonly triggers?: FailoverTriggers;
  /** The plan that the triggers are of; absent: they are the chain's own. */
  readonly plan?: ActivePlan;
  /** What one request may use, all its attempts together; absent: what budgets leave. */
  readonly requestLimits?: RequestLimits;
  /** How long a budget's approval is waited for, beside `overallMs`; absent: not at all, but it is asked for. */
  readonly approvalWaitMs?: number;
  /** When a second candidate is started beside a silent first one; absent: never. Needs `recentCalls`. */
  readonly hedge?: HedgeSettings;
}

export const defaultFirstTokenPatienceMs = 10_000;
export const defaultThinkingPatienceMs = 60_000;
export const defaultIdlePatienceMs = 15_000;

export const defaultChainPolicy: ChainPolicy = {
  retry: defaultRetrySettings,
  delivery: 'restart',
  overallMs: 600_000,
  queueMs: 30_000,
  silenceShare: 1 / 3,
};

/** What a chain needs; circuits, budgets and limits are shared by all chains of the process. */
export interface ChainDependencies extends DispatchDependencies {
  readonly random: Random;
  readonly policy: ChainPolicy;
  readonly circuits: CircuitBreakers;
  readonly retryBudgets: RetryBudgets;
  readonly concurrency: ConcurrencyLimits;
  /** Measurements of the process; without them no trigger fires and nothing is hedged. */
  readonly recentCalls?: RecentCalls;
  /** Without it nothing is reserved and no budget holds. */
  readonly ledger?: BudgetLedger;
  /** Who is asked when a budget's policy says so; without it such a call fails. */
  readonly approvals?: ApprovalDesk;
  readonly observer?: CallObserver;
  /** What every attempt is made within, for logs and traces. */
  readonly aroundCall?: AroundCall;
  /** Which models are passed over by plans; without it plans are judged like triggers of a chain. */
  readonly watch?: FailoverWatch;
  /** How the provider of a target is, for triggers; never waits. */
  readonly statusOf?: (target: DispatchTarget) => WatchedStatus | undefined;
  /** Models that could stand in for one that is too dear to make `call`, beside the chain's own candidates. */
  readonly equivalentsOf?: (target: DispatchTarget, purpose: CallPurpose, call: ModelCall) => readonly DispatchTarget[];
}

/** How long a model's first token is waited for while another candidate could answer, in milliseconds. */
export function readFirstTokenPatienceMs(
  policy: ChainPolicy,
  target: Pick<DispatchTarget, 'firstTokenPatienceMs'>,
  call: Pick<ModelCall, 'reasoningEffort'>,
): number {
  if (target.firstTokenPatienceMs !== undefined) return target.firstTokenPatienceMs;
  const { reasoningEffort = 'none' } = call;
  return reasoningEffort === 'none' || reasoningEffort === 'minimal'
    ? (policy.firstTokenPatienceMs ?? defaultFirstTokenPatienceMs)
    : (policy.thinkingPatienceMs ?? defaultThinkingPatienceMs);
}

/**
 * The deadlines of one attempt: the target's own, cut to what the chain has left. `rescue` says how patient to be while
 * another candidate could answer; undefined when there is none.
 */
export function planAttemptDeadlines(
  own: Deadlines,
  remainingMs: number,
  rescue:
    | { readonly silenceShare: number; readonly firstTokenPatienceMs: number; readonly idlePatienceMs?: number }
    | undefined,
): Deadlines {
  const silenceMs = rescue ? Math.max(1, Math.round(remainingMs * rescue.silenceShare)) : Number.POSITIVE_INFINITY;
  return {
    firstTokenMs: Math.min(own.firstTokenMs, silenceMs, rescue?.firstTokenPatienceMs ?? Number.POSITIVE_INFINITY),
    idleMs: Math.min(own.idleMs, silenceMs, rescue?.idlePatienceMs ?? Number.POSITIVE_INFINITY),
    totalMs: Math.min(own.totalMs, Math.max(1, Math.round(remainingMs))),
  };
}

/** The slowest that an answer may be written before it counts as silence: five tokens a second. */
const slowestTokenMs = 200;

/**
 * Of an answer in one piece the first token comes with the last one: what a stream may take to write it is added to the
 * deadline of the first token, so that a call which would have succeeded as a stream does not fail.
 */
export function planOwnDeadlines(own: Deadlines, { isWhole, maxOutputTokens }: ModelCall): Deadlines {
  if (!isWhole) return own;
  const writingMs = maxOutputTokens === undefined ? Number.POSITIVE_INFINITY : maxOutputTokens * slowestTokenMs;
  return { ...own, firstTokenMs: Math.min(own.totalMs, own.firstTokenMs + writingMs) };
}
