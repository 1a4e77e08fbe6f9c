import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProviderError, providerErrorKinds } from '../spec/index.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { defaultCircuitSettings, toCircuitOutcome } from './circuit-breaker.ts';
import { CircuitBreakers, type CircuitChange } from './circuit-breakers.ts';

const { coolDownMs, maxCoolDownMs, minErrors, windowMs } = defaultCircuitSettings;

function setUp() {
  const clock = new FakeClock();
  const changes: CircuitChange[] = [];
  const circuits = new CircuitBreakers({ clock, onChange: (change) => changes.push(change) });
  const call = (outcome: 'success' | 'failure' | 'ignored') => {
    const entry = circuits.enter('a');
    if (!entry.isAdmitted) return 'refused';
    entry.settle(outcome);
    return entry.isProbe ? 'probe' : 'call';
  };
  const open = () => {
    for (let error = 0; error < minErrors; error += 1) call('failure');
  };
  return { clock, changes, circuits, call, open };
}

describe('toCircuitOutcome', () => {
  test('only the faults of the provider count, and a rate limit is none', () => {
    for (const kind of providerErrorKinds) {
      const { blame } = new ProviderError({ kind, provider: 'p', model: 'm', message: '' });
      const isFault = blame === 'provider' && kind !== 'rate-limit';
      expect([kind, toCircuitOutcome(kind)]).toEqual([kind, isFault ? 'failure' : 'ignored']);
    }
    expect(toCircuitOutcome(undefined)).toBe('success');
  });
});

describe('CircuitBreakers', () => {
  test('opens after errors, refuses, probes once per cool-down, closes with a success; every transition is told', () => {
    const { clock, changes, circuits, call, open } = setUp();
    open();
    expect([call('success'), circuits.canEnter('a'), circuits.canEnter('b')]).toEqual(['refused', false, true]);
    clock.advance(coolDownMs);
    expect(circuits.canEnter('a')).toBe(true);
    expect([call('failure'), call('success')]).toEqual(['probe', 'refused']);
    clock.advance(Math.min(2 * coolDownMs, maxCoolDownMs) - 1);
    expect(circuits.enter('a')).toMatchObject({ isAdmitted: false, retryInMs: 1 });
    clock.advance(1);
    expect([call('success'), call('success'), circuits.readStatus('a')]).toEqual(['probe', 'call', 'closed']);
    expect(changes.map(({ from, to }) => `${from} → ${to}`)).toEqual([
      'closed → open',
      'open → half-open',
      'half-open → open',
      'open → half-open',
      'half-open → closed',
    ]);
    expect(changes[0]?.probeAtMs).toBe((changes[0]?.atMs ?? 0) + coolDownMs);
  });

  test('a few errors among many successes do not open it, and old errors are forgotten', () => {
    const { clock, circuits, call } = setUp();
    for (let round = 0; round < 20; round += 1) {
      for (const outcome of ['success', 'success', 'failure'] as const) call(outcome);
      clock.advance(500);
    }
    expect(circuits.readStatus('a')).toBe('closed');
    const slow = setUp();
    for (let round = 0; round < 20; round += 1) {
      slow.call('failure');
      slow.clock.advance(windowMs / 2 + 1);
    }
    expect(slow.circuits.readStatus('a')).toBe('closed');
  });

  test('dense traffic: ten failures in a row open it, however many successes are in the window', () => {
    const { circuits, call } = setUp();
    for (let success = 0; success < 1_000; success += 1) call('success');
    for (let failure = 0; failure < 9; failure += 1) call('failure');
    call('success');
    for (let failure = 0; failure < 9; failure += 1) call('failure');
    expect(circuits.readStatus('a')).toBe('closed');
    call('failure');
    expect(circuits.readStatus('a')).toBe('open');
  });

  test('one probe in flight, however long it takes; one that proves itself lets the others in', () => {
    const { clock, circuits, open } = setUp();
    open();
    clock.advance(coolDownMs);
    const probe = circuits.enter('a');
    clock.advance(3 * coolDownMs);
    expect([circuits.canEnter('a'), circuits.enter('a').isAdmitted]).toEqual([false, false]);
    expect(circuits.list()).toEqual([{ key: 'a', status: 'half-open', isProbing: true, nextProbeInMs: 0 }]);
    if (!probe.isAdmitted) throw new Error('It must be admitted.');
    expect([probe.prove()?.to, probe.prove(), circuits.canEnter('a')]).toEqual(['closed', undefined, true]);
    // From then on it is a call like any other.
    expect([probe.settle('failure'), circuits.readStatus('a')]).toEqual([undefined, 'closed']);
  });

  test('a failed retry beside a fallback counts for two', () => {
    const { circuits } = setUp();
    for (const weight of [1, 2]) {
      const entry = circuits.enter('a');
      if (entry.isAdmitted) entry.settle('failure', weight);
    }
    expect(circuits.readStatus('a')).toBe('open');
  });

  test('a slow probe does not put off the next one: the cool-down runs from its start', () => {
    const { clock, circuits, open } = setUp();
    open();
    clock.advance(coolDownMs);
    const probe = circuits.enter('a');
    clock.advance(10_000);
    if (probe.isAdmitted) probe.settle('failure');
    expect(circuits.enter('a')).toMatchObject({ retryInMs: coolDownMs - 10_000 });
  });

  test('a probe without a verdict leaves room for another after the cool-down, not before', () => {
    const { clock, circuits, call, open } = setUp();
    open();
    clock.advance(coolDownMs);
    expect([call('ignored'), circuits.readStatus('a'), call('success')]).toEqual(['probe', 'half-open', 'refused']);
    clock.advance(coolDownMs);
    expect([call('success'), circuits.readStatus('a')]).toEqual(['probe', 'closed']);
  });

  test('calls from before the opening change nothing, and a call is settled once', () => {
    const { clock, circuits, open } = setUp();
    const early = circuits.enter('a');
    open();
    clock.advance(coolDownMs);
    const probe = circuits.enter('a');
    if (!early.isAdmitted || !probe.isAdmitted) throw new Error('Both must be admitted.');
    expect([early.settle('success'), circuits.readStatus('a')]).toEqual([undefined, 'half-open']);
    expect([probe.settle('failure')?.to, probe.settle('success'), circuits.readStatus('a')]).toEqual([
      'open',
      undefined,
      'open',
    ]);
  });

  test('any traffic: at most one probe per cool-down, and never open without the provider’s fault', () => {
    const step = fc.record({
      gapMs: fc.integer({ min: 0, max: 8_000 }),
      durationMs: fc.integer({ min: 0, max: 20_000 }),
      kind: fc.option(fc.constantFrom(...providerErrorKinds), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const { clock, circuits, changes } = setUp();
        const probesAtMs: number[] = [];
        let faults = 0;
        for (const { gapMs, durationMs, kind } of steps) {
          clock.advance(gapMs);
          const entry = circuits.enter('a');
          if (!entry.isAdmitted) continue;
          if (entry.isProbe) probesAtMs.push(clock.monotonicMs());
          clock.startTimer(durationMs, () => {
            const outcome = toCircuitOutcome(kind);
            if (outcome === 'failure') faults += 1;
            const change = entry.settle(outcome);
            if (change?.to === 'open') expect(outcome).toBe('failure');
          });
        }
        clock.advance(60_000);
        for (const [index, atMs] of probesAtMs.entries())
          if (index > 0) expect(atMs - (probesAtMs[index - 1] ?? 0)).toBeGreaterThanOrEqual(coolDownMs);
        if (faults < minErrors) expect(changes).toEqual([]);
      }),
    );
  });
});
