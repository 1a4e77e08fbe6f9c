import { describe, expect, test } from 'vitest';
import type { ProviderErrorKind, unifiedFinishReasons } from '../spec/index.ts';
import { type Script, scriptText } from '../testing/index.ts';
import type { DeliveryMode } from './index.ts';
import { breakCircuit, delta, playChain, scripted, setUpWorld, startChain } from './testing/chain-setup.ts';

const fail = (kind: ProviderErrorKind): Script => [{ type: 'throw', kind }];
const ending = (words: readonly string[], unified: (typeof unifiedFinishReasons)[number]): Script => [
  ...words.map(delta),
  { type: 'part', part: { type: 'stream-end', reason: { unified }, usage: { inputTokens: 3, outputTokens: 2 } } },
];
const refused = ending(['I will', ' not'], 'refusal');
const rescue = scriptText(['rescue']);
const nextOnRefusal = { onContentFilter: 'next-candidate' } as const;

describe('failoverOn', () => {
  test('a failure that is not listed ends the chain with its error, after the retries; a listed one goes on', async () => {
    const world = setUpWorld({ failoverOn: ['rate-limit', 'context-length'] });
    const b = scripted(world, 'b/y', [rescue]);
    const down = scripted(world, 'a/x', [fail('server')]);
    const { outcome, events } = await playChain(world, [down, b]);
    expect([outcome.error?.kind, down.adapter.calls.length, b.adapter.calls.length]).toEqual(['server', 3, 0]);
    expect(events.some((event) => event.type === 'failover-happened')).toBe(false);
    expect((await playChain(world, [scripted(world, 'c/x', [fail('rate-limit')]), b])).text).toBe('rescue');
    expect((await playChain(world, [scripted(world, 'd/x', [fail('context-length')]), b])).text).toBe('rescue');
    expect((await playChain(world, [scripted(world, 'e/x', [fail('auth')]), b])).outcome.error?.kind).toBe('auth');
  });

  test('an open circuit is passed by when any fault that opens one is listed', async () => {
    for (const [failoverOn, text] of [
      [['timeout'], 'rescue'],
      [['rate-limit'], ''],
    ] as const) {
      const world = setUpWorld({ failoverOn });
      const a = scripted(world, 'a/x', [rescue]);
      breakCircuit(world, a);
      expect((await playChain(world, [a, scripted(world, 'b/y', [rescue])])).text).toBe(text);
    }
  });

  test('a stream that is cut where that may not fail over is retried at the same model', async () => {
    const world = setUpWorld({ failoverOn: ['rate-limit'] });
    const a = scripted(world, 'a/x', [[delta('half')], scriptText(['whole'])]);
    const b = scripted(world, 'b/y', [rescue]);
    const { text, resets } = await playChain(world, [a, b]);
    expect([text, resets.length, b.adapter.calls.length]).toEqual(['whole', 1, 0]);
  });
});

describe('an answer that content policy ended', () => {
  test.each(['refusal', 'content-filter'] as const)('%s: passed as it is by default, from one call', async (reason) => {
    const world = setUpWorld();
    const b = scripted(world, 'b/y', [rescue]);
    const { text, outcome } = await playChain(world, [scripted(world, 'a/x', [ending(['No'], reason)]), b]);
    expect([text, outcome.error, b.adapter.calls.length]).toEqual(['No', undefined, 0]);
    expect(outcome.record?.finishReason?.unified).toBe(reason);
  });

  test.each<[DeliveryMode, string, number]>([
    ['restart', 'rescue', 1],
    ['continue', 'rescue', 1],
    ['hold-back', 'rescue', 0],
    ['fail', 'I will not', 0],
  ])('under next-candidate with delivery %s the reader has %j', async (delivery, read, resetCount) => {
    const world = setUpWorld({ delivery }, nextOnRefusal);
    const b = scripted(world, 'b/y', [rescue], { acceptsPrefill: true });
    const { text, resets, outcome, events } = await playChain(world, [scripted(world, 'a/x', [refused]), b]);
    expect([text, resets.length, outcome.error]).toEqual([read, resetCount, undefined]);
    if (delivery === 'fail') {
      expect([outcome.record?.finishReason?.unified, b.adapter.calls.length]).toEqual(['refusal', 0]);
      return;
    }
    // Never written on from a refusal.
    expect(b.adapter.calls[0]?.messages.length).toBe(1);
    expect(outcome.target.modelId).toBe('b/y');
    expect(events.map((event) => event.type)).toContain('failover-happened');
    expect(events.find((event) => event.type === 'attempt-failed')).toMatchObject({ kind: 'content-filter' });
    expect(resets.every((reset) => reset.reason === 'content-filter')).toBe(true);
  });

  test('the last candidate’s refusal is the answer', async () => {
    const world = setUpWorld({}, nextOnRefusal);
    const chain = [scripted(world, 'a/x', [refused]), scripted(world, 'b/y', [ending(['Nor I'], 'content-filter')])];
    const { text, outcome } = await playChain(world, chain);
    expect([text, outcome.error, outcome.target.modelId]).toEqual(['Nor I', undefined, 'b/y']);
  });

  test.each<DeliveryMode>(['restart', 'hold-back'])(
    '%s: when nobody does better, the refusal is the answer, whole and once',
    async (delivery) => {
      const world = setUpWorld({ delivery }, nextOnRefusal);
      const chain = [scripted(world, 'a/x', [refused]), scripted(world, 'b/y', [fail('auth')])];
      const { text, outcome, resets } = await playChain(world, chain);
      expect([text, resets, outcome.error, outcome.target.modelId]).toEqual(['I will not', [], undefined, 'a/x']);
      expect([outcome.record?.modelId, outcome.records.length]).toEqual(['a/x', 2]);
    },
  );

  test('a better one that breaks after it began is an error, and a cancel is a cancel', async () => {
    const world = setUpWorld({}, nextOnRefusal);
    const cut: Script = [delta('half'), { type: 'throw', kind: 'auth' }];
    const broken = await playChain(world, [scripted(world, 'a/x', [refused]), scripted(world, 'b/y', [cut])]);
    expect([broken.outcome.error?.kind, broken.text]).toEqual(['auth', 'half']);
    const abort = new AbortController();
    const chain = [scripted(world, 'a/x', [refused]), scripted(world, 'c/y', [[{ type: 'hang' }]])];
    const seen = startChain(world, chain, { signal: abort.signal });
    await world.clock.advanceAsync(100);
    abort.abort(new Error('stop'));
    await world.clock.advanceAsync(0);
    expect(seen.outcome?.error?.kind).toBe('cancelled');
  });

  test('failoverOn decides here too', async () => {
    const world = setUpWorld({ failoverOn: ['server'] }, nextOnRefusal);
    const chain = [scripted(world, 'a/x', [refused]), scripted(world, 'b/y', [rescue])];
    expect((await playChain(world, chain)).text).toBe('I will not');
  });
});

test('a continuation may write only what is left of the longest output, at least one token', async () => {
  for (const [maxOutputTokens, left] of [
    [100, 98],
    [1, 1],
  ] as const) {
    const world = setUpWorld({ delivery: 'continue' });
    const b = scripted(world, 'b/y', [scriptText([' three'])], { acceptsPrefill: true });
    const { text } = await playChain(world, [scripted(world, 'a/x', [[delta('one two')]]), b], {
      question: { maxOutputTokens },
    });
    expect([text, b.adapter.calls[0]?.maxOutputTokens]).toEqual(['one two three', left]);
  }
});
