import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { defaultRetryBudget, RetryBudgets } from './retry-budget.ts';

const { capacity, ratio, tricklePerMinute, floorPerMinute, successRatio } = defaultRetryBudget;

/** Plays requests at the given gaps; each fails for ever and retries as often as it may, up to twice. */
function playOutage(gapsMs: readonly number[], clock = new FakeClock(), budgets = new RetryBudgets(clock)) {
  const startMs = clock.monotonicMs();
  let retries = 0;
  for (const gapMs of gapsMs) {
    clock.advance(gapMs);
    budgets.noteRequest('p');
    for (let retry = 0; retry < 2 && budgets.takeRetry('p'); retry += 1) retries += 1;
  }
  return { retries, requests: gapsMs.length, minutes: (clock.monotonicMs() - startMs) / 60_000 };
}

const steady = (gapMs: number, durationMs: number) => Array.from({ length: durationMs / gapMs }, () => gapMs);

describe('RetryBudgets', () => {
  test.each([20, 100, 500, 1_000, 2_000])('a request every %i ms, 5 minutes of failure: ≤ 10 % retries', (gapMs) => {
    const { retries, requests } = playOutage(steady(gapMs, 300_000));
    expect(retries).toBeLessThanOrEqual(0.1 * requests);
    expect(retries).toBeGreaterThanOrEqual(Math.floor(ratio * requests));
  });

  test.each([20, 100, 1_000])('the same after ten healthy minutes with a request every %i ms', (gapMs) => {
    const clock = new FakeClock();
    const budgets = new RetryBudgets(clock);
    for (const eachMs of steady(gapMs, 600_000)) {
      clock.advance(eachMs);
      budgets.noteRequest('p');
      budgets.noteSuccess('p');
    }
    const { retries, requests } = playOutage(steady(gapMs, 300_000), clock, budgets);
    expect(retries).toBeLessThanOrEqual(0.1 * requests);
  });

  test('any traffic that only fails: retries ≤ the grant + 5 % of the requests + a trickle', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 400 }), (gapsMs) => {
        const { retries, requests, minutes } = playOutage(gapsMs);
        expect(retries).toBeLessThanOrEqual(capacity + ratio * requests + tricklePerMinute * minutes + 1e-6);
        if (requests >= 240 && minutes <= 5) expect(retries).toBeLessThanOrEqual(0.1 * requests);
      }),
    );
  });

  test('any traffic: what succeeds pays for at most 10 % of the requests or 20 retries a minute', () => {
    const request = fc.record({ gapMs: fc.integer({ min: 0, max: 5_000 }), failures: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 400 }), (requests) => {
        const clock = new FakeClock();
        const budgets = new RetryBudgets(clock);
        let retries = 0;
        for (const { gapMs, failures } of requests) {
          clock.advance(gapMs);
          budgets.noteRequest('p');
          let failed = 0;
          while (failed < failures && budgets.takeRetry('p')) {
            failed += 1;
            retries += 1;
          }
          if (failed === failures) budgets.noteSuccess('p');
        }
        const minutes = clock.monotonicMs() / 60_000;
        const earned = (ratio + successRatio) * requests.length + (floorPerMinute + tricklePerMinute) * minutes;
        expect(retries).toBeLessThanOrEqual(2 * capacity + earned + 1e-6);
      }),
    );
  });

  test('slow traffic may always retry what then succeeds: a request in ten seconds, twice each', () => {
    const clock = new FakeClock();
    const budgets = new RetryBudgets(clock);
    for (let request = 0; request < 100; request += 1) {
      budgets.noteRequest('p');
      expect([budgets.takeRetry('p'), budgets.takeRetry('p')]).toEqual([true, true]);
      budgets.noteSuccess('p');
      clock.advance(10_000);
    }
  });

  test('a fresh budget pays for three retries, and an hour after an outage it is as good as new', () => {
    const clock = new FakeClock();
    const budgets = new RetryBudgets(clock);
    const take = () => [1, 2, 3, 4].map(() => budgets.takeRetry('p'));
    expect(take()).toEqual([true, true, true, false]);
    clock.advance(3_600_000);
    expect(take()).toEqual([true, true, true, false]);
  });

  test('a blip in dense healthy traffic: fifty connections cut at once are all retried', () => {
    const clock = new FakeClock();
    const budgets = new RetryBudgets(clock);
    for (const gapMs of steady(50, 120_000)) {
      clock.advance(gapMs);
      budgets.noteRequest('p');
      budgets.noteSuccess('p');
    }
    for (let call = 0; call < 50; call += 1) expect(budgets.takeRetry('p')).toBe(true);
  });

  test('keys do not share, asking takes nothing, and the books can be read', () => {
    const settings = { ratio: 0.1, successRatio: 0.1, floorPerMinute: 0, tricklePerMinute: 0, capacity: 1 };
    const budgets = new RetryBudgets(new FakeClock(), settings);
    expect([budgets.canRetry('a'), budgets.canRetry('a'), budgets.takeRetry('a')]).toEqual([true, true, true]);
    expect([budgets.canRetry('a'), budgets.takeRetry('a'), budgets.takeRetry('b')]).toEqual([false, false, true]);
    for (let request = 0; request < 10; request += 1) budgets.noteRequest('a');
    expect(budgets.list()).toEqual([
      { key: 'a', retriesLeft: 1 },
      { key: 'b', retriesLeft: 0 },
    ]);
    expect([budgets.takeRetry('a'), budgets.takeRetry('a')]).toEqual([true, false]);
  });
});
