import type { Random } from '../kernel/index.ts';
import type { ProviderErrorKind } from '../spec/index.ts';
import { type BackoffSettings, defaultBackoff, planWait } from './backoff.ts';

/** When the same model is asked again. */
export interface RetrySettings {
  /** Calls of one model within one chain, the first included. */
  readonly maxAttempts: number;
  readonly backoff: BackoffSettings;
  /** The longest wait for a model while another one could answer at once. */
  readonly patienceMs: number;
  /** All waits of a chain together. */
  readonly maxTotalWaitMs: number;
  /** What a refusal for content policy leads to: the error, or a try of the next candidate. */
  readonly onContentFilter: 'return-error' | 'next-candidate';
}

export const defaultRetrySettings: RetrySettings = {
  maxAttempts: 3,
  backoff: defaultBackoff,
  patienceMs: 10_000,
  maxTotalWaitMs: 60_000,
  onContentFilter: 'return-error',
};

/** Everything the decision depends on. Times in milliseconds. */
export interface RetryQuestion {
  readonly kind: ProviderErrorKind;
  /** The vendor's wait hint. */
  readonly retryAfterMs: number | undefined;
  /** Calls of this model so far in this chain, from 1. */
  readonly attempt: number;
  /** Until the chain's overall deadline. */
  readonly remainingMs: number;
  /** Waited in this chain so far. */
  readonly waitedMs: number;
  readonly hasNextCandidate: boolean;
  /** Whether the provider's retry budget has a token. */
  readonly isRetryAffordable: boolean;
}

export type RetryReason =
  | 'transient-failure'
  | 'timeout'
  | 'not-retryable'
  | 'content-policy'
  | 'attempts-used'
  | 'wait-too-long'
  | 'retry-budget-empty'
  | 'overall-deadline'
  | 'cancelled';

export type RetryDecision =
  | { readonly action: 'retry'; readonly waitMs: number; readonly reason: RetryReason }
  | { readonly action: 'next-candidate'; readonly reason: RetryReason }
  | { readonly action: 'give-up'; readonly reason: RetryReason };

/** Failures that the same request to the same model would meet again. */
const permanentKinds: ReadonlySet<ProviderErrorKind> = new Set([
  'auth',
  'quota',
  'model-not-found',
  'invalid-request',
  'context-length',
  'budget',
]);

/**
 * Decides after a failed call. A permanent failure is never tried again at the same model, but another model may take
 * the request; a timeout goes to the next candidate when there is one, because a second try would cost the same time
 * again; any other fault of the provider is retried within attempts, time and budget.
 */
export function decideRetry(question: RetryQuestion, settings: RetrySettings, random: Random): RetryDecision {
  const { kind, hasNextCandidate, remainingMs } = question;
  const leave = (reason: RetryReason): RetryDecision => ({
    action: hasNextCandidate ? 'next-candidate' : 'give-up',
    reason,
  });
  if (kind === 'cancelled') return { action: 'give-up', reason: 'cancelled' };
  if (kind === 'content-filter') {
    return settings.onContentFilter === 'next-candidate'
      ? leave('content-policy')
      : { action: 'give-up', reason: 'content-policy' };
  }
  if (remainingMs <= 0) return { action: 'give-up', reason: 'overall-deadline' };
  if (permanentKinds.has(kind)) return leave('not-retryable');
  if (kind === 'timeout' && hasNextCandidate) return leave('timeout');
  if (question.attempt >= settings.maxAttempts) return leave('attempts-used');
  const allowedMs = Math.min(
    remainingMs,
    // One more than the limit, because a wait must stay below what is allowed.
    settings.maxTotalWaitMs - question.waitedMs + 1,
    hasNextCandidate ? settings.patienceMs + 1 : Number.POSITIVE_INFINITY,
  );
  const wait = planWait(question.attempt, question.retryAfterMs, allowedMs, settings.backoff, random);
  if (wait.kind === 'too-long') return leave('wait-too-long');
  if (!question.isRetryAffordable) return leave('retry-budget-empty');
  return { action: 'retry', waitMs: wait.waitMs, reason: kind === 'timeout' ? 'timeout' : 'transient-failure' };
}
