import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { defaultRetryBudget, RetryBudgets } from './retry-budget.ts';

/** Plays requests at the given gaps, each of which fails for ever and retries as often as it may, up to twice. */
function playOutage(gapsMs: readonly number[]) {
  const clock = new FakeClock();
  const budgets = new RetryBudgets(clock);
  let retries = 0;
  for (const gapMs of gapsMs) {
    clock.advance(gapMs);
    budgets.noteRequest('p');
    for (let retry = 0; retry < 2 && budgets.takeRetry('p'); retry += 1) retries += 1;
  }
  return { retries, requests: gapsMs.length, elapsedMs: clock.monotonicMs() };
}

describe('RetryBudgets', () => {
  test('50 requests a second failing for 5 minutes: calls ≤ 1.1 × requests and what was saved up', () => {
    const { retries, requests } = playOutage(Array.from({ length: 15_000 }, () => 20));
    expect(retries).toBeLessThanOrEqual(0.1 * requests + defaultRetryBudget.capacity);
    expect(retries).toBeGreaterThanOrEqual(0.1 * requests - 1);
  });

  test('any traffic: retries ≤ capacity + 10 % of the requests + the floor for the time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 400 }), (gapsMs) => {
        const { retries, requests, elapsedMs } = playOutage(gapsMs);
        const floor = (defaultRetryBudget.floorPerMinute * elapsedMs) / 60_000;
        expect(retries).toBeLessThanOrEqual(defaultRetryBudget.capacity + 0.1 * requests + floor + 1e-6);
      }),
    );
  });

  test('slow traffic may always retry: one request in ten seconds, twice each', () => {
    const { retries, requests } = playOutage(Array.from({ length: 100 }, () => 10_000));
    expect(retries).toBe(2 * requests);
  });

  test('providers do not share, and asking takes nothing', () => {
    const budgets = new RetryBudgets(new FakeClock(), { ratio: 0.1, floorPerMinute: 0, capacity: 1 });
    expect([budgets.canRetry('a'), budgets.canRetry('a'), budgets.takeRetry('a')]).toEqual([true, true, true]);
    expect([budgets.canRetry('a'), budgets.takeRetry('a'), budgets.takeRetry('b')]).toEqual([false, false, true]);
    for (let request = 0; request < 10; request += 1) budgets.noteRequest('a');
    expect([budgets.takeRetry('a'), budgets.takeRetry('a')]).toEqual([true, false]);
  });
});
