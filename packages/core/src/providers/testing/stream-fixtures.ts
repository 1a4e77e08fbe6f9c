import { createAnthropicMessagesDecoder } from '../anthropic-messages/decode.ts';
import { googleGenerateDecoder } from '../google-generate/decode.ts';
import { openAiChatDecoder } from '../openai-chat/decode.ts';
import type { WireProtocol } from '../provider-profile.ts';
import type { DecoderProgress, StreamDecoder } from '../stream-decoder.ts';

/** A stream as a vendor sends it, with what is special about it. */
export interface StreamFixture {
  readonly name: string;
  readonly protocol: WireProtocol;
  readonly body: Buffer;
}

export function decoderOf(protocol: WireProtocol): StreamDecoder<DecoderProgress> {
  if (protocol === 'openai-chat') return openAiChatDecoder as unknown as StreamDecoder<DecoderProgress>;
  if (protocol === 'google-generate') return googleGenerateDecoder as unknown as StreamDecoder<DecoderProgress>;
  return createAnthropicMessagesDecoder() as unknown as StreamDecoder<DecoderProgress>;
}

const data = (event: unknown) => `data: ${JSON.stringify(event)}\n\n`;
const named = (event: { readonly type: string }) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
const choice = (delta: unknown, finish_reason: string | null = null, more: object = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  model: 'some-model',
  choices: [{ index: 0, delta, finish_reason }],
  ...more,
});

/** Forms of vendors that the simulator does not stand for, written after their documentation. */
export const writtenFixtures: readonly StreamFixture[] = [
  {
    name: 'Groq: usage under x_groq',
    protocol: 'openai-chat',
    body: text(
      data(choice({ role: 'assistant', content: '' }, null, { x_groq: { id: 'req_1' } })),
      data(choice({ content: 'Ebb ' })),
      data(choice({ content: 'and flow.' })),
      data(choice({}, 'stop', { x_groq: { id: 'req_1', usage: { prompt_tokens: 9, completion_tokens: 4 } } })),
      'data: [DONE]\n\n',
    ),
  },
  {
    name: 'Mistral: content as a list of thoughts and texts',
    protocol: 'openai-chat',
    body: text(
      data(choice({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'The moon pulls.' }] }] })),
      data(choice({ content: [{ type: 'text', text: 'Because of ' }] })),
      data(choice({ content: 'the moon.' })),
      data(choice({ content: '' }, 'stop', { usage: { prompt_tokens: 5, total_tokens: 15, completion_tokens: 10 } })),
      'data: [DONE]\n\n',
    ),
  },
  {
    name: 'OpenRouter: comments between events, reasoning, CRLF',
    protocol: 'openai-chat',
    body: text(
      ': OPENROUTER PROCESSING\r\n\r\n',
      data(choice({ role: 'assistant', content: '', reasoning: 'Let me see: ' })).replaceAll('\n', '\r\n'),
      ': OPENROUTER PROCESSING\r\n\r\n',
      data(choice({ content: '', reasoning: 'moon → tide' })).replaceAll('\n', '\r\n'),
      data(choice({ content: 'Gezeiten 🌊 ändern sich.' })).replaceAll('\n', '\r\n'),
      data(choice({ content: '' }, 'stop', { native_finish_reason: 'completed' })).replaceAll('\n', '\r\n'),
      data({
        model: 'some-model',
        choices: [],
        usage: { prompt_tokens: 7, completion_tokens: 11, completion_tokens_details: { reasoning_tokens: 5 } },
      }),
      'data: [DONE]\n\n',
    ),
  },
  {
    name: 'Azure: filter results in a first chunk without choices, several choices, two tool calls in pieces',
    protocol: 'openai-chat',
    body: text(
      data({ choices: [], prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }], model: '' }),
      data(choice({ role: 'assistant', content: null, refusal: null })),
      data({ model: 'some-model', choices: [{ index: 1, delta: { content: 'other' }, finish_reason: null }] }),
      data(choice({ tool_calls: [call(0, 'call_a', 'get_tide', '')] })),
      data(choice({ tool_calls: [call(0, undefined, undefined, '{"port":')] })),
      data(choice({ tool_calls: [call(0, undefined, undefined, '"Bréhat"}')] })),
      data(choice({ tool_calls: [call(1, 'call_b', 'get_moon', '{"phase":')] })),
      data(choice({ tool_calls: [call(1, undefined, undefined, '"full"}')] })),
      data(choice({}, 'tool_calls', { content_filter_results: {} })),
      data({ model: 'some-model', choices: [], usage: { prompt_tokens: 30, completion_tokens: 20 } }),
      'data: [DONE]\n\n',
    ),
  },
  {
    name: 'OpenAI: a refusal',
    protocol: 'openai-chat',
    body: text(
      data(choice({ role: 'assistant', content: '', refusal: null })),
      data(choice({ refusal: 'I am sorry, ' })),
      data(choice({ refusal: 'I cannot help with that.' })),
      data(choice({}, 'stop')),
      data({ model: 'some-model', choices: [], usage: { prompt_tokens: 3, completion_tokens: 9 } }),
      'data: [DONE]\n\n',
    ),
  },
  {
    name: 'Anthropic: thinking with a signature, text, two tool calls, pings and events nobody knows',
    protocol: 'anthropic-messages',
    body: text(
      named({
        type: 'message_start',
        message: {
          id: 'msg_1',
          model: 'claude',
          usage: { input_tokens: 25, cache_read_input_tokens: 4, output_tokens: 1 },
        },
      } as never),
      named(block(0, { type: 'thinking', thinking: '', signature: '' })),
      named({ type: 'ping' }),
      named(blockDelta(0, { type: 'thinking_delta', thinking: 'The moon, ' })),
      named(blockDelta(0, { type: 'thinking_delta', thinking: 'perhaps.' })),
      named(blockDelta(0, { type: 'signature_delta', signature: 'EqQBCgIYAhIM' })),
      named(blockStop(0)),
      named(block(1, { type: 'text', text: '' })),
      named(blockDelta(1, { type: 'text_delta', text: 'Ich sehe nach: 潮' })),
      named({ type: 'something_new', note: 'ignore me' } as never),
      named(blockDelta(1, { type: 'text_delta', text: '汐.' })),
      named(blockStop(1)),
      named(block(2, { type: 'tool_use', id: 'toolu_1', name: 'get_tide', input: {} })),
      named(blockDelta(2, { type: 'input_json_delta', partial_json: '' })),
      named(blockDelta(2, { type: 'input_json_delta', partial_json: '{"port": "Bré' })),
      named(blockDelta(2, { type: 'input_json_delta', partial_json: 'hat"}' })),
      named(blockStop(2)),
      named(block(3, { type: 'tool_use', id: 'toolu_2', name: 'get_moon', input: {} })),
      named(blockDelta(3, { type: 'input_json_delta', partial_json: '{"phase":"full"}' })),
      named(blockStop(3)),
      named({ type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 61 } } as never),
      named({ type: 'message_stop' }),
    ),
  },
  {
    name: 'Gemini: thoughts, text, a call with its signature, usage in every chunk',
    protocol: 'google-generate',
    body: text(
      data(gemini([{ text: 'Moon or sun?', thought: true }])),
      data(gemini([{ text: 'Es ist ' }])),
      data(gemini([{ text: 'der Mond 🌙.' }])),
      data(gemini([{ functionCall: { name: 'get_tide', args: { port: 'Bréhat' } }, thoughtSignature: 'CpQB' }])),
      data(gemini([{ text: '' }], 'STOP')),
    ).subarray(0),
  },
];

function text(...pieces: readonly string[]): Buffer {
  return Buffer.from(pieces.join(''));
}

function call(index: number, id: string | undefined, name: string | undefined, args: string) {
  return { index, id, type: 'function', function: { name, arguments: args } };
}

function block(index: number, content_block: object) {
  return { type: 'content_block_start', index, content_block };
}

function blockDelta(index: number, delta: object) {
  return { type: 'content_block_delta', index, delta };
}

function blockStop(index: number) {
  return { type: 'content_block_stop', index };
}

function gemini(parts: readonly object[], finishReason?: string) {
  return {
    candidates: [{ index: 0, content: { role: 'model', parts }, ...(finishReason && { finishReason }) }],
    usageMetadata: { promptTokenCount: 8, candidatesTokenCount: 12, thoughtsTokenCount: 6, totalTokenCount: 26 },
    modelVersion: 'gemini-x',
    responseId: 'r1',
  };
}
