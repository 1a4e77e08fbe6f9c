import { describe, expect, test } from 'vitest';
import { type Script, scriptText } from '../testing/index.ts';
import { continueCall, toPrefill, WhitespaceSeam } from './prefill.ts';
import { delta, playChain, question, scripted, setUpWorld } from './testing/chain-setup.ts';

const words = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `w${from + index} `);
const whole = words(0, 60).join('');
const cut = { type: 'throw', kind: 'network' } as const;
/** 40 of 60 tokens, then no more and no end marker. */
const cutScript: Script = words(0, 40).map(delta);
const refusal: Script = [{ type: 'throw', kind: 'invalid-request', message: 'This model does not support prefill.' }];

describe('delivery after a cut stream', () => {
  test('restart: the reader is told to forget, then reads the next model from scratch', async () => {
    const world = setUpWorld();
    const a = scripted(world, 'a/x', [cutScript]);
    const { text, resets, outcome, events, parts } = await playChain(world, [
      a,
      scripted(world, 'b/y', [scriptText(words(0, 60))]),
    ]);
    expect([text, outcome.error, a.adapter.calls.length]).toEqual([whole, undefined, 1]);
    expect(resets).toEqual([{ attempt: 2, reason: 'invalid-response', voidedLength: words(0, 40).join('').length }]);
    expect(events.map((event) => event.type)).toEqual([
      'attempt-started',
      'attempt-failed',
      'failover-happened',
      'attempt-started',
      'output-reset',
    ]);
    expect(events[2]).toMatchObject({ reason: 'output-interrupted' });
    expect(parts.filter((part) => part.type === 'text-delta').length).toBe(100);
  });

  test('restart with one candidate: the same model once more', async () => {
    const world = setUpWorld();
    const { text, resets } = await playChain(world, [scripted(world, 'a/x', [cutScript, scriptText(words(0, 60))])]);
    expect([text, resets.length]).toEqual([whole, 1]);
  });

  test('restart that finds nobody: an error, and the reader keeps the partial text', async () => {
    const world = setUpWorld();
    const chain = [scripted(world, 'a/x', [cutScript]), scripted(world, 'b/y', [[{ type: 'throw', kind: 'auth' }]])];
    const { text, resets, outcome } = await playChain(world, chain);
    expect([text, resets, outcome.error?.kind]).toEqual([words(0, 40).join(''), [], 'auth']);
  });

  test('continue: a model that accepts a prefill writes on, before others that do not', async () => {
    const world = setUpWorld({ delivery: 'continue' });
    const plain = scripted(world, 'b/y', [scriptText(words(0, 60))]);
    const willing = scripted(world, 'c/z', [scriptText([' ', ...words(40, 60)])], { acceptsPrefill: true });
    const { text, resets, outcome, events, parts } = await playChain(world, [
      scripted(world, 'a/x', [cutScript]),
      plain,
      willing,
    ]);
    expect([text, resets, outcome.target.modelId, plain.adapter.calls.length]).toEqual([whole, [], 'c/z', 0]);
    expect(willing.adapter.calls[0]?.messages.at(-1)).toEqual({
      role: 'assistant',
      content: [{ type: 'text', text: words(0, 40).join('').trimEnd() }],
    });
    expect(events.at(-1)).toMatchObject({ type: 'attempt-started', isContinuation: true });
    expect(parts.filter((part) => part.type === 'stream-start').length).toBe(0);
  });

  test('continue, but the prefill is refused: from scratch at the same model, never the refusal itself', async () => {
    const world = setUpWorld({ delivery: 'continue' });
    const b = scripted(world, 'b/y', [refusal, scriptText(words(0, 60))], { acceptsPrefill: true });
    const { text, resets, outcome } = await playChain(world, [scripted(world, 'a/x', [cutScript]), b]);
    expect([text, resets.length, outcome.error, b.adapter.calls.length]).toEqual([whole, 1, undefined, 2]);
    expect(b.adapter.calls[1]?.messages).toEqual(question.messages);

    const down = scripted(world, 'b/z', [refusal, [{ type: 'throw', kind: 'auth' }]], { acceptsPrefill: true });
    const failed = await playChain(world, [scripted(world, 'a/x', [cutScript]), down]);
    expect([failed.outcome.error?.kind, failed.text]).toEqual(['auth', words(0, 40).join('')]);
  });

  test('continue cannot stand for a tool call that was passed on: it restarts', async () => {
    const world = setUpWorld({ delivery: 'continue' });
    const tool = { type: 'part', part: { type: 'tool-call', id: '1', toolName: 'f', input: '{}' } } as const;
    const b = scripted(world, 'b/y', [scriptText(['whole'])], { acceptsPrefill: true });
    const { text, resets } = await playChain(world, [scripted(world, 'a/x', [[delta('so'), tool, cut]]), b]);
    expect([text, resets.length, b.adapter.calls[0]?.messages.length]).toEqual(['whole', 1, 1]);
  });

  test('hold-back: nothing is shown before the answer is complete', async () => {
    const world = setUpWorld({ delivery: 'hold-back' });
    const chain = [scripted(world, 'a/x', [[...cutScript, cut]]), scripted(world, 'b/y', [scriptText(words(0, 60))])];
    const { text, resets, parts, outcome } = await playChain(world, chain);
    expect([text, resets, outcome.error]).toEqual([whole, [], undefined]);
    expect(parts.map((part) => part.type).slice(0, 2)).toEqual(['stream-start', 'text-delta']);
    const failed = await playChain(world, [scripted(world, 'c/x', [[...cutScript, cut]])]);
    expect([failed.text, failed.parts, failed.outcome.error?.kind]).toEqual(['', [], 'network']);
  });

  test('fail: the error, with what was written; before any text it still fails over', async () => {
    const world = setUpWorld({ delivery: 'fail' });
    const b = scripted(world, 'b/y', [scriptText(words(0, 60))]);
    const { text, outcome } = await playChain(world, [scripted(world, 'a/x', [cutScript]), b]);
    expect([text, outcome.error?.kind, outcome.reason, b.adapter.calls.length]).toEqual([
      words(0, 40).join(''),
      'invalid-response',
      'output-was-delivered',
      0,
    ]);
    expect((await playChain(world, [scripted(world, 'a/z', [[cut]]), b])).text).toBe(whole);
  });

  test('a failed try leaves no trace: its beginning is not passed on', async () => {
    const world = setUpWorld();
    const start = (message: string) =>
      ({ type: 'part', part: { type: 'stream-start', warnings: [{ type: 'other', message }] } }) as const;
    const chain = [
      scripted(world, 'a/x', [
        [start('one'), cut],
        [start('two'), ...scriptText(['a']).slice(1)],
      ]),
    ];
    const { parts, outcome } = await playChain(world, chain);
    expect([parts.map((part) => part.type), outcome.warnings.map((warning) => warning.message)]).toEqual([
      ['stream-start', 'text-delta'],
      ['two'],
    ]);
  });

  test('a reader that returns promises is waited for, also by a reset', async () => {
    const world = setUpWorld();
    const order: string[] = [];
    const slowly = async (what: string) => {
      order.push(`begin ${what}`);
      await Promise.resolve();
      order.push(`end ${what}`);
    };
    await playChain(world, [scripted(world, 'a/x', [[delta('a'), cut], scriptText(['b'])])], {
      listener: {
        onPart: (part) => (part.type === 'text-delta' ? slowly(part.delta) : undefined),
        onReset: () => slowly('reset'),
      },
    });
    expect(order).toEqual(['begin a', 'end a', 'begin reset', 'end reset', 'begin b', 'end b']);
  });
});

describe('prefill', () => {
  test('extends an assistant message that stands last', () => {
    const call = { ...question, messages: [{ role: 'assistant', content: [{ type: 'text', text: '{' }] }] } as const;
    expect(continueCall(call, '"a"').messages).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: '{' },
          { type: 'text', text: '"a"' },
        ],
      },
    ]);
  });

  test.each<[string, string[], string]>([
    ['a \n', [' ', '\n', 'b'], 'a \nb'],
    ['a \n', [' \nb'], 'a \nb'],
    ['a ', ['b', ' c'], 'a b c'],
    ['a', [' b'], 'a b'],
    ['a ', ['  b'], 'a  b'],
  ])('%j then %j reads %j', (text, deltas, read) => {
    const seam = new WhitespaceSeam(text);
    expect(toPrefill(text)).toBe(text.trimEnd());
    expect(text + deltas.map((each) => seam.join(each)).join('')).toBe(read);
  });
});
