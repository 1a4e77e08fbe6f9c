import { describe, expect, it } from 'vitest';
import { silentLog } from '../kernel/index.ts';
import type { StreamPart } from '../spec/index.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { Exchange } from './guarded-fetch/exchange.ts';
import { createRedactor } from './guarded-fetch/redactor.ts';
import { openAiChatDecoder } from './openai-chat/decode.ts';
import { runStream } from './run-stream.ts';

const never = new Promise<never>(() => {});
const text = { choices: [{ index: 0, delta: { content: 'Hi' } }] };
const finish = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const usage = { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } };

function start(events: readonly Record<string, unknown>[]) {
  const clock = new FakeClock();
  const exchange = new Exchange(clock, true);
  async function* hanging() {
    for (const event of events) yield [event];
    await never;
  }
  const context = { provider: 'p', displayName: 'P', model: 'm', rules: [], redact: createRedactor([]) };
  const open = async () => {
    exchange.events = hanging();
  };
  const parts: StreamPart[] = [];
  const done = (async () => {
    for await (const part of runStream(
      { exchange, context, decoder: openAiChatDecoder, warnings: [], log: silentLog, open },
      new AbortController().signal,
    ))
      parts.push(part);
  })();
  return { clock, exchange, parts, done };
}

describe('runStream', () => {
  it('waits two seconds for usage after the finish reason, then ends without it and closes the connection', async () => {
    const { clock, exchange, parts, done } = start([text, finish]);
    await clock.advanceAsync(1_900);
    expect(parts.at(-1)?.type).toBe('text-delta');
    await clock.advanceAsync(200);
    await done;
    expect(parts.at(-1)).toEqual({ type: 'stream-end', reason: { unified: 'stop', raw: 'stop' }, usage: {} });
    expect(exchange.signal.aborted).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it('waits only a moment for the end when usage is known', async () => {
    const { clock, parts, done } = start([text, { ...finish, ...usage, choices: finish.choices }]);
    await clock.advanceAsync(300);
    await done;
    expect(parts.at(-1)).toMatchObject({ type: 'stream-end', usage: { outputTokens: 2 } });
  });

  it('takes usage that still comes', async () => {
    const { clock, parts, done } = start([text, finish, usage]);
    await clock.advanceAsync(2_100);
    await done;
    expect(parts.at(-1)).toMatchObject({ type: 'stream-end', usage: { inputTokens: 1, outputTokens: 2 } });
  });

  it('has no deadline of its own before the finish reason', async () => {
    const { clock, parts } = start([text]);
    await clock.advanceAsync(3_600_000);
    expect(parts.at(-1)?.type).toBe('text-delta');
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends an answer that calls a tool with an error when one of its events was lost', async () => {
    const call = { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, id: 'c', function: { name: 'f' } }] } }] };
    const asks = { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] };
    for (const events of [[call, asks], [asks]]) {
      const { clock, exchange, parts, done } = start(events);
      exchange.accept({ event: undefined, data: 'not json' });
      const failed = done.catch((error: unknown) => error);
      await clock.advanceAsync(2_100);
      const thrown = await failed;
      const last = parts.at(-1);
      expect(last?.type === 'stream-error' ? last.error : thrown).toMatchObject({ kind: 'invalid-response' });
    }
    const { clock, exchange, parts, done } = start([text, finish, usage]);
    exchange.accept({ event: undefined, data: 'not json' });
    await clock.advanceAsync(2_100);
    await done;
    expect(parts.at(-1)).toMatchObject({ type: 'stream-end', warnings: [{ type: 'malformed-event' }] });
  });

  it('keeps the usage that stands beside an error in the stream', async () => {
    const exchange = new Exchange(new FakeClock(), true);
    const context = { provider: 'p', displayName: 'P', model: 'm', rules: [], redact: createRedactor([]) };
    async function* breaking() {
      yield [text];
      const error = { error: { message: 'Provider disconnected', code: 502 }, ...usage };
      exchange.accept({ event: undefined, data: JSON.stringify(error) });
    }
    const open = async () => {
      exchange.events = breaking();
    };
    const parts: StreamPart[] = [];
    const run = { exchange, context, decoder: openAiChatDecoder, warnings: [], log: silentLog, open };
    for await (const part of runStream(run, new AbortController().signal)) parts.push(part);
    expect(parts.at(-1)).toMatchObject({
      type: 'stream-error',
      error: { kind: 'server' },
      usage: { inputTokens: 1, outputTokens: 2 },
    });
  });
});
