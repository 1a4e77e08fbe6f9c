import type { Random } from '../kernel/index.ts';
import { decideRetry, type RetryReason, type RetrySettings, toCircuitOutcome } from '../policies/index.ts';
import type { ProviderErrorKind } from '../spec/index.ts';
import type { ChainPolicy } from './chain-policy.ts';

/** A candidate as the planner sees it. */
export interface CandidateFacts {
  /** Its place in the chain. */
  readonly index: number;
  readonly acceptsPrefill: boolean;
}

/** How an attempt failed; `circuit`, `queue` and `budget` mean that no call was made. */
export interface AttemptFailure {
  readonly source: 'call' | 'circuit' | 'queue' | 'budget';
  readonly kind: ProviderErrorKind;
  readonly retryAfterMs: number | undefined;
  /** Whether this attempt had passed content on. */
  readonly hadOutput: boolean;
  readonly wasContinuation: boolean;
}

/** Where the chain stands. Times in milliseconds. */
export interface ChainSituation {
  readonly current: CandidateFacts;
  /** The untried candidates that would be admitted now, in order. */
  readonly others: readonly CandidateFacts[];
  /** Calls of the current candidate so far. */
  readonly attemptsHere: number;
  readonly isRetryAffordable: boolean;
  /** Whether the current candidate's circuit would admit another call. */
  readonly isAdmittedHere: boolean;
  readonly remainingMs: number;
  readonly waitedMs: number;
  /** Whether there is text that was passed on and that a prefill can stand for. */
  readonly canContinue: boolean;
  /** Whether the reader has text that cannot be taken back. */
  readonly mustContinue: boolean;
}

export type StepReason =
  | RetryReason
  | 'circuit-open'
  | 'queue-deadline'
  | 'budget-exceeded'
  | 'output-interrupted'
  | 'prefill-refused'
  | 'output-was-delivered';

export type ChainStep =
  | {
      readonly type: 'retry';
      readonly waitMs: number;
      readonly asContinuation: boolean;
      readonly reason: StepReason;
      /** Whether it is paid for by the provider's retry budget. */
      readonly isCharged: boolean;
    }
  | { readonly type: 'failover'; readonly to: number; readonly asContinuation: boolean; readonly reason: StepReason }
  | { readonly type: 'give-up'; readonly reason: StepReason };

/** Faults of the request that come from the prefill and not from what the caller asked for. */
const prefillFaults: ReadonlySet<ProviderErrorKind> = new Set(['invalid-request', 'context-length']);

/** Whether the failure only says that the model does not take the prefill. */
export function isPrefillRefusal(failure: AttemptFailure): boolean {
  return failure.source === 'call' && failure.wasContinuation && !failure.hadOutput && prefillFaults.has(failure.kind);
}

/**
 * Whether a failure may lead to the next candidate; no list means that all may. An open circuit stands for the faults
 * that open one, so that a list with any of them goes past it.
 */
export function mayFailOver(
  failure: Pick<AttemptFailure, 'source' | 'kind'>,
  failoverOn: ChainPolicy['failoverOn'],
): boolean {
  if (!failoverOn) return true;
  if (failure.source === 'circuit') return failoverOn.some((kind) => toCircuitOutcome(kind) === 'failure');
  return failoverOn.includes(failure.kind);
}

/**
 * Decides what a chain does after a failed attempt, or after an answer that the vendor's content policy ended (kind
 * `content-filter`). Pure but for the jitter.
 */
export function planNextStep(
  failure: AttemptFailure,
  situation: ChainSituation,
  policy: Pick<ChainPolicy, 'delivery' | 'failoverOn'>,
  retry: RetrySettings,
  random: Random,
): ChainStep {
  const { current, remainingMs } = situation;
  const { delivery } = policy;
  const others = mayFailOver(failure, policy.failoverOn) ? situation.others : [];
  // A refusal is nothing to write on from.
  const isContinuable = delivery === 'continue' && situation.canContinue && failure.kind !== 'content-filter';
  const asContinuation = (candidate: CandidateFacts) => isContinuable && candidate.acceptsPrefill;
  const moveOn = (reason: StepReason): ChainStep => {
    const to = others.find(asContinuation) ?? (situation.mustContinue ? undefined : others[0]);
    if (!to) return { type: 'give-up', reason: situation.mustContinue ? 'output-was-delivered' : reason };
    return { type: 'failover', to: to.index, asContinuation: asContinuation(to), reason };
  };
  if (failure.kind === 'cancelled') return { type: 'give-up', reason: 'cancelled' };
  if (remainingMs <= 0) return { type: 'give-up', reason: 'overall-deadline' };
  if (failure.source === 'circuit') return moveOn('circuit-open');
  if (failure.source === 'queue') return moveOn('queue-deadline');
  if (isPrefillRefusal(failure)) {
    if (!situation.isAdmittedHere) return moveOn('circuit-open');
    if (situation.mustContinue) return moveOn('prefill-refused');
    return { type: 'retry', waitMs: 0, asContinuation: false, reason: 'prefill-refused', isCharged: false };
  }
  if (failure.hadOutput && delivery === 'fail') return { type: 'give-up', reason: 'output-was-delivered' };
  const decision = decideRetry(
    {
      kind: failure.kind,
      retryAfterMs: failure.retryAfterMs,
      attempt: situation.attemptsHere,
      remainingMs,
      waitedMs: situation.waitedMs,
      hasNextCandidate: others.length > 0,
      isRetryAffordable: situation.isRetryAffordable,
    },
    retry,
    random,
  );
  if (decision.action === 'give-up') return { type: 'give-up', reason: decision.reason };
  if (decision.action === 'next-candidate') return moveOn(decision.reason);
  if (!situation.isAdmittedHere) return moveOn('circuit-open');
  if (situation.mustContinue && !asContinuation(current)) return moveOn('output-was-delivered');
  // A reader waits in the middle of a text: the next model is the quickest way on.
  if (failure.hadOutput && others.length > 0) return moveOn('output-interrupted');
  return {
    type: 'retry',
    waitMs: decision.waitMs,
    asContinuation: asContinuation(current),
    reason: failure.hadOutput ? 'output-interrupted' : decision.reason,
    isCharged: true,
  };
}
