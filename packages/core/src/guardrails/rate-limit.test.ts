import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateLimits, takeFromRate } from './index.ts';

describe('a rate limit', () => {
  it('lets the burst through, then one per interval, and says when', () => {
    const limits = new RateLimits();
    const ask = (nowMs: number) => limits.take([{ key: 'k', limit: { perMinute: 60, burst: 2 }, units: 1 }], nowMs);
    expect([ask(0).isAllowed, ask(0).isAllowed]).toEqual([true, true]);
    expect(ask(0)).toEqual({ isAllowed: false, key: 'k', retryAfterMs: 1_000 });
    expect(ask(999).isAllowed).toBe(false);
    expect(ask(1_000).isAllowed).toBe(true);
  });

  it('takes from all or from none, and names the one to wait longest for', () => {
    const limits = new RateLimits();
    const requests = { key: 'requests', limit: { perMinute: 60 }, units: 1 };
    const tokens = { key: 'tokens', limit: { perMinute: 1_000 }, units: 900 };
    expect(limits.take([requests, tokens], 0).isAllowed).toBe(true);
    for (let n = 0; n < 100; n += 1)
      expect(limits.take([requests, tokens], 0)).toMatchObject({ key: 'tokens', retryAfterMs: 48_000 });
    expect(limits.take([requests], 0).isAllowed).toBe(true);
    limits.correct(tokens, 100);
    expect(limits.take([tokens], 0).isAllowed).toBe(true);
  });

  it('says that what is larger than the burst can never pass', () => {
    expect(takeFromRate(undefined, { perMinute: 10 }, 11, 0)).toMatchObject({ retryAfterMs: undefined });
    expect(takeFromRate(undefined, { perMinute: 0 }, 1, 0)).toMatchObject({ retryAfterMs: undefined });
  });

  it('never lets more than burst + rate × time through in any span, and keeps its word about waiting', () => {
    const asks = fc.array(fc.record({ afterMs: fc.nat(3_000), units: fc.integer({ min: 1, max: 20 }) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 20, max: 100 }),
        asks,
        (perMinute, burst, steps) => {
          const limit = { perMinute, burst };
          let state: number | undefined;
          let nowMs = 0;
          const passed: { atMs: number; units: number }[] = [];
          for (const { afterMs, units } of steps) {
            nowMs += afterMs;
            const answer = takeFromRate(state, limit, units, nowMs);
            state = answer.state;
            if (answer.isAllowed) passed.push({ atMs: nowMs, units });
            else if (answer.retryAfterMs !== undefined)
              expect(takeFromRate(state, limit, units, nowMs + answer.retryAfterMs).isAllowed).toBe(true);
          }
          for (const [first, from] of passed.entries()) {
            let units = 0;
            for (const to of passed.slice(first)) {
              units += to.units;
              expect(units).toBeLessThanOrEqual(burst + (perMinute * (to.atMs - from.atMs)) / 60_000 + 1e-6);
            }
          }
        },
      ),
    );
  });
});
