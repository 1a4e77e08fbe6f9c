import { describe, expect, it } from 'vitest';
import type { ModelCall } from '../../spec/index.ts';
import { ask } from '../../testing/read-parts.ts';
import { encodeClaudeThoughts } from '../claude-thoughts.ts';
import { claudeModelRules } from './claude-models.ts';
import { encodeAnthropicMessages } from './encode.ts';

const encode = (call: Partial<ModelCall> & { model: string }) => {
  const { body, warnings, usesJsonTool } = encodeAnthropicMessages({ ...ask(call.model, 'Hello'), ...call });
  return {
    body: body as Record<string, unknown>,
    usesJsonTool,
    warned: warnings.map(({ type, setting }) => `${type} ${setting ?? ''}`.trim()),
  };
};
const tool = { name: 'f', inputSchema: { properties: { a: { type: 'string' } } } };
const schema = { type: 'object', properties: {} };

describe('encodeAnthropicMessages', () => {
  it('sends a plain call with the required output cap of the catalogue', () => {
    expect(encode({ model: 'claude-haiku-4-5', system: 'Be brief.' })).toEqual({
      body: {
        model: 'claude-haiku-4-5',
        max_tokens: 64_000,
        system: 'Be brief.',
        messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
        stream: true,
      },
      usesJsonTool: false,
      warned: [],
    });
    expect(encode({ model: 'claude-haiku-4-5-20251001' }).body.max_tokens).toBe(64_000);
    expect(encode({ model: 'claude-of-tomorrow' }).body.max_tokens).toBe(4_096);
    expect(encode({ model: 'claude-haiku-4-5', maxOutputTokens: 9 }).body.max_tokens).toBe(9);
  });

  it('joins neighbours of one role and puts tool results first', () => {
    const { body } = encode({
      model: 'claude-haiku-4-5',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', mediaType: 'image/png', dataBase64: 'AAAA' },
            { type: 'image-url', url: 'https://example.com/a.png' },
            { type: 'image-url', url: 'data:image/gif;base64,R0lG' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: '' },
            { type: 'tool-call', id: 'c1', toolName: 'f', input: '{"a":"1"}' },
            { type: 'tool-call', id: 'c2', toolName: 'f', input: 'not json' },
          ],
        },
        { role: 'tool', toolCallId: 'c1', toolName: 'f', output: 'one' },
        { role: 'user', content: [{ type: 'text', text: 'And?' }] },
        { role: 'tool', toolCallId: 'c2', toolName: 'f', output: 'two', isError: true },
      ],
    });
    expect(body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
          { type: 'image', source: { type: 'base64', media_type: 'image/gif', data: 'R0lG' } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'c1', name: 'f', input: { a: '1' } },
          { type: 'tool_use', id: 'c2', name: 'f', input: { text: 'not json' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: 'one' },
          { type: 'tool_result', tool_use_id: 'c2', content: 'two', is_error: true },
          { type: 'text', text: 'And?' },
        ],
      },
    ]);
  });

  it.each([
    ['claude-3-5-haiku-latest', 'none', true],
    ['claude-3-7-sonnet-20250219', 'budget', true],
    ['claude-sonnet-4-20250514', 'budget', true],
    ['claude-opus-4-1-20250805', 'budget', true],
    ['claude-sonnet-4-5', 'budget', true],
    ['claude-haiku-4-5-20251001', 'budget', true],
    ['claude-opus-4-6', 'adaptive', true],
    ['claude-opus-4-7', 'adaptive', false],
    ['claude-sonnet-5', 'adaptive', false],
    ['claude-opus-5-5', 'adaptive', false],
  ] as const)('knows how %s thinks (%s) and whether it takes sampling (%s)', (model, thinking, takesSampling) => {
    expect(claudeModelRules(model)).toMatchObject({ thinking, takesSampling });
  });

  it('asks for reasoning by budget, kept below the output cap', () => {
    expect(encode({ model: 'claude-sonnet-4-5', reasoningEffort: 'medium' }).body.thinking).toEqual({
      type: 'enabled',
      budget_tokens: 10_240,
    });
    expect(encode({ model: 'claude-sonnet-4-5', reasoningEffort: 'high', maxOutputTokens: 5_000 })).toMatchObject({
      body: { thinking: { budget_tokens: 4_999 } },
      warned: ['adjusted-setting reasoningEffort'],
    });
    const tight = encode({ model: 'claude-sonnet-4-5', reasoningEffort: 'high', maxOutputTokens: 1_000 });
    expect(tight.warned).toEqual(['unsupported-setting reasoningEffort']);
    expect(tight.body).not.toHaveProperty('thinking');
    expect(encode({ model: 'claude-sonnet-4-5', reasoningEffort: 'low', temperature: 0.3, topK: 4 }).warned).toEqual([
      'unsupported-setting temperature',
      'unsupported-setting topK',
    ]);
    expect(
      encode({ model: 'claude-sonnet-4-5', reasoningEffort: 'low', tools: [tool], toolChoice: 'required' }).warned,
    ).toEqual(['unsupported-setting reasoningEffort']);
  });

  it('asks newer models for reasoning by effort', () => {
    expect(encode({ model: 'claude-sonnet-5', reasoningEffort: 'high' }).body).toMatchObject({
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'high' },
    });
    expect(encode({ model: 'claude-sonnet-5', reasoningEffort: 'none' }).body).toMatchObject({
      thinking: { type: 'disabled' },
    });
    expect(encode({ model: 'claude-opus-5-5', reasoningEffort: 'none' })).toMatchObject({
      body: { output_config: { effort: 'low' } },
      warned: ['adjusted-setting reasoningEffort'],
    });
    expect(encode({ model: 'claude-sonnet-5', reasoningEffort: 'minimal' }).warned).toEqual([
      'adjusted-setting reasoningEffort',
    ]);
    expect(encode({ model: 'claude-3-5-haiku-latest', reasoningEffort: 'low' }).warned).toEqual([
      'unsupported-setting reasoningEffort',
    ]);
  });

  it('warns for sampling that the model does not take', () => {
    expect(
      encode({ model: 'claude-haiku-4-5', temperature: 1.5, topP: 0.5, seed: 1, presencePenalty: 1 }),
    ).toMatchObject({
      body: { temperature: 1 },
      warned: [
        'unsupported-setting seed',
        'unsupported-setting presencePenalty',
        'adjusted-setting temperature',
        'unsupported-setting topP',
      ],
    });
    const newer = encode({ model: 'claude-opus-5-5', temperature: 0.5, topK: 3 });
    expect(newer.body).not.toHaveProperty('temperature');
    expect(newer.warned).toEqual(['unsupported-setting temperature', 'unsupported-setting topK']);
  });

  it.each([
    ['auto', undefined, { type: 'auto' }],
    ['none', undefined, { type: 'none' }],
    ['required', false, { type: 'any', disable_parallel_tool_use: true }],
    [{ toolName: 'f' }, undefined, { type: 'tool', name: 'f' }],
    [undefined, false, { type: 'auto', disable_parallel_tool_use: true }],
    [undefined, undefined, undefined],
  ] as const)('writes the tool choice %j', (toolChoice, allowsParallelToolCalls, expected) => {
    const { body } = encode({
      model: 'claude-haiku-4-5',
      tools: [tool],
      ...(toolChoice && { toolChoice }),
      ...(allowsParallelToolCalls === false && { allowsParallelToolCalls }),
    });
    expect(body.tool_choice).toEqual(expected);
    expect(body.tools).toEqual([
      { name: 'f', input_schema: { type: 'object', properties: { a: { type: 'string' } } } },
    ]);
  });

  it('gives JSON natively, by a forced tool at older models, by a sentence without schema', () => {
    expect(encode({ model: 'claude-haiku-4-5', output: { type: 'json', schema } })).toMatchObject({
      body: { output_config: { format: { type: 'json_schema', schema } } },
      usesJsonTool: false,
    });
    expect(encode({ model: 'claude-3-5-haiku-latest', output: { type: 'json', schema }, tools: [tool] })).toMatchObject(
      {
        body: {
          tools: [{ name: 'json_answer', input_schema: schema }],
          tool_choice: { type: 'tool', name: 'json_answer' },
        },
        usesJsonTool: true,
        warned: ['adjusted-setting tools'],
      },
    );
    expect(encode({ model: 'claude-haiku-4-5', output: { type: 'json' } })).toMatchObject({
      body: { system: expect.stringContaining('JSON') },
      warned: ['adjusted-setting output'],
    });
  });

  it('gives Claude the signed thoughts back that led to its tool calls, when it is to go on thinking', () => {
    const thoughts = [
      { type: 'thinking', thinking: 'The tool knows.', signature: 'sig' },
      { type: 'redacted_thinking', data: 'secret' },
    ] as const;
    const again = (model: string, vendorSignature: string | undefined, reasoningEffort: 'high' | 'none') =>
      encode({
        model,
        reasoningEffort,
        tools: [tool],
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
          {
            role: 'assistant',
            content: [
              { type: 'text', text: 'Let me see.' },
              { type: 'tool-call', id: 'c', toolName: 'f', input: '{}', ...(vendorSignature && { vendorSignature }) },
            ],
          },
          { role: 'tool', toolCallId: 'c', toolName: 'f', output: 'x' },
        ],
      });
    const turnOf = ({ body }: ReturnType<typeof encode>) =>
      (body.messages as { content: { type: string }[] }[])[1]?.content.map((block) => block.type);
    const signature = encodeClaudeThoughts(thoughts);
    const given = again('claude-haiku-4-5', signature, 'high');
    expect((given.body.messages as { content: unknown[] }[])[1]?.content.slice(0, 2)).toEqual(thoughts);
    expect([given.body.thinking !== undefined, given.warned]).toEqual([true, []]);
    expect(turnOf(again('claude-haiku-4-5', signature, 'none'))).toEqual(['text', 'tool_use']);
    for (const foreign of [undefined, 'CpQBgemini', 'claude-thoughts:AAAA', 'claude-thoughts:bnVsbA==']) {
      const lost = again('claude-haiku-4-5', foreign, 'high');
      expect([lost.body.thinking, lost.warned]).toEqual([undefined, ['unsupported-setting reasoningEffort']]);
      expect(turnOf(lost)).toEqual(['text', 'tool_use']);
    }
    // Models that decide themselves how much to think need no thoughts back.
    expect(again('claude-opus-4-7', undefined, 'high')).toMatchObject({ body: { thinking: {} }, warned: [] });
  });

  it('asks for the answer in one piece only up to 4,096 tokens', () => {
    const stream = (more: Partial<ModelCall>) =>
      encode({ model: 'claude-haiku-4-5', isWhole: true, ...more }).body.stream;
    expect([stream({ maxOutputTokens: 4_096 }), stream({ maxOutputTokens: 4_097 }), stream({})]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
