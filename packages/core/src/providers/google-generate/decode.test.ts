import { describe, expect, it } from 'vitest';
import { decodeEvents } from '../../testing/decode-events.ts';
import { googleGenerateDecoder } from './decode.ts';

describe('googleGenerateDecoder', () => {
  const piece = (parts: unknown[], more: object = {}, whole: object = {}) => ({
    candidates: [{ index: 0, content: { role: 'model', parts }, ...more }],
    modelVersion: 'g',
    responseId: 'r1',
    ...whole,
  });

  it('reads thoughts, text and tool calls, and adds thoughts to the output', () => {
    const result = decodeEvents(googleGenerateDecoder, [
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
      decodeEvents(googleGenerateDecoder, [
        { usageMetadata: { promptTokenCount: 10, thoughtsTokenCount: 90, totalTokenCount: 100 } },
      ]).usage,
    ).toEqual({ inputTokens: 10, outputTokens: 90, reasoningTokens: 90 });
    expect(decodeEvents(googleGenerateDecoder, [{ usageMetadata: { promptTokenCount: 10 } }]).usage).toEqual({
      inputTokens: 10,
    });
  });

  it('fails for an answer that the model itself broke, and warns of several', () => {
    const broken = piece([], { finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage: 'Malformed function call: f(' });
    expect(decodeEvents(googleGenerateDecoder, [broken])).toMatchObject({
      failure: { kind: 'invalid-response', message: 'Malformed function call: f(', code: 'MALFORMED_FUNCTION_CALL' },
      reason: undefined,
    });
    const several = {
      candidates: [{ index: 1, content: { parts: [{ text: 'b' }] } }, ...piece([{ text: 'a' }]).candidates],
    };
    expect(decodeEvents(googleGenerateDecoder, [several])).toMatchObject({
      parts: [{ delta: 'a' }],
      warnings: [{ type: 'other' }],
    });
  });

  it('fails for a refused prompt, and ends with content-filter for a stopped answer', () => {
    expect(
      decodeEvents(googleGenerateDecoder, [{ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }]).failure,
    ).toMatchObject({ kind: 'content-filter', code: 'PROHIBITED_CONTENT' });
    expect(decodeEvents(googleGenerateDecoder, [piece([], { finishReason: 'SAFETY' })]).reason).toEqual({
      unified: 'content-filter',
      raw: 'SAFETY',
    });
    expect(
      decodeEvents(googleGenerateDecoder, [piece([], { finishReason: 'FINISH_REASON_UNSPECIFIED' })]).reason,
    ).toBeUndefined();
  });
});
