import { describe, expect, test } from 'vitest';
import { lookUpPrice } from '../catalog/index.ts';
import type { CallRecord } from '../metrics/index.ts';
import { type ModelCall, ProviderError, type StreamPart, type Usage } from '../spec/index.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { type Script, ScriptedAdapter, scriptText } from '../testing/scripted-adapter.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import { type PartListener, runCall } from './run-call.ts';

const call: ModelCall = { model: 'gpt-4o', messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] };
const purpose = { teamId: 'team_1', source: 'complete' } as const;
const delta = (text: string) => ({ type: 'part', part: { type: 'text-delta', id: 't', delta: text } }) as const;

async function run(
  script: Script,
  options: { onPart?: PartListener; signal?: AbortSignal; adapter?: ScriptedAdapter } = {},
) {
  const clock = new FakeClock();
  const adapter = options.adapter ?? new ScriptedAdapter({ clock, scripts: [script] });
  const records: CallRecord[] = [];
  const parts: StreamPart[] = [];
  const target: DispatchTarget = {
    providerId: 'openai',
    modelId: 'openai/gpt-4o',
    vendorModelId: 'gpt-4o',
    origin: 'live',
    adapter,
    price: lookUpPrice('openai', 'gpt-4o', clock.nowMs()),
  };
  const dependencies = {
    clock,
    ids: { next: (prefix: string) => `${prefix}_1` },
    recorder: { record: (record: CallRecord) => void records.push(record) },
    deadlines: { firstTokenMs: 1_000, idleMs: 500, totalMs: 5_000 },
  };
  const outcome = runCall(
    target,
    call,
    purpose,
    dependencies,
    options.onPart ?? ((part) => void parts.push(part)),
    options.signal,
  );
  outcome.catch(() => {});
  for (let step = 0; step < 120; step += 1) await clock.advanceAsync(50);
  return { outcome, records, parts, adapter, clock };
}

describe('runCall', () => {
  test('a complete answer: parts in order without the terminal one, one record with usage, cost and times', async () => {
    const script: Script = [
      { type: 'wait', delayMs: 200 },
      delta('Hel'),
      { type: 'wait', delayMs: 400 },
      delta('lo'),
      {
        type: 'part',
        part: {
          type: 'stream-end',
          reason: { unified: 'stop', raw: 'stop' },
          usage: { inputTokens: 1_000, outputTokens: 100 },
        },
      },
    ];
    const { outcome, records, parts } = await run(script);
    const { record, error } = await outcome;
    expect(error).toBeUndefined();
    expect(parts.map((part) => part.type)).toEqual(['text-delta', 'text-delta']);
    expect(records).toEqual([record]);
    expect(record).toMatchObject({
      outcome: 'succeeded',
      teamId: 'team_1',
      origin: 'live',
      timeToFirstTokenMs: 200,
      latencyMs: 600,
      tokensPerSecond: 250,
      usage: { inputTokens: 1_000, outputTokens: 100 },
      // 1,000 × $2.50 + 100 × $10 per million.
      costNanoUsd: 3_500_000n,
    });
    expect(record).not.toHaveProperty('errorKind');
  });

  test.each<[string, Script, string]>([
    ['an error before the first token', [{ type: 'throw', kind: 'rate-limit' }], 'rate-limit'],
    ['an error after text', [delta('a'), { type: 'throw', kind: 'server' }], 'server'],
    ['silence before the first token', [{ type: 'hang' }], 'timeout'],
    ['silence in the middle', [delta('a'), { type: 'hang' }], 'timeout'],
    ['a stream that just ends', [delta('a')], 'invalid-response'],
    ['an empty stream', [], 'invalid-response'],
  ])('%s is a failure, told once and recorded once', async (_what, script, kind) => {
    const { outcome, records } = await run(script);
    const { error, record } = await outcome;
    expect(error?.kind).toBe(kind);
    expect(record).toMatchObject({ outcome: 'failed', errorKind: kind });
    expect(record).not.toHaveProperty('costNanoUsd');
    expect(record.costUnknownReason).toBeTruthy();
    expect(records).toHaveLength(1);
  });

  test('an adapter that ignores its signal cannot hold the call beyond its deadline', async () => {
    const clock = new FakeClock();
    const adapter = new ScriptedAdapter({ clock, scripts: [[]] });
    adapter.stream = () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }) as never;
    const { outcome } = await run([], { adapter });
    expect((await outcome).error?.kind).toBe('timeout');
  });

  test('an error of unknown kind shows none of its text', async () => {
    const clock = new FakeClock();
    const adapter = new ScriptedAdapter({ clock, scripts: [[]] });
    adapter.stream = () => {
      throw new Error('sk-secret in here');
    };
    const { outcome } = await run([], { adapter });
    const { error } = await outcome;
    expect([error?.kind, error?.message.includes('sk-secret')]).toEqual(['invalid-response', false]);
  });

  test('an abort cancels the upstream call and counts as cancelled, with the usage that was reported', async () => {
    const abort = new AbortController();
    const { outcome, adapter } = await run([delta('a'), { type: 'hang' }], {
      signal: abort.signal,
      onPart: () => abort.abort(new Error('stop')),
    });
    const { error, record } = await outcome;
    expect([error?.kind, record.outcome, adapter.abortedCalls]).toEqual(['cancelled', 'cancelled', 1]);
  });

  test('a signal that is aborted already makes no answer', async () => {
    const { outcome } = await run(scriptText(['a']), { signal: AbortSignal.abort(new Error('stop')) });
    expect((await outcome).record.outcome).toBe('cancelled');
  });

  test('a listener that throws is a bug: passed on after the call was cancelled and recorded', async () => {
    const { outcome, records, adapter } = await run(scriptText(['a', 'b', 'c']), {
      onPart: (part) => {
        if (part.type === 'text-delta') throw new TypeError('bug');
      },
    });
    await expect(outcome).rejects.toThrow('bug');
    expect([records.length, records[0]?.outcome, adapter.abortedCalls]).toEqual([1, 'failed', 1]);
  });

  test('a listener that returns a promise holds the stream back', async () => {
    const order: string[] = [];
    const { outcome } = await run(scriptText(['a', 'b']), {
      onPart: async (part) => {
        if (part.type !== 'text-delta') return;
        order.push(`begin ${part.delta}`);
        await Promise.resolve();
        order.push(`end ${part.delta}`);
      },
    });
    await outcome;
    expect(order).toEqual(['begin a', 'end a', 'begin b', 'end b']);
  });

  test('gathers the warnings of the beginning and of the end', async () => {
    const warning = (message: string) => ({ type: 'other', message }) as never;
    const usage: Usage = {};
    const { outcome } = await run([
      { type: 'part', part: { type: 'stream-start', warnings: [warning('first')] } },
      delta('a'),
      {
        type: 'part',
        part: { type: 'stream-end', reason: { unified: 'stop' } as never, usage, warnings: [warning('last')] },
      },
    ]);
    expect((await outcome).warnings.map((each) => each.message)).toEqual(['first', 'last']);
  });

  test('usage that a broken stream had reported holds for the input only: the output was not counted to its end', async () => {
    const clock = new FakeClock();
    const adapter = new ScriptedAdapter({ clock, scripts: [[]] });
    adapter.stream = async function* () {
      yield { type: 'text-delta', id: 't', delta: 'a' } as const;
      const error = new ProviderError({ kind: 'network', provider: 'openai', model: 'gpt-4o', message: 'cut' });
      yield { type: 'stream-error', error, usage: { inputTokens: 9, cachedInputTokens: 2, outputTokens: 1 } } as const;
    };
    const { outcome } = await run([], { adapter });
    const { record } = await outcome;
    expect(record.usage).toEqual({ inputTokens: 9, cachedInputTokens: 2 });
    expect([record.outcome, record.costNanoUsd]).toEqual(['failed', undefined]);
  });

  test('usage that was not reported stays unknown, and so does the cost', async () => {
    const { outcome } = await run(scriptText(['a'], {} as never));
    const { record } = await outcome;
    expect([record.usage, record.costNanoUsd, typeof record.costUnknownReason]).toEqual([{}, undefined, 'string']);
  });
});
