import { FakeClock } from '@switchyard/core/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RateLimitedFailure } from '../user-errors.ts';
import { ApiKeyRates, toRateHeaders } from './api-key-rates.ts';
import type { ApiKeyRules } from './api-key-rules.ts';

const keyOf = (requestsPerMinute?: number, tokensPerMinute?: number): ApiKeyRules => ({
  keyId: 'k',
  requestsPerMinute,
  tokensPerMinute,
});
const admits = (rates: ApiKeyRates, rules: ApiKeyRules, tokens = 1) => {
  try {
    return rates.admit(rules, () => tokens);
  } catch (error) {
    if (error instanceof RateLimitedFailure) return error;
    throw error;
  }
};

test('lets as many requests in as a minute has, then tells when to come back, and keeps its word', async () => {
  const clock = new FakeClock();
  const rates = new ApiKeyRates(clock);
  const rules = keyOf(6);
  for (let count = 0; count < 6; count += 1) expect(admits(rates, rules)).not.toBeInstanceOf(RateLimitedFailure);
  const refused = admits(rates, rules) as RateLimitedFailure;
  expect(refused.retryAfterMs).toBe(10_000);
  expect(refused.headers).toMatchObject({ 'retry-after': '10', 'x-ratelimit-remaining-requests': '0' });
  await clock.advance(9_000);
  expect(admits(rates, rules)).toBeInstanceOf(RateLimitedFailure);
  await clock.advance(1_000);
  expect(admits(rates, rules)).not.toBeInstanceOf(RateLimitedFailure);
  expect(toRateHeaders(rates.stateOf(rules))).toEqual({
    'x-ratelimit-limit-requests': '6',
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-requests': '60.0s',
  });
});

test('counts the tokens that were used, not those that were expected', async () => {
  const clock = new FakeClock();
  const rates = new ApiKeyRates(clock);
  const rules = keyOf(undefined, 600);
  const call = rates.admit(rules, () => 100);
  expect(rates.stateOf(rules).tokens?.remaining).toBe(500);
  call.settle(900);
  // 300 more than there were: nobody is let in before they are paid back.
  expect(admits(rates, rules)).toBeInstanceOf(RateLimitedFailure);
  await clock.advance(31_000);
  expect(admits(rates, rules)).not.toBeInstanceOf(RateLimitedFailure);
  // More than a whole minute has: when the bucket is full.
  await clock.advance(120_000);
  expect(admits(rates, rules, 5_000)).not.toBeInstanceOf(RateLimitedFailure);
});

test('several processes share the limit, and a limit that was changed holds at once', () => {
  const rates = new ApiKeyRates(new FakeClock());
  rates.shareAmong(3);
  for (let count = 0; count < 2; count += 1) expect(admits(rates, keyOf(6))).not.toBeInstanceOf(RateLimitedFailure);
  expect(admits(rates, keyOf(6))).toBeInstanceOf(RateLimitedFailure);
  expect(admits(rates, keyOf())).not.toBeInstanceOf(RateLimitedFailure);
});

test('never lets more in than a full bucket and what came since', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 60 }),
      async (limit, waits) => {
        const clock = new FakeClock();
        const rates = new ApiKeyRates(clock);
        let admitted = 0;
        for (const waitMs of waits) {
          await clock.advance(waitMs);
          if (!(admits(rates, keyOf(limit)) instanceof RateLimitedFailure)) admitted += 1;
        }
        expect(admitted).toBeLessThanOrEqual(limit + (clock.monotonicMs() * limit) / 60_000 + 1e-6);
      },
    ),
    { numRuns: 50 },
  );
});
