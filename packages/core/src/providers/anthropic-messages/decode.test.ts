import { describe, expect, it } from 'vitest';
import { decodeEvents } from '../../testing/decode-events.ts';
import { encodeClaudeThoughts } from '../claude-thoughts.ts';
import { createAnthropicMessagesDecoder } from './decode.ts';

describe('createAnthropicMessagesDecoder', () => {
  const start = (usage: object) => ({ type: 'message_start', message: { model: 'claude', usage } });
  const block = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block });
  const delta = (index: number, value: object) => ({ type: 'content_block_delta', index, delta: value });
  const stop = (index: number) => ({ type: 'content_block_stop', index });
  const end = (stop_reason: string | null, usage: object = {}) => ({
    type: 'message_delta',
    delta: { stop_reason },
    usage,
  });

  it('reads thinking, text and a tool call, and adds cache reads and writes to the input', () => {
    const result = decodeEvents(createAnthropicMessagesDecoder(), [
      start({
        input_tokens: 10,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 20,
        cache_creation: { ephemeral_1h_input_tokens: 5 },
        output_tokens: 1,
      }),
      block(0, { type: 'thinking', thinking: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'hm' }),
      delta(0, { type: 'signature_delta', signature: 'x' }),
      stop(0),
      block(1, { type: 'text', text: '' }),
      delta(1, { type: 'text_delta', text: 'Hi' }),
      delta(1, { type: 'citations_delta', citation: {} }),
      stop(1),
      block(2, { type: 'tool_use', id: 't1', name: 'f', input: {} }),
      delta(2, { type: 'input_json_delta', partial_json: '{"a"' }),
      delta(2, { type: 'input_json_delta', partial_json: ':1}' }),
      stop(2),
      end('tool_use', {
        output_tokens: 30,
        output_tokens_details: { thinking_tokens: 12 },
        cache_read_input_tokens: null,
      }),
    ]);
    expect(result).toEqual({
      parts: [
        { type: 'response-metadata', servedModel: 'claude' },
        { type: 'reasoning-delta', id: 'block-0', delta: 'hm' },
        { type: 'text-delta', id: 'block-1', delta: 'Hi' },
        {
          type: 'tool-call',
          id: 't1',
          toolName: 'f',
          input: '{"a":1}',
          vendorSignature: encodeClaudeThoughts([{ type: 'thinking', thinking: 'hm', signature: 'x' }]),
        },
      ],
      reason: { unified: 'tool-calls', raw: 'tool_use' },
      usage: {
        inputTokens: 130,
        cachedInputTokens: 100,
        cacheWriteTokens: 20,
        longCacheWriteTokens: 5,
        outputTokens: 30,
        reasoningTokens: 12,
      },
      failure: undefined,
    });
  });

  it('takes corrections of the input, and sums the iterations that are billed', () => {
    const decoder = createAnthropicMessagesDecoder();
    expect(
      decodeEvents(decoder, [
        start({ input_tokens: 43, output_tokens: 1 }),
        end('end_turn', { input_tokens: 61, output_tokens: 9 }),
      ]).usage,
    ).toEqual({ inputTokens: 61, outputTokens: 9 });
    const iterations = [
      { type: 'compaction', input_tokens: 99_000, output_tokens: 800 },
      { type: 'message', input_tokens: 162, output_tokens: 40, cache_read_input_tokens: 7 },
    ];
    expect(
      decodeEvents(decoder, [
        start({ input_tokens: 162, output_tokens: 1 }),
        end('end_turn', { output_tokens: 40, iterations }),
      ]).usage,
    ).toEqual({ inputTokens: 99_169, cachedInputTokens: 7, outputTokens: 840 });
  });

  it('gives the input of the stand-in tool as the text of the answer', () => {
    const { parts, reason } = decodeEvents(createAnthropicMessagesDecoder('json_answer'), [
      block(0, { type: 'tool_use', id: 't', name: 'json_answer', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '{"a":1}' }),
      stop(0),
      end('tool_use'),
    ]);
    expect({ parts, reason }).toEqual({
      parts: [{ type: 'text-delta', id: 'block-0', delta: '{"a":1}' }],
      reason: { unified: 'stop', raw: 'tool_use' },
    });
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'refusal'],
    ['pause_turn', 'other'],
    [null, undefined],
  ])('reads the stop reason %j as %s', (raw, unified) =>
    expect(decodeEvents(createAnthropicMessagesDecoder(), [end(raw)]).reason?.unified).toBe(unified),
  );
});
