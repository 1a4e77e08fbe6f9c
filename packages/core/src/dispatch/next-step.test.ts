import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../kernel/index.ts';
import { defaultRetrySettings } from '../policies/index.ts';
import { providerErrorKinds } from '../spec/index.ts';
import {
  type AttemptFailure,
  type ChainSituation,
  isPrefillRefusal,
  mayFailOver,
  planNextStep,
  type StepReason,
} from './next-step.ts';

const half = { next: () => 0.5 };
const failed: AttemptFailure = {
  source: 'call',
  kind: 'server',
  retryAfterMs: undefined,
  hadOutput: false,
  wasContinuation: false,
};
const plain = { index: 1, acceptsPrefill: false };
const willing = { index: 2, acceptsPrefill: true };
const standing: ChainSituation = {
  current: { index: 0, acceptsPrefill: false },
  others: [plain, willing],
  attemptsHere: 1,
  isRetryAffordable: true,
  isAdmittedHere: true,
  remainingMs: 30_000,
  waitedMs: 0,
  canContinue: false,
  mustContinue: false,
};

interface Case {
  readonly failure?: Partial<AttemptFailure>;
  readonly situation?: Partial<ChainSituation>;
  readonly policy?: Partial<Parameters<typeof planNextStep>[2]>;
}

const plan = ({ failure, situation, policy }: Case) =>
  planNextStep(
    { ...failed, ...failure },
    { ...standing, ...situation },
    { delivery: 'restart', ...policy },
    defaultRetrySettings,
    half,
  );
const retry = (reason: StepReason, waitMs = 500, asContinuation = false, isCharged = true) => ({
  type: 'retry',
  waitMs,
  asContinuation,
  reason,
  isCharged,
});
const failover = (reason: StepReason, to = 1, asContinuation = false) => ({
  type: 'failover',
  to,
  asContinuation,
  reason,
});
const giveUp = (reason: StepReason) => ({ type: 'give-up', reason });

const cutText = { failure: { kind: 'network', hadOutput: true }, situation: { canContinue: true } } as const;
const continuing = { ...cutText, policy: { delivery: 'continue' } } as const;
const refusedPrefill = { kind: 'invalid-request', wasContinuation: true } as const;

describe('planNextStep', () => {
  test.each<[string, Case, object]>([
    ['a fault of the provider is retried', {}, retry('transient-failure')],
    ['the last try leads to the next', { situation: { attemptsHere: 3 } }, failover('attempts-used')],
    ['the last try of the last ends it', { situation: { attemptsHere: 3, others: [] } }, giveUp('attempts-used')],
    ['a timeout leads to the next at once', { failure: { kind: 'timeout' } }, failover('timeout')],
    ['a timeout of the last is retried', { failure: { kind: 'timeout' }, situation: { others: [] } }, retry('timeout')],
    ['a bad key leads to the next', { failure: { kind: 'auth' } }, failover('not-retryable')],
    ['content policy ends it', { failure: { kind: 'content-filter' } }, giveUp('content-policy')],
    [
      'an opened circuit takes the rest of the retries',
      { situation: { isAdmittedHere: false } },
      failover('circuit-open'),
    ],
    ['an empty budget leads to the next', { situation: { isRetryAffordable: false } }, failover('retry-budget-empty')],
    [
      'a closed way leads to the next',
      { failure: { source: 'circuit', kind: 'overloaded' } },
      failover('circuit-open'),
    ],
    [
      'a full queue leads to the next',
      { failure: { source: 'queue', kind: 'rate-limit' } },
      failover('queue-deadline'),
    ],
    [
      'a full queue of the last ends it',
      { failure: { source: 'queue' }, situation: { others: [] } },
      giveUp('queue-deadline'),
    ],
    ['a cancel ends it', { failure: { kind: 'cancelled' } }, giveUp('cancelled')],
    ['the deadline ends it', { situation: { remainingMs: 0 } }, giveUp('overall-deadline')],
    ['a kind that may not fail over is retried', { policy: { failoverOn: ['timeout'] } }, retry('transient-failure')],
    [
      'and then ends it',
      { policy: { failoverOn: ['timeout'] }, situation: { attemptsHere: 3 } },
      giveUp('attempts-used'),
    ],
    ['cut text goes to the next without a wait', cutText, failover('output-interrupted')],
    ['cut text of the last is written anew', { ...cutText, situation: { others: [] } }, retry('output-interrupted')],
    ['cut text under `fail` ends it', { ...cutText, policy: { delivery: 'fail' } }, giveUp('output-was-delivered')],
    ['a failure before text under `fail` is retried', { policy: { delivery: 'fail' } }, retry('transient-failure')],
    ['`continue` prefers one that writes on', continuing, failover('output-interrupted', 2, true)],
    [
      '`continue` without such a one starts anew',
      { ...continuing, situation: { canContinue: true, others: [plain] } },
      failover('output-interrupted', 1),
    ],
    [
      '`continue` at the same model, when it is the last',
      { ...continuing, situation: { canContinue: true, others: [], current: willing } },
      retry('output-interrupted', 500, true),
    ],
    [
      'text that cannot be taken back is never started anew',
      { ...continuing, situation: { canContinue: true, mustContinue: true, others: [plain] } },
      giveUp('output-was-delivered'),
    ],
    [
      'a refused prefill: the same model from scratch, free of charge',
      { ...continuing, failure: refusedPrefill },
      retry('prefill-refused', 0, false, false),
    ],
    [
      'a refused prefill at an open circuit',
      { ...continuing, failure: refusedPrefill, situation: { isAdmittedHere: false, others: [plain] } },
      failover('circuit-open'),
    ],
  ])('%s', (_what, given, expected) => {
    expect(plan(given)).toEqual(expected);
  });

  test('a refusal of the vendor is never written on from', () => {
    const tolerant = { ...defaultRetrySettings, onContentFilter: 'next-candidate' as const };
    const failure: AttemptFailure = { ...failed, kind: 'content-filter', hadOutput: true };
    const situation = { ...standing, canContinue: true };
    expect(planNextStep(failure, situation, { delivery: 'continue' }, tolerant, half)).toEqual(
      failover('content-policy', 1),
    );
  });

  test('whatever is asked: no step without time, candidate, consent and money for it', () => {
    const candidate = fc.record({ index: fc.integer({ min: 1, max: 9 }), acceptsPrefill: fc.boolean() });
    fc.assert(
      fc.property(
        fc.record({
          source: fc.constantFrom('call', 'circuit', 'queue'),
          kind: fc.constantFrom(...providerErrorKinds),
          retryAfterMs: fc.option(fc.integer({ min: 0, max: 90_000 }), { nil: undefined }),
          hadOutput: fc.boolean(),
          wasContinuation: fc.boolean(),
        }),
        fc.record({
          current: fc.record({ index: fc.constant(0), acceptsPrefill: fc.boolean() }),
          others: fc.array(candidate, { maxLength: 3 }),
          attemptsHere: fc.integer({ min: 1, max: 4 }),
          isRetryAffordable: fc.boolean(),
          isAdmittedHere: fc.boolean(),
          remainingMs: fc.integer({ min: -10, max: 60_000 }),
          waitedMs: fc.integer({ min: 0, max: 60_000 }),
          canContinue: fc.boolean(),
          mustContinue: fc.boolean(),
        }),
        fc.constantFrom('restart', 'continue', 'hold-back', 'fail'),
        fc.option(fc.subarray([...providerErrorKinds]), { nil: undefined }),
        fc.integer(),
        (failure, situation, delivery, failoverOn, seed) => {
          const policy = { delivery, ...(failoverOn && { failoverOn }) };
          const step = planNextStep(failure, situation, policy, defaultRetrySettings, createSeededRandom(seed));
          if (step.type === 'give-up') return;
          expect(situation.remainingMs).toBeGreaterThan(0);
          expect(failure.kind).not.toBe('cancelled');
          if (situation.mustContinue && failure.source === 'call') expect(step.asContinuation).toBe(true);
          if (step.asContinuation) expect([delivery, situation.canContinue]).toEqual(['continue', true]);
          if (delivery === 'fail' && failure.hadOutput) expect(failure.source).not.toBe('call');
          if (step.type === 'failover') {
            expect(mayFailOver(failure, failoverOn)).toBe(true);
            expect(situation.others.map(({ index }) => index)).toContain(step.to);
            return;
          }
          expect(situation.isAdmittedHere).toBe(true);
          expect(step.isCharged).toBe(!isPrefillRefusal(failure));
          if (step.isCharged) expect(situation.isRetryAffordable).toBe(true);
          expect(step.waitMs).toBeLessThan(situation.remainingMs);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
