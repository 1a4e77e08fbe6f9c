import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvents } from '../testing/decode-events.ts';
import { createAnthropicMessagesDecoder } from './anthropic-messages/decode.ts';
import { googleGenerateDecoder } from './google-generate/decode.ts';
import { openAiChatDecoder } from './openai-chat/decode.ts';
import type { DecoderProgress, StreamDecoder } from './stream-decoder.ts';

/** About two seconds for all three; raise it for a longer hunt. */
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
        const { parts, usage } = decodeEvents(decoder, events);
        expect(JSON.stringify(events)).toBe(before);
        expect(decodeEvents(decoder, events).parts).toEqual(parts);
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
