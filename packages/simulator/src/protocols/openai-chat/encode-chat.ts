import type { Exchange } from '../../exchange/exchange.ts';
import type { Answer, AnswerChoice, AnswerPiece } from '../../generation/answer.ts';
import type { GenerationRequest } from '../../generation/generation-request.ts';
import { createOpaqueId } from '../../seeded-random.ts';
import { type EncodingOptions, type StreamEncoder, UNKNOWN_FIELD } from '../chat-protocol.ts';
import { renderCompatibleProblem } from './compatible-problems.ts';
import type { CompatibleProfile } from './compatible-profiles.ts';
import { encodeChatUsage } from './encode-usage.ts';

/** OpenAI's word for why a choice ended; a refusal ends with `stop` and fills the refusal field. */
function finishReason(choice: AnswerChoice): string {
  switch (choice.finish) {
    case 'length':
      return 'length';
    case 'tool-calls':
      return 'tool_calls';
    case 'content-filter':
      return 'content_filter';
    default:
      return 'stop';
  }
}

function sse(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function envelope(
  object: string,
  request: GenerationRequest,
  answer: Answer,
  profile: CompatibleProfile,
): Record<string, unknown> {
  return {
    id: answer.id,
    object,
    created: answer.createdAt,
    model: profile.openaiExtras ? request.model.servedId : request.modelName,
    ...(profile.openaiExtras && { service_tier: 'default' }),
    ...(profile.fingerprint !== undefined && { system_fingerprint: profile.fingerprint }),
  };
}

/** Where a refusal goes: OpenAI has a field for it, the compatible vendors say it as text. */
function contentOf(choice: AnswerChoice, profile: CompatibleProfile): Record<string, unknown> {
  const { text, refusal } = choice;
  if (profile.openaiExtras)
    return {
      content: choice.toolCalls.length > 0 && text === '' ? null : refusal === '' ? text : null,
      refusal: refusal === '' ? null : refusal,
    };
  return {
    content: choice.toolCalls.length > 0 && text === '' ? (profile.vendor === 'ollama' ? '' : null) : text + refusal,
  };
}

/** The `chat.completion` body. */
export function encodeChatCompletion(
  request: GenerationRequest,
  answer: Answer,
  options: EncodingOptions,
  profile: CompatibleProfile,
): string {
  const { reasoningField } = request.model;
  const choices = answer.choices.map((choice, index) => ({
    index,
    message: {
      role: 'assistant',
      ...contentOf(choice, profile),
      ...(reasoningField !== undefined && choice.reasoning !== '' && { [reasoningField]: choice.reasoning }),
      ...(choice.toolCalls.length > 0 && {
        tool_calls: choice.toolCalls.map((call, position) => ({
          ...(profile.vendor === 'ollama' && { index: position }),
          id: call.id,
          type: 'function',
          function: { name: call.name, arguments: call.input },
        })),
      }),
      ...(profile.openaiExtras && { annotations: [] }),
      ...(options.unknownFields && UNKNOWN_FIELD),
    },
    ...(profile.openaiExtras && { logprobs: null }),
    finish_reason: finishReason(choice),
  }));
  const usage = options.usage === 'missing' ? {} : { usage: encodeChatUsage(answer.usage, request.model, profile) };
  return JSON.stringify({
    ...envelope('chat.completion', request, answer, profile),
    choices,
    ...usage,
    ...(options.unknownFields && UNKNOWN_FIELD),
  });
}

/** Chunks of `chat.completion.chunk`, ended by `data: [DONE]`. */
export function createChatEncoder(
  exchange: Exchange,
  request: GenerationRequest,
  answer: Answer,
  options: EncodingOptions,
  profile: CompatibleProfile,
): StreamEncoder {
  const head = envelope('chat.completion.chunk', request, answer, profile);
  const { reasoningField } = request.model;
  let sentTokens = 0;

  function usageFields(isFinish: boolean): Record<string, unknown> {
    if (options.usage === 'missing') return {};
    if (options.usage === 'every-chunk')
      return {
        usage: encodeChatUsage(answer.usage, request.model, profile, isFinish ? undefined : Math.round(sentTokens)),
      };
    if (profile.usagePlacement === 'finish-chunk')
      return isFinish ? { usage: encodeChatUsage(answer.usage, request.model, profile) } : {};
    return profile.openaiExtras && request.includeUsage ? { usage: null } : {};
  }
  function chunk(index: number, delta: Record<string, unknown>, finish: string | null, isLast = false): string {
    const choice = {
      index,
      delta: { ...delta, ...(options.unknownFields && UNKNOWN_FIELD) },
      ...(profile.openaiExtras && { logprobs: null }),
      finish_reason: finish,
    };
    return sse({
      ...head,
      choices: [choice],
      ...usageFields(isLast),
      ...(profile.openaiExtras && { obfuscation: createOpaqueId(exchange.random, 2 + exchange.random.integer(0, 8)) }),
      ...(options.unknownFields && UNKNOWN_FIELD),
    });
  }
  function delta(piece: AnswerPiece): Record<string, unknown> {
    const role = profile.roleInEveryDelta ? { role: 'assistant' } : {};
    switch (piece.kind) {
      case 'text':
        return { ...role, content: piece.value };
      case 'reasoning':
        return {
          ...role,
          ...(profile.vendor === 'ollama' && { content: '' }),
          [reasoningField ?? 'reasoning']: piece.value,
        };
      case 'refusal':
        return profile.openaiExtras ? { refusal: piece.value } : { ...role, content: piece.value };
      case 'tool-start': {
        const index = piece.tool?.index ?? 0;
        const call = {
          index,
          id: piece.tool?.call.id,
          type: 'function',
          function: { name: piece.tool?.call.name, arguments: piece.value },
        };
        return { ...role, ...(profile.vendor === 'ollama' && { content: '' }), tool_calls: [call] };
      }
      case 'tool-input':
        return { tool_calls: [{ index: piece.tool?.index ?? 0, function: { arguments: piece.value } }] };
    }
  }

  return {
    open() {
      if (profile.roleInEveryDelta) return '';
      return answer.choices
        .map((choice, index) =>
          chunk(
            index,
            {
              role: 'assistant',
              content: choice.toolCalls.length > 0 ? null : '',
              ...(profile.openaiExtras && { refusal: null }),
            },
            null,
          ),
        )
        .join('');
    },
    piece(piece) {
      sentTokens += piece.tokens;
      return chunk(piece.choice, delta(piece), null);
    },
    finish() {
      const last = answer.choices.length - 1;
      const finishDelta = profile.roleInEveryDelta ? { role: 'assistant', content: '' } : {};
      const chunks = answer.choices.map((choice, index) =>
        chunk(index, finishDelta, finishReason(choice), index === last),
      );
      const wantsUsage = options.usage === 'normal' && profile.usagePlacement === 'own-chunk' && request.includeUsage;
      if (wantsUsage)
        chunks.push(sse({ ...head, choices: [], usage: encodeChatUsage(answer.usage, request.model, profile) }));
      return chunks.join('');
    },
    end: () => 'data: [DONE]\n\n',
    error: (problem) => sse(renderCompatibleProblem(exchange, problem, profile).body),
    malformed: () =>
      `data: {"id":"${answer.id}","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"\n\n`,
    unknown: () =>
      `: keep-alive\n\nevent: x.unreleased\ndata: ${JSON.stringify({ ...head, object: 'chat.completion.annotation', choices: [], ...UNKNOWN_FIELD })}\n\n`,
  };
}
