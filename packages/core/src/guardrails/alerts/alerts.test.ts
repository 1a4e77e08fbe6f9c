import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlertState, crossedThresholds, decideAlert, muteAlert, thresholdAmount } from './index.ts';

const hour = 3_600_000;
const firing = { severity: 'warning', status: 'firing' } as const;
const resolved = { severity: 'info', status: 'resolved' } as const;
const policy = { renotifyAfterMs: 6 * hour };

/** Raises one alert after another, each at its time, and answers the reasons. */
function raise(...steps: readonly (readonly [number, Parameters<typeof decideAlert>[1]])[]) {
  let state: AlertState | undefined;
  return steps.map(([atMs, alert]) => {
    const decision = decideAlert(state, alert, atMs, policy);
    state = decision.state;
    return decision.reason;
  });
}

describe('whether people are told', () => {
  it('of the same trouble once, and again after the settable time', () => {
    expect(raise([0, firing], [1, firing], [6 * hour - 1, firing], [6 * hour, firing], [7 * hour, firing])).toEqual([
      'opened',
      'known',
      'known',
      'again',
      'known',
    ]);
  });

  it('at once when it got worse, and not when it got better', () => {
    const critical = { ...firing, severity: 'critical' } as const;
    expect(raise([0, firing], [1, critical], [2, firing], [3, critical])).toEqual([
      'opened',
      'worse',
      'known',
      'known',
    ]);
  });

  it('of the end of what they were told of, once, and of new trouble after it', () => {
    expect(raise([0, resolved], [1, firing], [2, resolved], [3, resolved], [4, firing])).toEqual([
      'not-open',
      'opened',
      'resolved',
      'not-open',
      'opened',
    ]);
  });

  it('never while it is muted, and by the first alert after the mute', () => {
    const opened = decideAlert(undefined, firing, 0, policy).state;
    const muted = muteAlert(opened, 10 * hour, 0);
    const during = decideAlert(muted, { ...firing, severity: 'critical' }, 9 * hour, policy);
    expect(during).toMatchObject({ isNotified: false, reason: 'muted' });
    expect(decideAlert(during.state, firing, 10 * hour, policy)).toMatchObject({ isNotified: true, reason: 'again' });
    expect(decideAlert(muteAlert(muted, 0, hour), { ...firing, severity: 'critical' }, hour).reason).toBe('worse');
  });

  it('of no end when nobody was told of the beginning', () => {
    const muted = { ...decideAlert(undefined, firing, 0).state, isOpen: false, mutedUntilMs: hour };
    const began = decideAlert(muted, firing, 1).state;
    expect(decideAlert(began, resolved, 2 * hour)).toMatchObject({ isNotified: false, reason: 'not-open' });
  });

  it('not sooner and not for ever later because the clock was set back', () => {
    expect(raise([10 * hour, firing], [0, firing], [16 * hour, firing])).toEqual(['opened', 'known', 'again']);
  });

  it('at most once per interval and severity, whatever is raised', () => {
    const step = fc.tuple(fc.nat(hour), fc.constantFrom('info', 'warning', 'critical'), fc.nat(9));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let state: AlertState | undefined;
        let nowMs = 0;
        let [told, ends] = [0, 0];
        for (const [waitMs, severity, chance] of steps) {
          nowMs += waitMs;
          const status = chance === 0 ? 'resolved' : 'firing';
          const decision = decideAlert(state, { severity, status } as typeof firing, nowMs, policy);
          state = decision.state;
          if (status === 'resolved') ends += 1;
          if (status === 'firing' && decision.isNotified) told += 1;
        }
        // Each trouble is told when it opens, at most twice as it gets worse, and once per interval.
        expect(told).toBeLessThanOrEqual((ends + 1) * 3 + Math.floor(nowMs / policy.renotifyAfterMs));
      }),
    );
  });
});

describe('thresholds', () => {
  it('are crossed by reaching them, once, in order', () => {
    expect(crossedThresholds(79n, 100n, [100n, 80n, 80n, 50n, 101n])).toEqual([80n, 100n]);
    expect(crossedThresholds(80n, 90n, [80n])).toEqual([]);
    expect(crossedThresholds(90n, 70n, [80n])).toEqual([]);
  });

  it('are crossed exactly once on any way up, beyond the numbers a float can hold', () => {
    const amount = fc.bigInt({ min: 0n, max: 2n ** 70n });
    fc.assert(
      fc.property(fc.array(amount, { minLength: 2 }), fc.array(amount), (points, thresholds) => {
        const way = [...points].sort((a, b) => (a < b ? -1 : 1));
        const steps = way.slice(1).flatMap((after, index) => crossedThresholds(way[index] ?? 0n, after, thresholds));
        expect(steps).toEqual(crossedThresholds(way[0] ?? 0n, way.at(-1) ?? 0n, thresholds));
      }),
    );
  });

  it('are exact shares of the limit', () => {
    expect(thresholdAmount(10n ** 24n + 3n, 0.8)).toBe(8n * 10n ** 23n + 2n);
    expect(thresholdAmount(100n, 0.29)).toBe(29n);
    expect(thresholdAmount(100n, 1.1)).toBe(110n);
  });
});
