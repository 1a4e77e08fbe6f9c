import { describe, expect, test } from 'vitest';
import { lookUpPrice } from '../catalog/index.ts';
import { type Script, scriptText } from '../testing/index.ts';
import type { DeliveryMode, HedgeSettings } from './index.ts';
import { delta, playChain, scripted, setUpWorld, startChain } from './testing/chain-setup.ts';

const hedge: HedgeSettings = { afterMs: 1_000, maxShare: 1 };
const good = scriptText(['good', ' answer']);
const quick = scriptText(['quick']);
const after = (delayMs: number, script: Script): Script => [{ type: 'wait', delayMs }, ...script];

describe('hedging', () => {
  test.each<DeliveryMode>(['restart', 'continue', 'hold-back', 'fail'])(
    '%s: a silent first one gets a second beside it, whose answer is read alone; the first is stopped and recorded',
    async (delivery) => {
      const world = setUpWorld({ hedge, delivery });
      const a = scripted(world, 'a/x', [after(5_000, good)]);
      const b = scripted(world, 'b/y', [after(200, quick)]);
      const { text, outcome, events, endedAtMs, parts } = await playChain(world, [a, b]);
      expect([text, endedAtMs, outcome.target.modelId, a.adapter.abortedCalls]).toEqual(['quick', 1_200, 'b/y', 1]);
      expect(parts.filter((part) => part.type === 'stream-start').length).toBe(1);
      expect(events.map((event) => event.type)).toEqual([
        'attempt-started',
        'hedge-started',
        'attempt-started',
        'hedge-lost',
      ]);
      expect(events[1]).toMatchObject({
        attempt: 2,
        silentMs: 1_000,
        from: { modelId: 'a/x' },
        to: { modelId: 'b/y' },
      });
      expect(events[3]).toMatchObject({ attempt: 1, modelId: 'a/x', callId: outcome.records[0]?.id });
      expect(outcome.records).toMatchObject([
        { attempt: 1, outcome: 'cancelled', isUsageEstimated: true, usage: { inputTokens: 8, outputTokens: 0 } },
        { attempt: 2, outcome: 'succeeded', isHedge: true },
      ]);
      expect(world.clock.pendingTimers).toBe(0);
    },
  );

  test('the first one may still win; then the second is the one that is given up', async () => {
    const world = setUpWorld({ hedge });
    const b = scripted(world, 'b/y', [after(5_000, quick)]);
    const { text, outcome, events } = await playChain(world, [scripted(world, 'a/x', [after(1_500, good)]), b]);
    expect([text, outcome.target.modelId, b.adapter.abortedCalls]).toEqual(['good answer', 'a/x', 1]);
    expect(outcome.records).toMatchObject([
      { attempt: 1, outcome: 'succeeded' },
      { attempt: 2, outcome: 'cancelled', isHedge: true, isUsageEstimated: true },
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'hedge-lost', modelId: 'b/y' });
  });

  test('one that speaks, or fails, in time is not hedged; nor is one in the middle of its output', async () => {
    const world = setUpWorld({ hedge });
    const b = scripted(world, 'b/y', [quick]);
    await playChain(world, [scripted(world, 'a/x', [after(900, good)]), b]);
    await playChain(world, [scripted(world, 'a/x', [[delta('a'), ...after(5_000, good)]]), b]);
    expect(b.adapter.calls.length).toBe(0);
    const { events } = await playChain(world, [
      scripted(world, 'c/x', [after(900, [{ type: 'throw', kind: 'rate-limit' }]), after(5_000, good)]),
      b,
    ]);
    expect(events.some((event) => event.type === 'hedge-started')).toBe(false);
  });

  test('when one of the two fails the other goes on; when both do, the chain does', async () => {
    const fail = (delayMs: number): Script => after(delayMs, [{ type: 'throw', kind: 'server' }]);
    const world = setUpWorld({ hedge });
    const first = await playChain(world, [
      scripted(world, 'a/x', [fail(1_500)]),
      scripted(world, 'b/y', [after(2_000, quick)]),
    ]);
    expect([first.text, first.outcome.records.map((record) => record.outcome)]).toEqual([
      'quick',
      ['failed', 'succeeded'],
    ]);
    expect(first.events.at(-1)).toMatchObject({ type: 'attempt-failed', modelId: 'a/x', elapsedMs: 1_500 });
    const second = await playChain(world, [
      scripted(world, 'c/x', [after(3_000, good)]),
      scripted(world, 'd/y', [fail(500)]),
    ]);
    expect(second.text).toBe('good answer');
    const both = await playChain(world, [
      scripted(world, 'e/x', [fail(2_000)]),
      scripted(world, 'f/y', [fail(500)]),
      scripted(world, 'g/z', [scriptText(['third'])]),
    ]);
    expect(both.text).toBe('third');
    expect(both.outcome.records.filter((record) => record.modelId === 'f/y').length).toBe(1);
  });

  test('a winner that breaks in the middle is rescued like any other, not by the one that lost', async () => {
    const world = setUpWorld({ hedge });
    const a = scripted(world, 'a/x', [after(5_000, good)]);
    const chain = [
      a,
      scripted(world, 'b/y', [[delta('half'), { type: 'throw', kind: 'network' }]]),
      scripted(world, 'c/z', [scriptText(['whole'])]),
    ];
    const { text, resets, outcome } = await playChain(world, chain);
    expect([text, resets.length, outcome.records.length, a.adapter.calls.length]).toEqual(['whole', 1, 3, 1]);
  });

  test('an empty answer of the first is an answer too', async () => {
    const world = setUpWorld({ hedge });
    const empty = after(1_500, scriptText([]));
    const b = scripted(world, 'b/y', [after(5_000, quick)]);
    const { outcome, text } = await playChain(world, [scripted(world, 'a/x', [empty]), b]);
    expect([text, outcome.error, outcome.target.modelId, b.adapter.abortedCalls]).toEqual(['', undefined, 'a/x', 1]);
  });

  test('at most the set share of chains is hedged', async () => {
    const world = setUpWorld({ hedge: { afterMs: 100, maxShare: 0.2 } });
    let hedges = 0;
    for (let chain = 1; chain <= 100; chain += 1) {
      const { events } = await playChain(world, [
        scripted(world, 'a/x', [after(400, good)]),
        scripted(world, 'b/y', [quick]),
      ]);
      hedges += events.filter((event) => event.type === 'hedge-started').length;
      expect(hedges).toBeLessThanOrEqual(0.2 * chain + 1e-9);
    }
    expect(hedges).toBe(20);
  });

  test('p95: not before there are 20 measurements, then after the model’s own 95th percentile', async () => {
    const world = setUpWorld({ hedge: { afterMs: 'p95', maxShare: 1 } });
    const b = scripted(world, 'b/y', [quick]);
    const a = scripted(world, 'a/x', [...Array.from({ length: 20 }, () => after(600, good)), after(5_000, good)]);
    for (let chain = 0; chain < 20; chain += 1) await playChain(world, [a, b]);
    expect(b.adapter.calls.length).toBe(0);
    const { events } = await playChain(world, [a, b]);
    expect(events.find((event) => event.type === 'hedge-started')).toMatchObject({ silentMs: 600, elapsedMs: 600 });
  });

  test('the loser’s input is charged at its price', async () => {
    const world = setUpWorld({ hedge });
    const price = lookUpPrice('openai', 'gpt-4o', world.clock.nowMs());
    const a = scripted(world, 'a/x', [after(5_000, good)], { price });
    const { outcome } = await playChain(world, [a, scripted(world, 'b/y', [quick])]);
    // Eight tokens, with what stands around a message, at 2.5 USD per million.
    expect(outcome.records[0]).toMatchObject({ isUsageEstimated: true, costNanoUsd: 20_000n });
  });

  test('a cancel ends both at once; a bug of the listener too', async () => {
    const world = setUpWorld({ hedge }, {}, () => 1);
    const a = scripted(world, 'a/x', [after(9_000, good)]);
    const b = scripted(world, 'b/y', [after(9_000, quick)]);
    const abort = new AbortController();
    const seen = startChain(world, [a, b], { signal: abort.signal });
    await world.clock.advanceAsync(2_000);
    abort.abort(new Error('stop'));
    await world.clock.advanceAsync(0);
    expect([seen.outcome?.error?.kind, seen.outcome?.records.map((record) => record.outcome)]).toEqual([
      'cancelled',
      ['cancelled', 'cancelled'],
    ]);
    const listener = {
      onPart: () => {
        throw new TypeError('bug');
      },
    };
    await expect(playChain(world, [a, scripted(world, 'b/y', [quick])], { listener })).rejects.toThrow('bug');
    expect([world.clock.pendingTimers, world.dependencies.concurrency.list().map(({ inUse }) => inUse)]).toEqual([
      0,
      [0, 0],
    ]);
    expect(world.records.length).toBe(4);
  });
});
