import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import type { CallLimits } from './call-limits.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';

/** Sends calls at the given gaps and answers when each started; those that were refused are left out. */
async function play(limits: CallLimits, gapsMs: readonly number[], tokens = 0, queueMs = 600_000) {
  const clock = new FakeClock();
  const limit = new ConcurrencyLimit(clock, () => limits);
  const startsMs: number[] = [];
  for (const gapMs of gapsMs) {
    await clock.advanceAsync(gapMs);
    limit.acquire({ queueMs, estimateTokens: () => tokens }).then(
      (release) => {
        startsMs.push(clock.monotonicMs());
        release(tokens);
      },
      () => {},
    );
  }
  await clock.advanceAsync(700_000);
  expect([limit.active, limit.waiting, clock.pendingTimers]).toEqual([0, 0, 0]);
  return startsMs;
}

/** The most starts in any half-open minute. */
const countBusiestMinute = (startsMs: readonly number[]) =>
  Math.max(0, ...startsMs.map((fromMs) => startsMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + 60_000).length));

describe('limits per minute', () => {
  test.each([1, 5, 60, 600])('%i requests a minute: as many in the first minute, and no more in any', async (limit) => {
    const startsMs = await play(
      { requestsPerMinute: limit },
      Array.from({ length: limit * 2 }, () => 0),
    );
    expect(startsMs.length).toBe(limit * 2);
    expect(countBusiestMinute(startsMs)).toBe(limit);
    // A burst is served at once.
    expect(startsMs.filter((atMs) => atMs === 0).length).toBe(Math.max(1, Math.floor(limit / 6)));
  });

  test('any traffic: never more than the limit in any minute, and everyone is served in the end', async () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(gaps, fc.integer({ min: 4, max: 60 }), async (gapsMs, requestsPerMinute) => {
        const startsMs = await play({ requestsPerMinute }, gapsMs, 0, 10_000_000);
        expect(startsMs.length).toBe(gapsMs.length);
        expect(countBusiestMinute(startsMs)).toBeLessThanOrEqual(requestsPerMinute);
      }),
      { numRuns: 40 },
    );
  });

  test('tokens a minute: paced by the estimate; a call larger than the limit waits for a full bucket', async () => {
    const startsMs = await play({ tokensPerMinute: 6_000 }, [0, 0, 0, 0], 500);
    expect(startsMs.slice(0, 2)).toEqual([0, 0]);
    expect(startsMs[2]).toBeGreaterThan(5_000);
    const large = await play({ tokensPerMinute: 6_000 }, [0, 0], 20_000);
    // 20,000 of 6,000 a minute: the debt of the first takes about four minutes.
    expect(large[0]).toBe(0);
    expect(large[1]).toBeGreaterThan(180_000);
  });

  test('the estimate is corrected by what was used, in both directions', async () => {
    const clock = new FakeClock();
    const limit = new ConcurrencyLimit(clock, () => ({ tokensPerMinute: 6_000 }));
    const acquire = (queueMs: number) => limit.acquire({ queueMs, estimateTokens: () => 1_000 });
    (await acquire(0))(0);
    // Nothing was used: the next may start at once.
    (await acquire(0))(3_000);
    const late = acquire(10_000).catch((error: Error) => error.message);
    await clock.advanceAsync(10_000);
    expect(await late).toBe('No free slot within 10 s.');
    const served = acquire(60_000);
    await clock.advanceAsync(60_000);
    (await served)();
  });

  test('who gives up makes room for those behind who need less', async () => {
    const clock = new FakeClock();
    const limit = new ConcurrencyLimit(clock, () => ({ tokensPerMinute: 6_000 }));
    (await limit.acquire({ queueMs: 0, estimateTokens: () => 900 }))();
    const abort = new AbortController();
    const big = limit.acquire({ queueMs: 60_000, signal: abort.signal, estimateTokens: () => 1_000 });
    const small = limit.acquire({ queueMs: 60_000, estimateTokens: () => 50 });
    abort.abort('stop');
    await expect(big).rejects.toBe('stop');
    (await small)();
    expect([clock.monotonicMs(), clock.pendingTimers]).toEqual([0, 0]);
  });
});
