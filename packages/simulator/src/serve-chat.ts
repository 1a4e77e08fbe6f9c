import type { Exchange } from './exchange/exchange.ts';
import { playAnswer } from './exchange/play-answer.ts';
import { sendWhole } from './exchange/send-whole.ts';
import { refuse } from './faults/problem-codes.ts';
import type { Answer, AnswerPiece } from './generation/answer.ts';
import type { GenerationRequest } from './generation/generation-request.ts';
import { planAnswer } from './generation/plan-answer.ts';
import { splitAnswer } from './generation/split-answer.ts';
import { encodingOptionsOf, type StreamEncoder, type VendorProtocol } from './protocols/chat-protocol.ts';
import type { SimulatorState } from './simulator-state.ts';
import { drawTiming } from './timing/draw-timing.ts';

/** Marks every answer as simulated, whichever vendor it speaks for. */
export const SIMULATED_HEADER = { 'x-switchyard-simulated': '1' };

/** Everything about one answer, ready to be sent. */
interface PreparedAnswer {
  request: GenerationRequest;
  answer: Answer;
  contentType: string;
  encoder: StreamEncoder;
  pieces: AnswerPiece[];
  whole: () => string;
}

function prepare(exchange: Exchange, protocol: VendorProtocol, body: unknown, state: SimulatorState): PreparedAnswer {
  const { chat } = protocol;
  const request = chat.parse(exchange, body);
  exchange.entry.stream = request.stream;
  const answer = planAnswer(exchange, request, state.cache.measure(request));
  answer.id = chat.answerId(exchange);
  const options = encodingOptionsOf(exchange);
  const isHuge = exchange.fault('huge-delta') !== undefined;
  return {
    request,
    answer,
    contentType: request.stream ? chat.streamContentType(exchange) : 'application/json',
    encoder: chat.createEncoder(exchange, request, answer, options),
    pieces: request.stream
      ? splitAnswer(answer, chat.chunkHabit, request.model.tokenFactor, isHuge, exchange.random)
      : [],
    whole: () => chat.encodeWhole(exchange, request, answer, options),
  };
}

/** Answers one chat request, streamed or whole. Throws a problem for what the vendor would refuse. */
export async function serveChat(
  exchange: Exchange,
  protocol: VendorProtocol,
  body: unknown,
  state: SimulatorState,
): Promise<void> {
  const { settings, fixedAnswers } = state;
  const canRepeat =
    exchange.fixedAnswer !== null && exchange.speed === Number.POSITIVE_INFINITY && exchange.faults.length === 0;
  const repeatHeaders = (): Record<string, string> => ({ ...protocol.headers(exchange, 1), ...SIMULATED_HEADER });
  if (canRepeat && fixedAnswers.send(exchange, body, settings.version, repeatHeaders)) return;

  const { request, answer, contentType, encoder, pieces, whole } = prepare(exchange, protocol, body, state);
  if (canRepeat) {
    const text = request.stream
      ? encoder.open() + pieces.map((piece) => encoder.piece(piece)).join('') + encoder.finish() + encoder.end()
      : whole();
    fixedAnswers.store(exchange, body, { body: Buffer.from(text), contentType, outputTokens: answer.usage.output });
    fixedAnswers.send(exchange, body, settings.version, repeatHeaders);
    return;
  }

  // Reasoning that is not shown passes before the first visible token; shown (or omitted) reasoning is paced like any output.
  const hiddenReasoningTokens = request.reasoning.visible ? 0 : answer.usage.reasoning;
  const load = { promptTokens: answer.usage.input, hiddenReasoningTokens };
  const timing = drawTiming(request.model.speed, load, settings.overrideFor(request.model), exchange.random);
  const headers = (processingMs: number): Record<string, string> => ({
    'content-type': contentType,
    ...(request.stream && { 'cache-control': 'no-cache' }),
    ...protocol.headers(exchange, processingMs, answer),
    ...SIMULATED_HEADER,
  });
  if (request.stream) return playAnswer(exchange, encoder, pieces, timing, headers);
  const streamError = exchange.fault('stream-error');
  if (streamError !== undefined) refuse({ code: streamError.code ?? 'overloaded', message: streamError.message });
  return sendWhole(exchange, whole(), answer.usage.output, hiddenReasoningTokens, timing, headers);
}
