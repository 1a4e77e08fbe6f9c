import type { ChainOutcome } from '@switchyard/core/dispatch';
import type { CallRecord } from '@switchyard/core/metrics';
import type { FinishReason, StreamPart } from '@switchyard/core/spec';
import { describe, expect, test } from 'vitest';
import { ChatChunks } from './chat-chunks.ts';
import { ChatCollector } from './chat-collector.ts';
import { decodeChatRequest } from './decode-chat-request.ts';

const basic = { model: 'google/gemini-2.5-flash', messages: [{ role: 'user', content: 'Hello.' }] };
const envelope = { id: 'chatcmpl-1', created: 1_767_225_600 };
const call: StreamPart = { type: 'tool-call', id: 'c1', toolName: 'f', input: '{"a":1}', vendorSignature: 'sig' };

function record(finishReason: FinishReason, facts: Partial<CallRecord> = {}): CallRecord {
  return {
    id: 'call_1',
    teamId: 'team_1',
    source: 'openai-compatible',
    attempt: 1,
    providerId: 'google',
    modelId: basic.model,
    origin: 'live',
    outcome: 'succeeded',
    finishReason,
    usage: { inputTokens: 5, outputTokens: 7, reasoningTokens: 2 },
    startedAtMs: 0,
    latencyMs: 1,
    ...facts,
  };
}

function outcomeOf(answered: CallRecord): ChainOutcome {
  const { providerId, modelId, origin } = answered;
  const target = { providerId, modelId, vendorModelId: 'm', origin, adapter: {} as never, price: undefined };
  return { record: answered, records: [answered], target, warnings: [] };
}

describe('a request', () => {
  test('leaves out what clients leave to the default, by null or by absence', () => {
    const fields = [
      'stream',
      'stream_options',
      'tools',
      'tool_choice',
      'response_format',
      'stop',
      'seed',
      'n',
      'top_p',
    ];
    const nulls = Object.fromEntries(fields.map((field) => [field, null]));
    for (const body of [basic, { ...basic, ...nulls, functions: null, tools: [] }]) {
      expect(decodeChatRequest(body)).toEqual({
        model: basic.model,
        isStream: false,
        tags: [],
        includesUsage: false,
        call: { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello.' }] }] },
      });
    }
  });

  test('joins instructions, prefers the newer limit, and takes a stop alone or in a list', () => {
    const messages = [
      { role: 'system', content: 'Be kind.' },
      ...basic.messages,
      { role: 'developer', content: [{ type: 'text', text: 'Be short.' }] },
    ];
    const { call } = decodeChatRequest({ ...basic, messages, max_tokens: 1, max_completion_tokens: 2, stop: 'END' });
    expect(call).toMatchObject({ system: 'Be kind.\n\nBe short.', maxOutputTokens: 2, stopSequences: ['END'] });
    expect(call.messages).toHaveLength(1);
  });

  test('gives a vendor back what it wants with its tool call', () => {
    const collector = new ChatCollector();
    collector.add(call);
    const answer = collector.finish(envelope, 'gemini', outcomeOf(record({ unified: 'tool-calls' })), []);
    const message = answer.choices[0]?.message;
    const result = { role: 'tool', tool_call_id: 'c1', content: 'x' };
    const again = decodeChatRequest({ ...basic, messages: [...basic.messages, message, result] });
    expect(again.call.messages.slice(1)).toEqual([
      { role: 'assistant', content: [call] },
      { role: 'tool', toolCallId: 'c1', toolName: 'f', output: 'x' },
    ]);
  });
});

describe('an answer', () => {
  test.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['tool-calls', 'tool_calls'],
    ['content-filter', 'content_filter'],
    ['refusal', 'stop'],
    ['other', 'length'],
  ] as const)('that ended by %s says %s, whole and streamed', (unified, word) => {
    const ended = outcomeOf(record({ unified, raw: 'RAW' }));
    const finish = { finish_reason: word, native_finish_reason: 'RAW' };
    expect(new ChatCollector().finish(envelope, 'm', ended, []).choices[0]).toMatchObject(finish);
    expect(new ChatChunks(envelope, false).finish('m', ended, [])).toMatchObject([{ choices: [finish] }]);
  });

  test('claims no usage that the vendor did not report, and no cost that is not known', () => {
    const vague = outcomeOf(record({ unified: 'stop' }, { usage: { outputTokens: 7 } }));
    expect(new ChatCollector().finish(envelope, 'm', vague, [])).not.toHaveProperty('usage');
    const known = outcomeOf(record({ unified: 'stop' }, { costNanoUsd: 1_500n }));
    expect(new ChatCollector().finish(envelope, 'm', known, [])).toMatchObject({
      usage: {
        prompt_tokens: 5,
        completion_tokens: 7,
        total_tokens: 12,
        completion_tokens_details: { reasoning_tokens: 2 },
      },
      switchyard: { cost_usd: '0.0000015' },
    });
    expect(new ChatChunks(envelope, true).finish('m', vague, [])[1]).toMatchObject({
      usage: null,
      switchyard: { cost_usd: null },
    });
  });

  test('numbers its tool calls in a stream', () => {
    const chunks = new ChatChunks(envelope, false);
    const indexes = [call, call].map((part) => (chunks.encode(part, 'm') as { choices: { delta: object }[] }).choices);
    expect(indexes).toMatchObject([
      [{ delta: { tool_calls: [{ index: 0, id: 'c1' }] } }],
      [{ delta: { tool_calls: [{ index: 1, id: 'c1' }] } }],
    ]);
    expect(chunks.encode({ type: 'response-metadata' }, 'm')).toBeUndefined();
  });
});
