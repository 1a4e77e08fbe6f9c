import { describe, expect, it } from 'vitest';
import type { ModelCall } from '../../spec/index.ts';
import { ask } from '../../testing/read-parts.ts';
import { UnsupportedCallError } from '../encoded-call.ts';
import { providerProfiles } from '../provider-profiles.ts';
import { encodeOpenAiChat } from './encode.ts';
import { isStrictSchema } from './encode-output-format.ts';

const encode = (
  call: Partial<ModelCall> & { model: string },
  type: 'openai' | 'ollama' | 'huggingface' | 'cohere' | 'custom' = 'openai',
) => {
  const { body, warnings } = encodeOpenAiChat({ ...ask(call.model, 'Hello'), ...call }, providerProfiles[type]);
  return {
    body: body as Record<string, unknown>,
    warned: warnings.map(({ type: kind, setting }) => `${kind} ${setting ?? ''}`.trim()),
  };
};

const tool = { name: 'f', description: 'd', inputSchema: { type: 'object', properties: {} } };

describe('encodeOpenAiChat', () => {
  it('sends a plain call without anything that was not asked for', () => {
    expect(encode({ model: 'gpt-4o', system: 'Be brief.' })).toEqual({
      body: {
        model: 'gpt-4o',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hello' },
        ],
        stream: true,
        stream_options: { include_usage: true },
      },
      warned: [],
    });
  });

  it('writes images, tool calls and tool answers', () => {
    const { body } = encode({
      model: 'gpt-4o',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image', mediaType: 'image/png', dataBase64: 'AAAA' },
            { type: 'image-url', url: 'https://example.com/a.png' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Well' },
            { type: 'tool-call', id: 'c1', toolName: 'f', input: '' },
          ],
        },
        { role: 'tool', toolCallId: 'c1', toolName: 'f', output: 'no', isError: true },
      ],
    });
    expect(body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
        ],
      },
      {
        role: 'assistant',
        content: 'Well',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'Error: no' },
    ]);
  });

  it('names the output cap as the vendor does', () => {
    expect(encode({ model: 'gpt-4o', maxOutputTokens: 9 }).body).toMatchObject({ max_completion_tokens: 9 });
    for (const type of ['ollama', 'huggingface', 'cohere', 'custom'] as const)
      expect(encode({ model: 'x', maxOutputTokens: 9 }, type).body).toMatchObject({ max_tokens: 9 });
  });

  it('warns for what reasoning models do not take', () => {
    const { body, warned } = encode({
      model: 'gpt-5',
      temperature: 0.2,
      topP: 0.9,
      stopSequences: ['x'],
      topK: 3,
      frequencyPenalty: 1,
    });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['temperature']));
    expect(warned.sort()).toEqual([
      'unsupported-setting frequencyPenalty',
      'unsupported-setting stopSequences',
      'unsupported-setting temperature',
      'unsupported-setting topK',
      'unsupported-setting topP',
    ]);
    expect(encode({ model: 'gpt-5.5', temperature: 0.2, reasoningEffort: 'none' })).toMatchObject({
      body: { temperature: 0.2, reasoning_effort: 'none' },
      warned: [],
    });
  });

  it.each([
    ['gpt-5', 'none', 'minimal'],
    ['gpt-5-mini-2025-08-07', 'minimal', 'minimal'],
    ['gpt-5.5', 'minimal', 'low'],
    ['gpt-5.5', 'none', 'none'],
    ['o4-mini', 'none', 'low'],
    ['gpt-6-sol', 'high', 'high'],
    ['gpt-4o', 'high', undefined],
    ['gpt-4o', 'none', undefined],
  ] as const)('sends %s the effort %s as %s', (model, wanted, sent) => {
    expect(encode({ model, reasoningEffort: wanted }).body.reasoning_effort).toBe(sent);
  });

  it('takes reasoning from GPT-6 when tools are offered, and says so', () => {
    expect(encode({ model: 'gpt-6-luna', tools: [tool], reasoningEffort: 'high' })).toMatchObject({
      body: { reasoning_effort: 'none' },
      warned: ['adjusted-setting reasoningEffort'],
    });
  });

  it('writes tools and their choice', () => {
    const { body } = encode({
      model: 'gpt-4o',
      tools: [tool],
      toolChoice: { toolName: 'f' },
      allowsParallelToolCalls: false,
    });
    expect(body).toMatchObject({
      tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters: tool.inputSchema } }],
      tool_choice: { type: 'function', function: { name: 'f' } },
      parallel_tool_calls: false,
    });
    expect(
      encode({ model: 'x', tools: [tool], toolChoice: { toolName: 'f' }, allowsParallelToolCalls: false }, 'cohere'),
    ).toMatchObject({
      body: { tool_choice: 'required' },
      warned: expect.arrayContaining(['adjusted-setting toolChoice', 'unsupported-setting allowsParallelToolCalls']),
    });
  });

  it('asks for JSON natively', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    expect(
      encode({ model: 'gpt-4o', output: { type: 'json', schema, name: 'my answer' } }).body.response_format,
    ).toEqual({ type: 'json_schema', json_schema: { name: 'my_answer', schema, strict: true } });
    expect(encode({ model: 'x', output: { type: 'json', schema } }, 'cohere').body.response_format).toEqual({
      type: 'json_object',
      schema,
    });
    const plain = encode({ model: 'gpt-4o', system: 'Be brief.', output: { type: 'json' } });
    expect(plain).toMatchObject({
      body: { response_format: { type: 'json_object' } },
      warned: ['adjusted-setting system'],
    });
    expect(JSON.stringify(plain.body.messages)).toMatch(/Be brief\..*JSON/);
  });

  it('cuts stop sequences to what the vendor takes, with a warning', () => {
    expect(encode({ model: 'gpt-4o', stopSequences: ['1', '2', '3', '4', '5'] })).toMatchObject({
      body: { stop: ['1', '2', '3', '4'] },
      warned: ['adjusted-setting stopSequences'],
    });
    expect(encode({ model: 'gpt-4o', stopSequences: [] }).body).not.toHaveProperty('stop');
  });

  it('refuses an image by address where only data is taken', () => {
    const messages = [
      { role: 'user' as const, content: [{ type: 'image-url' as const, url: 'https://example.com/a.png' }] },
    ];
    expect(() => encode({ model: 'x', messages }, 'ollama')).toThrow(UnsupportedCallError);
  });

  it('merges provider options last, but keeps streaming', () => {
    expect(
      encode({
        model: 'gpt-4o',
        temperature: 1,
        providerOptions: { temperature: 0, stream: false, stream_options: { extra: 1 } },
      }).body,
    ).toMatchObject({
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true, extra: 1 },
    });
  });

  it('warns that a last assistant message is not continued', () => {
    const messages = [{ role: 'assistant' as const, content: [{ type: 'text' as const, text: 'The tides' }] }];
    expect(encode({ model: 'gpt-4o', messages }).warned).toEqual(['other']);
    expect(encode({ model: 'x', messages }, 'ollama').warned).toEqual([]);
  });
});

describe('isStrictSchema', () => {
  it.each([
    [{ type: 'string' }, true],
    [{ type: 'object', properties: {}, additionalProperties: false }, true],
    [{ type: 'object', properties: { a: {} } }, false],
    [{ type: 'object', properties: { a: {} }, additionalProperties: false }, false],
    [{ type: 'array', items: { type: 'object', properties: {} } }, false],
    [{ anyOf: [{ type: 'object' }] }, false],
    [{ oneOf: [] }, false],
  ])('judges %j as %s', (schema, expected) => expect(isStrictSchema(schema)).toBe(expected));
});
