import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeTriggers } from '../failover/index.ts';
import type { RecentCall } from '../policies/index.ts';
import { type Script, scriptText } from '../testing/index.ts';
import { breakCircuit, playChain, scripted, setUpWorld } from './testing/chain-setup.ts';

const good = scriptText(['good']);
const rescue = scriptText(['rescue']);
const slow: Script = [{ type: 'wait', delayMs: 4_000 }, ...good];
const limited: Script = [{ type: 'throw', kind: 'rate-limit' }];

const call = (outcome: RecentCall['outcome'], timeToFirstTokenMs?: number): RecentCall => ({
  endedAtMs: 0,
  outcome,
  timeToFirstTokenMs,
});
const times = (count: number, each: RecentCall) => Array.from({ length: count }, () => each);

describe('judgeTriggers', () => {
  test('error rate: above the share of enough calls; what says nothing of the provider does not count', () => {
    const triggers = { errorRateAbove: 0.3, minCalls: 10 };
    const calls = [...times(4, call('fault')), ...times(6, call('success')), ...times(50, call(undefined))];
    expect(judgeTriggers(calls, triggers)).toEqual({ reason: 'trigger-error-rate', measured: 0.4, limit: 0.3 });
    expect(judgeTriggers(calls.slice(1), triggers)).toBeUndefined();
    expect(judgeTriggers(calls, { ...triggers, errorRateAbove: 0.4 })).toBeUndefined();
    expect(judgeTriggers([], { ...triggers, minCalls: 0 })).toBeUndefined();
  });

  test('latency: the 95th percentile of the time to first token', () => {
    const triggers = { firstTokenP95AboveMs: 1_000, minCalls: 20 };
    const calls = [...times(18, call('success', 100)), ...times(2, call('success', 3_000))];
    expect(judgeTriggers(calls, triggers)).toEqual({ reason: 'trigger-latency', measured: 3_000, limit: 1_000 });
    expect(judgeTriggers([call('success', 100), ...calls.slice(0, 19)], triggers)).toBeUndefined();
  });

  test('failures in a row: a success ends them', () => {
    const triggers = { consecutiveFailures: 3 };
    const faults = times(3, call('fault'));
    expect(judgeTriggers(faults, triggers)?.reason).toBe('trigger-consecutive-failures');
    expect(judgeTriggers([...faults, call(undefined)], triggers)?.measured).toBe(3);
    expect(judgeTriggers([...faults, call('success'), call('fault')], triggers)).toBeUndefined();
  });

  test('no triggers, no verdict', () => {
    const calls = fc.array(fc.constantFrom(call('fault', 9_000), call('success'), call(undefined)));
    fc.assert(fc.property(calls, (given) => judgeTriggers(given, {}) === undefined));
  });
});

describe('a candidate whose trigger fires', () => {
  const triggers = { consecutiveFailures: 3, returnAfterMs: 30_000 };

  test('is passed over with an event, and asked again after the time that was set', async () => {
    const world = setUpWorld({ triggers });
    const a = scripted(world, 'a/x', [limited, limited, limited, good]);
    const chain = [a, scripted(world, 'b/y', [rescue])];
    expect((await playChain(world, chain)).text).toBe('rescue');
    const { text, events } = await playChain(world, chain);
    expect([text, a.adapter.calls.length, events[0]]).toEqual([
      'rescue',
      3,
      expect.objectContaining({
        type: 'candidate-skipped',
        reason: 'trigger-consecutive-failures',
        modelId: 'a/x',
        measured: 3,
        limit: 3,
      }),
    ]);
    await world.clock.advanceAsync(30_000);
    expect((await playChain(world, chain)).text).toBe('good');
    // It has shown that it is back.
    expect((await playChain(world, chain)).text).toBe('good');
  });

  test('that fails again when it is asked again waits for the same time again', async () => {
    const world = setUpWorld({ triggers }, { maxAttempts: 1 });
    const a = scripted(world, 'a/x', [limited]);
    const chain = [a, scripted(world, 'b/y', [rescue])];
    for (let second = 0; second < 120; second += 1) {
      expect((await playChain(world, chain)).text).toBe('rescue');
      await world.clock.advanceAsync(1_000);
    }
    // Three to begin with, then one in 30 s.
    const returns = Math.floor(world.clock.monotonicMs() / 30_000);
    expect(a.adapter.calls.length).toBeLessThanOrEqual(3 + returns);
    expect(a.adapter.calls.length).toBeGreaterThanOrEqual(3 + returns - 1);
  });

  test('by error rate: a good answer on its return makes the past count no more', async () => {
    const world = setUpWorld({ triggers: { errorRateAbove: 0.5, minCalls: 3 } });
    const a = scripted(world, 'a/x', [limited, limited, limited, good]);
    const chain = [a, scripted(world, 'b/y', [rescue])];
    await playChain(world, chain);
    expect((await playChain(world, chain)).text).toBe('rescue');
    await world.clock.advanceAsync(30_000);
    expect((await playChain(world, chain)).text).toBe('good');
    expect((await playChain(world, chain)).text).toBe('good');
  });

  test('by latency: a slow one is passed over, also when it was too slow to answer', async () => {
    for (const script of [slow, [{ type: 'hang' }] satisfies Script]) {
      const world = setUpWorld({ triggers: { firstTokenP95AboveMs: 3_000, minCalls: 2 } });
      const chain = [scripted(world, 'a/x', [script]), scripted(world, 'b/y', [rescue])];
      await playChain(world, chain);
      await playChain(world, chain);
      expect((await playChain(world, chain)).events[0]).toMatchObject({ reason: 'trigger-latency' });
    }
  });

  test('is asked all the same when no other is left: none there, open circuits, failures', async () => {
    const world = setUpWorld({ triggers });
    const a = scripted(world, 'a/x', [limited, limited, limited, good]);
    await playChain(world, [a]);
    expect((await playChain(world, [a])).text).toBe('good');
    const other = setUpWorld({ triggers });
    const tired = scripted(other, 'a/x', [limited, limited, limited, good]);
    const down = scripted(other, 'b/y', [rescue]);
    await playChain(other, [tired]);
    breakCircuit(other, down);
    expect((await playChain(other, [tired, down])).text).toBe('good');
    const third = setUpWorld({ triggers });
    const again = scripted(third, 'a/x', [limited, limited, limited, good]);
    await playChain(third, [again]);
    const { text, events } = await playChain(third, [
      again,
      scripted(third, 'b/y', [[{ type: 'throw', kind: 'auth' }]]),
    ]);
    expect([text, events[0]?.type]).toEqual(['good', 'candidate-skipped']);
  });
});
