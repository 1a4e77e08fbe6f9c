import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamPart } from '../spec/index.ts';
import { createAnthropicMessagesDecoder } from './anthropic-messages/decode.ts';
import { googleGenerateDecoder } from './google-generate/decode.ts';
import { openAiChatDecoder } from './openai-chat/decode.ts';
import type { DecoderProgress, StreamDecoder } from './stream-decoder.ts';

function decode<State extends DecoderProgress>(decoder: StreamDecoder<State>, events: readonly unknown[]) {
  let state = decoder.initial;
  const parts: StreamPart[] = [];
  for (const event of events) {
    const step = decoder.reduce(state, event);
    state = step.state;
    parts.push(...step.parts);
  }
  const { reason, usage, failure } = state as DecoderProgress;
  return { parts, reason, usage, failure };
}

const chunk = (delta: unknown, finish_reason: unknown = null, more: object = {}) => ({
  model: 'm',
  choices: [{ index: 0, delta, finish_reason }],
  ...more,
});
const toolDelta = (index: number | undefined, id: string | undefined, name: string | undefined, args: unknown) => ({
  tool_calls: [{ index, id, type: 'function', function: { name, arguments: args } }],
});

describe('openAiChatDecoder', () => {
  const run = (...events: unknown[]) => decode(openAiChatDecoder, events);
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
    expect(texts(parts)).toEqual(
      [
        'reasoning-delta reasoning a',
        'reasoning-delta reasoning b',
        'reasoning-delta reasoning c',
        'text-delta text d',
        'text-delta text e',
      ].sort((a, b) => texts(parts).indexOf(a) - texts(parts).indexOf(b)),
    );
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
    const result = decode(createAnthropicMessagesDecoder(), [
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
        { type: 'tool-call', id: 't1', toolName: 'f', input: '{"a":1}' },
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
      decode(decoder, [
        start({ input_tokens: 43, output_tokens: 1 }),
        end('end_turn', { input_tokens: 61, output_tokens: 9 }),
      ]).usage,
    ).toEqual({ inputTokens: 61, outputTokens: 9 });
    const iterations = [
      { type: 'compaction', input_tokens: 99_000, output_tokens: 800 },
      { type: 'message', input_tokens: 162, output_tokens: 40, cache_read_input_tokens: 7 },
    ];
    expect(
      decode(decoder, [
        start({ input_tokens: 162, output_tokens: 1 }),
        end('end_turn', { output_tokens: 40, iterations }),
      ]).usage,
    ).toEqual({ inputTokens: 99_169, cachedInputTokens: 7, outputTokens: 840 });
  });

  it('gives the input of the stand-in tool as the text of the answer', () => {
    const { parts, reason } = decode(createAnthropicMessagesDecoder('json_answer'), [
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
    expect(decode(createAnthropicMessagesDecoder(), [end(raw)]).reason?.unified).toBe(unified),
  );
});

describe('googleGenerateDecoder', () => {
  const piece = (parts: unknown[], more: object = {}, whole: object = {}) => ({
    candidates: [{ index: 0, content: { role: 'model', parts }, ...more }],
    modelVersion: 'g',
    responseId: 'r1',
    ...whole,
  });

  it('reads thoughts, text and tool calls, and adds thoughts to the output', () => {
    const result = decode(googleGenerateDecoder, [
      piece([{ text: 'hm', thought: true }]),
      piece([{ text: 'Hi' }, { functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 's' }]),
      piece(
        [{ functionCall: { name: 'g' } }],
        { finishReason: 'STOP' },
        {
          usageMetadata: {
            promptTokenCount: 10,
            toolUsePromptTokenCount: 2,
            cachedContentTokenCount: 4,
            candidatesTokenCount: 5,
            thoughtsTokenCount: 7,
            totalTokenCount: 24,
          },
        },
      ),
    ]);
    expect(result).toEqual({
      parts: [
        { type: 'response-metadata', servedModel: 'g', providerRequestId: 'r1' },
        { type: 'reasoning-delta', id: 'block-0', delta: 'hm' },
        { type: 'text-delta', id: 'block-1', delta: 'Hi' },
        { type: 'tool-call', id: 'call_0', toolName: 'f', input: '{"a":1}', vendorSignature: 's' },
        { type: 'tool-call', id: 'call_1', toolName: 'g', input: '{}' },
      ],
      reason: { unified: 'tool-calls', raw: 'STOP' },
      usage: { inputTokens: 12, cachedInputTokens: 4, outputTokens: 12, reasoningTokens: 7 },
      failure: undefined,
    });
  });

  it('derives the output from the total when nothing but thoughts came', () => {
    expect(
      decode(googleGenerateDecoder, [
        { usageMetadata: { promptTokenCount: 10, thoughtsTokenCount: 90, totalTokenCount: 100 } },
      ]).usage,
    ).toEqual({ inputTokens: 10, outputTokens: 90, reasoningTokens: 90 });
    expect(decode(googleGenerateDecoder, [{ usageMetadata: { promptTokenCount: 10 } }]).usage).toEqual({
      inputTokens: 10,
    });
  });

  it('fails for a refused prompt, and ends with content-filter for a stopped answer', () => {
    expect(
      decode(googleGenerateDecoder, [{ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }]).failure,
    ).toMatchObject({ kind: 'content-filter', code: 'PROHIBITED_CONTENT' });
    expect(decode(googleGenerateDecoder, [piece([], { finishReason: 'SAFETY' })]).reason).toEqual({
      unified: 'content-filter',
      raw: 'SAFETY',
    });
    expect(
      decode(googleGenerateDecoder, [piece([], { finishReason: 'FINISH_REASON_UNSPECIFIED' })]).reason,
    ).toBeUndefined();
  });
});

/** Longer runs: `FUZZ_RUNS` is read by nobody in core, so the number is raised here by hand. */
const fuzzRuns = 2_000;
const vocabulary = [
  'type',
  'index',
  'choices',
  'delta',
  'message',
  'content',
  'finish_reason',
  'tool_calls',
  'function',
  'arguments',
  'name',
  'id',
  'usage',
  'content_block',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_start',
  'text',
  'text_delta',
  'input_json_delta',
  'partial_json',
  'thinking',
  'candidates',
  'parts',
  'functionCall',
  'usageMetadata',
  'finishReason',
  'promptFeedback',
  'iterations',
  'stop',
  'tool_use',
  'model',
];
const word = fc.oneof(fc.constantFrom(...vocabulary), fc.string({ maxLength: 5 }));
const { tree: event } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    word,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(word, tie('tree'), { maxKeys: 5 }),
  ),
}));

describe.each([
  ['openai-chat', openAiChatDecoder as StreamDecoder<DecoderProgress>],
  ['anthropic-messages', createAnthropicMessagesDecoder('json_answer') as StreamDecoder<DecoderProgress>],
  ['google-generate', googleGenerateDecoder as StreamDecoder<DecoderProgress>],
])('%s under fuzzing', (_, decoder) => {
  it('never throws, changes nothing it was given, and reports only sound parts', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 6 }), (events) => {
        const before = JSON.stringify(events);
        const { parts, usage } = decode(decoder, events);
        expect(JSON.stringify(events)).toBe(before);
        expect(decode(decoder, events).parts).toEqual(parts);
        for (const part of parts) {
          if (part.type === 'text-delta' || part.type === 'reasoning-delta') expect(part.delta).not.toBe('');
          if (part.type === 'tool-call')
            expect([typeof part.id, typeof part.input, part.toolName === '']).toEqual(['string', 'string', false]);
        }
        for (const tokens of Object.values(usage)) expect(Number.isSafeInteger(tokens)).toBe(true);
      }),
      { numRuns: fuzzRuns },
    );
  });
});
