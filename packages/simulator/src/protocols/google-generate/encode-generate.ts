import type { Exchange } from '../../exchange/exchange.ts';
import type { Answer, AnswerChoice, AnswerPiece } from '../../generation/answer.ts';
import type { GenerationRequest } from '../../generation/generation-request.ts';
import { createOpaqueId } from '../../seeded-random.ts';
import { type EncodingOptions, type StreamEncoder, UNKNOWN_FIELD } from '../chat-protocol.ts';
import { renderGoogleProblem } from './google-problems.ts';

const FINISH_REASONS: Record<AnswerChoice['finish'], string> = {
  stop: 'STOP',
  'stop-sequence': 'STOP',
  length: 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'content-filter': 'SAFETY',
  refusal: 'PROHIBITED_CONTENT',
};
const SIGNATURE_LENGTH = 88;

const SAFETY_RATINGS = [
  { category: 'HARM_CATEGORY_HARASSMENT', probability: 'NEGLIGIBLE' },
  { category: 'HARM_CATEGORY_DANGEROUS_CONTENT', probability: 'HIGH', blocked: true },
];

/** Candidates exclude thoughts; the total includes them. Zero counts are left out, as Google does. */
export function encodeUsageMetadata(
  answer: Answer,
  output: { candidates: number; thoughts: number },
): Record<string, unknown> {
  const { input, cached } = answer.usage;
  return {
    promptTokenCount: input,
    ...(output.candidates > 0 && { candidatesTokenCount: output.candidates }),
    totalTokenCount: input + output.candidates + output.thoughts,
    ...(cached > 0 && { cachedContentTokenCount: cached }),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: input }],
    ...(cached > 0 && { cacheTokensDetails: [{ modality: 'TEXT', tokenCount: cached }] }),
    ...(output.thoughts > 0 && { thoughtsTokenCount: output.thoughts }),
  };
}

function finalOutput(answer: Answer): { candidates: number; thoughts: number } {
  return { candidates: answer.usage.output - answer.usage.reasoning, thoughts: answer.usage.reasoning };
}

function envelope(request: GenerationRequest, answer: Answer): Record<string, unknown> {
  return { modelVersion: request.model.servedId, responseId: answer.id };
}

function finishFields(choice: AnswerChoice): Record<string, unknown> {
  const finishReason = FINISH_REASONS[choice.finish];
  return { finishReason, ...(finishReason === 'SAFETY' && { safetyRatings: SAFETY_RATINGS }) };
}

/** A refused prompt: 200 with feedback and no candidates. */
function blockedBody(request: GenerationRequest, answer: Answer): Record<string, unknown> {
  return {
    promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
    usageMetadata: encodeUsageMetadata(answer, { candidates: 0, thoughts: 0 }),
    ...envelope(request, answer),
  };
}

function callPart(
  exchange: Exchange,
  request: GenerationRequest,
  piece: { name: string; input: string; id: string; index: number },
): Record<string, unknown> {
  const thirdGeneration = request.model.id.startsWith('gemini-3');
  const signature =
    thirdGeneration && piece.index === 0 ? { thoughtSignature: createOpaqueId(exchange.random, SIGNATURE_LENGTH) } : {};
  return {
    functionCall: { name: piece.name, args: JSON.parse(piece.input), ...(thirdGeneration && { id: piece.id }) },
    ...signature,
  };
}

/** The generateContent body, indented as Google sends it. */
export function encodeGenerated(
  exchange: Exchange,
  request: GenerationRequest,
  answer: Answer,
  options: EncodingOptions,
): string {
  if (answer.promptBlocked) return JSON.stringify(blockedBody(request, answer), null, 2);
  const candidates = answer.choices.map((choice, index) => {
    const parts: unknown[] = [];
    if (choice.reasoning !== '') parts.push({ text: choice.reasoning, thought: true });
    if (choice.text !== '') parts.push({ text: choice.text });
    for (const [position, call] of choice.toolCalls.entries())
      parts.push(callPart(exchange, request, { ...call, index: position }));
    const content =
      parts.length > 0
        ? { content: { parts, role: 'model' } }
        : choice.finish === 'stop'
          ? { content: { role: 'model' } }
          : {};
    return { ...content, ...finishFields(choice), index, ...(options.unknownFields && UNKNOWN_FIELD) };
  });
  const usage = options.usage === 'missing' ? {} : { usageMetadata: encodeUsageMetadata(answer, finalOutput(answer)) };
  return JSON.stringify(
    { candidates, ...usage, ...envelope(request, answer), ...(options.unknownFields && UNKNOWN_FIELD) },
    null,
    2,
  );
}

/** Chunks of streamGenerateContent: server-sent events with `alt=sse`, else the elements of one JSON array. */
export function createGenerateEncoder(
  exchange: Exchange,
  request: GenerationRequest,
  answer: Answer,
  options: EncodingOptions,
): StreamEncoder {
  const asEvents = exchange.url.searchParams.get('alt') === 'sse';
  const thoughtsAtStart = request.reasoning.visible ? 0 : answer.usage.reasoning;
  const sent = { candidates: 0, thoughts: thoughtsAtStart };
  let isFirst = true;

  function frame(value: string): string {
    if (asEvents) return `data: ${value}\r\n\r\n`;
    const lead = isFirst ? '[' : ',\r\n';
    isFirst = false;
    return lead + value;
  }
  function chunk(body: Record<string, unknown>, isLast: boolean): string {
    const output = isLast
      ? finalOutput(answer)
      : { candidates: Math.round(sent.candidates), thoughts: Math.round(sent.thoughts) };
    const usage = options.usage === 'missing' ? {} : { usageMetadata: encodeUsageMetadata(answer, output) };
    return frame(
      JSON.stringify({ ...body, ...usage, ...envelope(request, answer), ...(options.unknownFields && UNKNOWN_FIELD) }),
    );
  }
  function part(piece: AnswerPiece): Record<string, unknown> {
    if (piece.kind === 'reasoning') return { text: piece.value, thought: true };
    const call = piece.tool?.call;
    if (call === undefined) return { text: piece.value };
    return callPart(exchange, request, { ...call, index: piece.tool?.index ?? 0 });
  }

  return {
    open: () => '',
    piece(piece) {
      if (answer.promptBlocked || piece.kind === 'refusal') return '';
      if (piece.kind === 'reasoning') sent.thoughts += piece.tokens;
      else sent.candidates += piece.tokens;
      return chunk({ candidates: [{ content: { parts: [part(piece)], role: 'model' }, index: piece.choice }] }, false);
    },
    finish() {
      if (answer.promptBlocked) return frame(JSON.stringify(blockedBody(request, answer)));
      const last = answer.choices.length - 1;
      return answer.choices
        .map((choice, index) => {
          const withContent = choice.finish !== 'content-filter' && choice.finish !== 'refusal';
          const content = withContent ? { content: { parts: [{ text: '' }], role: 'model' } } : {};
          return chunk({ candidates: [{ ...content, ...finishFields(choice), index }] }, index === last);
        })
        .join('');
    },
    end: () => (asEvents ? '' : ']'),
    error: (problem) => frame(JSON.stringify(renderGoogleProblem(exchange, problem).body)),
    malformed: () => frame('{"candidates":[{"content":{"parts":[{"text":"'),
    // Google's SDK accepts nothing but data lines, so the unknown event is a chunk of unknown content.
    unknown: () => frame(JSON.stringify({ ...UNKNOWN_FIELD, ...envelope(request, answer) })),
  };
}
