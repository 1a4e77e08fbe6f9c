import { describe, expect, it } from 'vitest';
import type { ModelCall } from '../../spec/index.ts';
import { ask } from '../../testing/read-parts.ts';
import { encodeClaudeThoughts } from '../claude-thoughts.ts';
import { UnsupportedCallError } from '../encoded-call.ts';
import { encodeGoogleGenerate } from './encode.ts';

const encode = (call: Partial<ModelCall> & { model: string }) => {
  const { body, warnings } = encodeGoogleGenerate({ ...ask(call.model, 'Hello'), ...call });
  return {
    body: body as Record<string, Record<string, unknown>>,
    warned: warnings.map(({ type, setting }) => `${type} ${setting ?? ''}`.trim()),
  };
};
const tool = { name: 'f', description: 'd', inputSchema: { type: 'object', properties: {} } };

describe('encodeGoogleGenerate', () => {
  it('writes the conversation, the system prompt and all settings', () => {
    const { body, warned } = encode({
      model: 'gemini-2.5-flash',
      system: 'Be brief.',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image', mediaType: 'image/png', dataBase64: 'AAAA' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Well' },
            { type: 'tool-call', id: 'c1', toolName: 'f', input: '{"a":1}', vendorSignature: 'sig' },
          ],
        },
        { role: 'tool', toolCallId: 'c1', toolName: 'f', output: 'ok' },
        { role: 'tool', toolCallId: 'c2', toolName: 'g', output: 'no', isError: true },
      ],
      temperature: 0.5,
      topP: 0.9,
      topK: 5,
      seed: 7,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      maxOutputTokens: 99,
      stopSequences: ['x'],
    });
    expect(warned).toEqual([]);
    expect(body).toEqual({
      contents: [
        { role: 'user', parts: [{ text: 'Look' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }] },
        {
          role: 'model',
          parts: [{ text: 'Well' }, { functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'sig' }],
        },
        {
          role: 'user',
          parts: [
            { functionResponse: { name: 'f', response: { output: 'ok' } } },
            { functionResponse: { name: 'g', response: { error: 'no' } } },
          ],
        },
      ],
      systemInstruction: { role: 'system', parts: [{ text: 'Be brief.' }] },
      generationConfig: {
        temperature: 0.5,
        topP: 0.9,
        topK: 5,
        seed: 7,
        frequencyPenalty: 0.1,
        presencePenalty: 0.2,
        maxOutputTokens: 99,
        stopSequences: ['x'],
      },
    });
  });

  it('gives Gemini 3 a stand-in for a signature that never was, on the first call of a turn', () => {
    const call = (id: string) => ({ type: 'tool-call' as const, id, toolName: 'f', input: '{}' });
    const { body } = encode({
      model: 'gemini-3.1-pro-preview',
      messages: [{ role: 'assistant', content: [call('1'), call('2')] }],
    });
    expect(JSON.stringify(body.contents).match(/thoughtSignature/g)).toHaveLength(1);
  });

  it.each([
    ['gemini-2.5-flash', 'none', { thinkingBudget: 0 }, 0],
    ['gemini-2.5-pro', 'none', { thinkingBudget: 128 }, 1],
    ['gemini-2.5-pro', 'high', { thinkingBudget: 24_576, includeThoughts: true }, 0],
    ['gemini-3.8-flash', 'minimal', { thinkingLevel: 'minimal', includeThoughts: true }, 0],
    ['gemini-3.8-flash', 'none', { thinkingLevel: 'minimal' }, 1],
    ['gemini-3.1-pro-preview', 'minimal', { thinkingLevel: 'low', includeThoughts: true }, 1],
    ['gemini-3.1-pro-preview', 'medium', { thinkingLevel: 'medium', includeThoughts: true }, 0],
    ['gemini-2.0-flash', 'high', undefined, 1],
  ] as const)('asks %s for the effort %s', (model, reasoningEffort, thinkingConfig, warnings) => {
    const { body, warned } = encode({ model, reasoningEffort });
    expect(body.generationConfig?.thinkingConfig).toEqual(thinkingConfig);
    expect(warned).toHaveLength(warnings);
  });

  it('writes tools, their choice and JSON output', () => {
    expect(encode({ model: 'gemini-2.5-flash', tools: [tool], toolChoice: { toolName: 'f' } }).body).toMatchObject({
      tools: [{ functionDeclarations: [{ name: 'f', description: 'd', parametersJsonSchema: tool.inputSchema }] }],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
    });
    expect(
      encode({ model: 'gemini-2.5-flash', output: { type: 'json', schema: tool.inputSchema } }).body.generationConfig,
    ).toEqual({ responseMimeType: 'application/json', responseJsonSchema: tool.inputSchema });
    expect(encode({ model: 'gemini-2.5-flash', tools: [tool], allowsParallelToolCalls: false }).warned).toEqual([
      'unsupported-setting allowsParallelToolCalls',
    ]);
  });

  it('refuses an image by address and a name that is none', () => {
    const messages = [
      { role: 'user' as const, content: [{ type: 'image-url' as const, url: 'https://example.com/a.png' }] },
    ];
    expect(() => encode({ model: 'gemini-2.5-flash', messages })).toThrow(UnsupportedCallError);
    for (const model of ['../v1/files', 'a?b=c', 'x y', 'a/b/c', 'a..b', ''])
      expect(() => encode({ model })).toThrow(UnsupportedCallError);
    expect(() => encode({ model: 'tunedModels/my-model' })).not.toThrow();
  });

  it('merges provider options into the generation config', () => {
    expect(
      encode({
        model: 'gemini-2.5-flash',
        temperature: 1,
        providerOptions: { generationConfig: { temperature: 0 }, safetySettings: [] },
      }).body,
    ).toMatchObject({ generationConfig: { temperature: 0 }, safetySettings: [] });
  });

  it('sends no signature of another vendor', () => {
    const partsOf = (model: string) => {
      const vendorSignature = encodeClaudeThoughts([{ type: 'redacted_thinking', data: 'x' }]);
      const call = { type: 'tool-call', id: 'c', toolName: 'f', input: '{}', vendorSignature } as const;
      return JSON.stringify(encode({ model, messages: [{ role: 'assistant', content: [call] }] }).body.contents);
    };
    expect(partsOf('gemini-2.5-flash')).not.toContain('thoughtSignature');
    expect(partsOf('gemini-3-pro')).toContain('"thoughtSignature":"skip_thought_signature_validator"');
  });
});
