import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { providerErrorKinds } from '../spec/index.ts';
import { decideRetry, defaultRetrySettings, type RetryQuestion } from './retry-policy.ts';

const half = { next: () => 0.5 };
const ask = (question: Partial<RetryQuestion>, settings = defaultRetrySettings) =>
  decideRetry(
    {
      kind: 'server',
      retryAfterMs: undefined,
      attempt: 1,
      remainingMs: 30_000,
      waitedMs: 0,
      hasNextCandidate: false,
      isRetryAffordable: true,
      ...question,
    },
    settings,
    half,
  );

describe('decideRetry', () => {
  test.each(['auth', 'quota', 'model-not-found', 'invalid-request', 'context-length'] as const)(
    '%s is called exactly once; another model may take it',
    (kind) => {
      expect(ask({ kind })).toEqual({ action: 'give-up', reason: 'not-retryable' });
      expect(ask({ kind, hasNextCandidate: true })).toEqual({ action: 'next-candidate', reason: 'not-retryable' });
    },
  );

  test.each(['rate-limit', 'overloaded', 'server', 'network', 'invalid-response'] as const)(
    '%s is retried at the same model, three calls in all',
    (kind) => {
      for (const hasNextCandidate of [false, true]) {
        expect(ask({ kind, hasNextCandidate })).toEqual({ action: 'retry', waitMs: 500, reason: 'transient-failure' });
        expect(ask({ kind, hasNextCandidate, attempt: 2 })).toMatchObject({ action: 'retry', waitMs: 1_000 });
        expect(ask({ kind, hasNextCandidate, attempt: 3 })).toEqual({
          action: hasNextCandidate ? 'next-candidate' : 'give-up',
          reason: 'attempts-used',
        });
      }
    },
  );

  test('a timeout costs too much to try twice while another model could answer', () => {
    expect(ask({ kind: 'timeout', hasNextCandidate: true })).toEqual({ action: 'next-candidate', reason: 'timeout' });
    expect(ask({ kind: 'timeout' })).toMatchObject({ action: 'retry', reason: 'timeout' });
  });

  test('content policy is a setting, and a cancel is the end', () => {
    const tolerant = { ...defaultRetrySettings, onContentFilter: 'next-candidate' as const };
    expect(ask({ kind: 'content-filter', hasNextCandidate: true }).action).toBe('give-up');
    expect(ask({ kind: 'content-filter', hasNextCandidate: true }, tolerant).action).toBe('next-candidate');
    expect(ask({ kind: 'content-filter' }, tolerant).action).toBe('give-up');
    expect(ask({ kind: 'cancelled', hasNextCandidate: true })).toEqual({ action: 'give-up', reason: 'cancelled' });
  });

  test('waits as long as the hint says, unless time, patience or the total of waits forbid it', () => {
    expect(ask({ kind: 'rate-limit', retryAfterMs: 2_000 })).toMatchObject({ action: 'retry', waitMs: 2_000 });
    expect(ask({ retryAfterMs: 30_000 })).toEqual({ action: 'give-up', reason: 'wait-too-long' });
    expect(ask({ retryAfterMs: 10_000, hasNextCandidate: true }).action).toBe('retry');
    expect(ask({ retryAfterMs: 10_001, hasNextCandidate: true }).action).toBe('next-candidate');
    expect(ask({ retryAfterMs: 20_000, waitedMs: 40_000 }).action).toBe('retry');
    expect(ask({ retryAfterMs: 20_001, waitedMs: 40_000 }).reason).toBe('wait-too-long');
  });

  test('an empty budget and a passed deadline end it', () => {
    expect(ask({ isRetryAffordable: false })).toEqual({ action: 'give-up', reason: 'retry-budget-empty' });
    expect(ask({ isRetryAffordable: false, hasNextCandidate: true }).action).toBe('next-candidate');
    expect(ask({ remainingMs: 0, hasNextCandidate: true })).toEqual({ action: 'give-up', reason: 'overall-deadline' });
  });

  test('whatever is asked: no retry without attempts, money and time for it', () => {
    const question = fc.record({
      kind: fc.constantFrom(...providerErrorKinds),
      retryAfterMs: fc.option(fc.integer({ min: -10, max: 200_000 }), { nil: undefined }),
      attempt: fc.integer({ min: 1, max: 6 }),
      remainingMs: fc.integer({ min: -100, max: 100_000 }),
      waitedMs: fc.integer({ min: 0, max: 100_000 }),
      hasNextCandidate: fc.boolean(),
      isRetryAffordable: fc.boolean(),
    });
    fc.assert(
      fc.property(question, fc.integer(), (given, seed) => {
        const decision = decideRetry(given, defaultRetrySettings, createSeededRandom(seed));
        if (decision.action === 'next-candidate') expect(given.hasNextCandidate).toBe(true);
        if (decision.action !== 'retry') return;
        expect(given.attempt).toBeLessThan(defaultRetrySettings.maxAttempts);
        expect(given.isRetryAffordable).toBe(true);
        expect(decision.waitMs).toBeLessThan(given.remainingMs);
        expect(decision.waitMs).toBeGreaterThanOrEqual(given.retryAfterMs ?? 0);
        expect(given.waitedMs + decision.waitMs).toBeLessThanOrEqual(defaultRetrySettings.maxTotalWaitMs);
      }),
    );
  });
});
