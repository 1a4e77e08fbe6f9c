import type { Random } from '../kernel/index.ts';
import {
  type CircuitBreakers,
  type ConcurrencyLimits,
  type Deadlines,
  defaultRetrySettings,
  type RetryBudgets,
  type RetrySettings,
} from '../policies/index.ts';
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
  /** For everything together: queues, attempts, waits, on all candidates. */
  readonly overallMs: number;
  /** For a free slot at one provider. */
  readonly queueMs: number;
  /**
   * While another candidate could answer, an attempt may be silent for at most this share (0–1) of the time that is
   * left, so that the other one gets its chance before the overall deadline.
   */
  readonly silenceShare: number;
}

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
}

/** The deadlines of one attempt: the target's own, cut to what the chain has left. */
export function planAttemptDeadlines(
  own: Deadlines,
  remainingMs: number,
  hasFallback: boolean,
  silenceShare: number,
): Deadlines {
  const silenceMs = hasFallback ? Math.max(1, Math.round(remainingMs * silenceShare)) : Number.POSITIVE_INFINITY;
  return {
    firstTokenMs: Math.min(own.firstTokenMs, silenceMs),
    idleMs: Math.min(own.idleMs, silenceMs),
    totalMs: Math.min(own.totalMs, Math.max(1, Math.round(remainingMs))),
  };
}
