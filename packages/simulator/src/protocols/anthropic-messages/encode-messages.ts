import type { Exchange } from '../../exchange/exchange.ts';
import type { Answer, AnswerChoice, AnswerPiece } from '../../generation/answer.ts';
import type { GenerationRequest } from '../../generation/generation-request.ts';
import { createOpaqueId } from '../../seeded-random.ts';
import { type EncodingOptions, type StreamEncoder, UNKNOWN_FIELD } from '../chat-protocol.ts';
import { renderAnthropicProblem } from './anthropic-problems.ts';

const STOP_REASONS: Record<AnswerChoice['finish'], string> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  refusal: 'refusal',
};
/** Output tokens that `message_start` reports, before there is any output. */
const START_OUTPUT_TOKENS = 1;
const SIGNATURE_LENGTH = 180;

function event(data: { type: string } & Record<string, unknown>): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

function stopFields(choice: AnswerChoice): Record<string, unknown> {
  const reason = STOP_REASONS[choice.finish];
  const details = reason === 'refusal' ? { stop_details: { type: 'refusal', category: null, explanation: null } } : {};
  return { stop_reason: reason, stop_sequence: choice.stopSequence ?? null, ...details };
}

/** Input without the cached parts, which Anthropic counts apart. */
function inputUsage(answer: Answer): Record<string, unknown> {
  const { input, cached, cacheWrite5m, cacheWrite1h } = answer.usage;
  return {
    input_tokens: Math.max(0, input - cached - cacheWrite5m - cacheWrite1h),
    cache_creation_input_tokens: cacheWrite5m + cacheWrite1h,
    cache_read_input_tokens: cached,
  };
}

function fullUsage(answer: Answer, outputTokens: number): Record<string, unknown> {
  const { cacheWrite5m, cacheWrite1h } = answer.usage;
  return {
    ...inputUsage(answer),
    cache_creation: { ephemeral_5m_input_tokens: cacheWrite5m, ephemeral_1h_input_tokens: cacheWrite1h },
    output_tokens: outputTokens,
    service_tier: 'standard',
    inference_geo: 'not_available',
  };
}

/** Thinking tokens are named apart, as part of the output tokens. */
function outputDetails(answer: Answer): Record<string, unknown> {
  return answer.usage.reasoning > 0 ? { output_tokens_details: { thinking_tokens: answer.usage.reasoning } } : {};
}

function message(request: GenerationRequest, answer: Answer, content: unknown[]): Record<string, unknown> {
  return { model: request.model.servedId, id: answer.id, type: 'message', role: 'assistant', content };
}

/** The `message` body. */
export function encodeMessage(
  exchange: Exchange,
  request: GenerationRequest,
  answer: Answer,
  options: EncodingOptions,
): string {
  const choice = answer.choices[0] as AnswerChoice;
  const content: unknown[] = [];
  if (choice.reasoning !== '') {
    content.push({
      type: 'thinking',
      thinking: request.reasoning.omitted === true ? '' : choice.reasoning,
      signature: createOpaqueId(exchange.random, SIGNATURE_LENGTH),
    });
  }
  if (choice.text + choice.refusal !== '') content.push({ type: 'text', text: choice.text + choice.refusal });
  for (const call of choice.toolCalls)
    content.push({ type: 'tool_use', id: call.id, name: call.name, input: JSON.parse(call.input) });
  return JSON.stringify({
    ...message(request, answer, content),
    ...stopFields(choice),
    ...(options.usage !== 'missing' && {
      usage: { ...fullUsage(answer, answer.usage.output), ...outputDetails(answer) },
    }),
    ...(options.unknownFields && UNKNOWN_FIELD),
  });
}

type BlockKind = 'thinking' | 'text' | 'tool_use';

/** The event sequence of a streamed message: blocks open and close as the kind of piece changes. */
export function createMessageEncoder(
  exchange: Exchange,
  request: GenerationRequest,
  answer: Answer,
  options: EncodingOptions,
): StreamEncoder {
  const choice = answer.choices[0] as AnswerChoice;
  let block: { kind: BlockKind; index: number; tool: number } | undefined;
  let nextIndex = 0;
  let sentTokens = 0;
  const extra = options.unknownFields ? UNKNOWN_FIELD : {};

  function close(): string {
    if (block === undefined) return '';
    const { index, kind } = block;
    block = undefined;
    const signature =
      kind === 'thinking'
        ? event({
            type: 'content_block_delta',
            index,
            delta: { type: 'signature_delta', signature: createOpaqueId(exchange.random, SIGNATURE_LENGTH) },
          })
        : '';
    return signature + event({ type: 'content_block_stop', index });
  }
  function enter(kind: BlockKind, piece: AnswerPiece): string {
    const tool = piece.tool?.index ?? -1;
    if (block?.kind === kind && block.tool === tool) return '';
    const closed = close();
    block = { kind, index: nextIndex++, tool };
    const contents: Record<BlockKind, Record<string, unknown>> = {
      thinking: { type: 'thinking', thinking: '', signature: '' },
      text: { type: 'text', text: '' },
      tool_use: { type: 'tool_use', id: piece.tool?.call.id, name: piece.tool?.call.name, input: {} },
    };
    const opened = event({ type: 'content_block_start', index: block.index, content_block: contents[kind] });
    const toolHead = kind === 'tool_use' ? delta({ type: 'input_json_delta', partial_json: '' }) : '';
    return closed + opened + (block.index === 0 ? event({ type: 'ping' }) : '') + toolHead;
  }
  function delta(content: Record<string, unknown>): string {
    const usage = options.usage === 'every-chunk' ? { usage: { output_tokens: Math.round(sentTokens) } } : {};
    return event({
      type: 'content_block_delta',
      index: block?.index ?? 0,
      delta: { ...content, ...extra },
      ...usage,
      ...extra,
    });
  }

  return {
    open: () =>
      event({
        type: 'message_start',
        message: {
          ...message(request, answer, []),
          stop_reason: null,
          stop_sequence: null,
          ...(options.usage !== 'missing' && { usage: fullUsage(answer, START_OUTPUT_TOKENS) }),
        },
        ...extra,
      }),
    piece(piece) {
      sentTokens += piece.tokens;
      switch (piece.kind) {
        case 'reasoning': {
          const opened = enter('thinking', piece);
          return request.reasoning.omitted === true
            ? opened
            : opened + delta({ type: 'thinking_delta', thinking: piece.value });
        }
        case 'text':
        case 'refusal':
          return enter('text', piece) + delta({ type: 'text_delta', text: piece.value });
        case 'tool-start':
          return enter('tool_use', piece);
        case 'tool-input':
          return enter('tool_use', piece) + delta({ type: 'input_json_delta', partial_json: piece.value });
      }
    },
    finish() {
      const usage =
        options.usage === 'missing'
          ? {}
          : { usage: { ...inputUsage(answer), output_tokens: answer.usage.output, ...outputDetails(answer) } };
      return close() + event({ type: 'message_delta', delta: stopFields(choice), ...usage, ...extra });
    },
    end: () => event({ type: 'message_stop', ...extra }),
    error: (problem) => `event: error\ndata: ${JSON.stringify(renderAnthropicProblem(exchange, problem).body)}\n\n`,
    malformed: () =>
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","te\n\n',
    unknown: () => event({ type: 'unreleased_event', ...UNKNOWN_FIELD }),
  };
}
