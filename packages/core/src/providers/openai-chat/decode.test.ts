import { describe, expect, it } from 'vitest';
import type { StreamPart } from '../../spec/index.ts';
import { decodeEvents } from '../../testing/decode-events.ts';
import { openAiChatDecoder } from './decode.ts';

const chunk = (delta: unknown, finish_reason: unknown = null, more: object = {}) => ({
  model: 'm',
  choices: [{ index: 0, delta, finish_reason }],
  ...more,
});
const toolDelta = (index: number | undefined, id: string | undefined, name: string | undefined, args: unknown) => ({
  tool_calls: [{ index, id, type: 'function', function: { name, arguments: args } }],
});

describe('openAiChatDecoder', () => {
  const run = (...events: unknown[]) => decodeEvents(openAiChatDecoder, events);
  const texts = (parts: readonly StreamPart[]) =>
    parts.flatMap((part) =>
      'delta' in part
        ? [`${part.type} ${part.id} ${part.delta}`]
        : part.type === 'tool-call'
          ? [`tool ${part.id} ${part.toolName} ${part.input}`]
          : [],
    );

  it('reads text, reasoning in every known field, and usage after the finish reason', () => {
    const { parts, reason, usage } = run(
      chunk({ role: 'assistant', content: '' }),
      chunk({ reasoning_content: 'a' }),
      chunk({ reasoning: 'b' }),
      chunk({
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'c' }] },
          { type: 'text', text: 'd' },
        ],
      }),
      chunk({ content: 'e' }),
      chunk({}, 'stop'),
      {
        model: 'm',
        choices: [],
        usage: {
          prompt_tokens: 10,
          completion_tokens: 5,
          total_tokens: 15,
          prompt_tokens_details: { cached_tokens: 4 },
          completion_tokens_details: { reasoning_tokens: 3 },
        },
      },
    );
    expect(texts(parts)).toEqual([
      'reasoning-delta reasoning a',
      'reasoning-delta reasoning b',
      'reasoning-delta reasoning c',
      'text-delta text d',
      'text-delta text e',
    ]);
    expect({ reason, usage }).toEqual({
      reason: { unified: 'stop', raw: 'stop' },
      usage: { inputTokens: 10, cachedInputTokens: 4, outputTokens: 5, reasoningTokens: 3 },
    });
  });

  it('puts tool calls together from pieces, side by side, with or without index, id and text arguments', () => {
    const split = run(
      chunk(toolDelta(0, 'c1', 'f', '')),
      chunk(toolDelta(1, 'c2', 'g', '{"b"')),
      chunk(toolDelta(0, undefined, undefined, '{"a":1}')),
      chunk(toolDelta(1, undefined, undefined, ':2}')),
      chunk({}, 'tool_calls'),
    );
    expect(texts(split.parts)).toEqual(['tool c1 f {"a":1}', 'tool c2 g {"b":2}']);
    expect(split.reason?.unified).toBe('tool-calls');
    const whole = run(
      chunk(toolDelta(undefined, undefined, 'f', { a: 1 })),
      chunk(toolDelta(undefined, undefined, 'g', '')),
      chunk({}, 'stop'),
    );
    expect(texts(whole.parts)).toEqual(['tool call_0 f {"a":1}', 'tool call_1 g {}']);
    expect(whole.reason).toEqual({ unified: 'tool-calls', raw: 'stop' });
    // some vendors send every call under index 0, each with its own id
    const sameIndex = run(
      chunk(toolDelta(0, 'c1', 'f', '{}')),
      chunk(toolDelta(0, 'c2', 'f', '{"x":1}')),
      chunk({}, 'tool_calls'),
    );
    expect(texts(sameIndex.parts)).toEqual(['tool c1 f {}', 'tool c2 f {"x":1}']);
  });

  it('gives no tool call of a stream that broke off', () => {
    expect(texts(run(chunk(toolDelta(0, 'c1', 'f', '{"a"'))).parts)).toEqual([]);
  });

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content-filter'],
    ['function_call', 'tool-calls'],
    ['COMPLETE', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['STOP_SEQUENCE', 'stop'],
    ['TOOL_CALL', 'tool-calls'],
    ['ERROR_LIMIT', 'length'],
    ['eos_token', 'stop'],
    ['content_filter: RECITATION', 'content-filter'],
    ['user_cancel', undefined],
    ['something new', 'other'],
    ['error', undefined],
    ['insufficient_system_resource', undefined],
    [null, undefined],
    [7, undefined],
  ])('reads the finish reason %j as %s', (raw, unified) =>
    expect(run(chunk({ content: 'x' }, raw)).reason?.unified).toBe(unified),
  );

  it('reads a refusal as text', () => {
    expect(run(chunk({ refusal: 'I cannot.' }), chunk({}, 'stop'))).toMatchObject({
      reason: { unified: 'refusal', raw: 'stop' },
    });
  });

  it('counts reasoning that a vendor leaves out of the completion (xAI), finds Groq’s usage, distrusts zeros beside text', () => {
    const xai = {
      usage: {
        prompt_tokens: 10,
        completion_tokens: 1,
        total_tokens: 240,
        completion_tokens_details: { reasoning_tokens: 229 },
      },
    };
    expect(run(chunk({ content: 'x' }, 'stop', xai)).usage).toEqual({
      inputTokens: 10,
      outputTokens: 230,
      reasoningTokens: 229,
    });
    expect(
      run(chunk({ content: 'x' }, 'stop', { x_groq: { usage: { prompt_tokens: 3, completion_tokens: 4 } } })).usage,
    ).toEqual({ inputTokens: 3, outputTokens: 4 });
    expect(
      run(chunk({ content: 'x' }, 'length', { usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } }))
        .usage,
    ).toEqual({});
    expect(run(chunk({ content: 'x' }, 'stop', { usage: { input_tokens: 3, output_tokens: 4 } })).usage).toEqual({
      inputTokens: 3,
      outputTokens: 4,
    });
    expect(run(chunk({}, 'stop', { usage: { prompt_tokens: -1, completion_tokens: '5' } })).usage).toEqual({});
    expect(run(chunk({ content: 'x' }, 'stop', { usage: null })).usage).toEqual({});
  });

  it('takes the first of several choices, and a whole answer from endpoints that do not stream', () => {
    const several = {
      choices: [
        { index: 1, delta: { content: 'b' } },
        { index: 0, delta: { content: 'a' }, finish_reason: 'stop' },
      ],
    };
    expect(texts(run(several).parts)).toEqual(['text-delta text a']);
    expect(run(several, several)).toMatchObject({ warnings: [{ message: expect.stringContaining('only the first') }] });
    expect(run(chunk({ content: 'x' }, 'stop'))).not.toHaveProperty('warnings');
    const whole = {
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'all',
            tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' } }],
          },
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 2 },
    };
    expect(texts(run(whole).parts)).toEqual(['text-delta text all', 'tool c f {}']);
  });
});
