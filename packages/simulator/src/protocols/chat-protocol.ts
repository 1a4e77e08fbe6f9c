import type { Exchange } from '../exchange/exchange.ts';
import type { Problem } from '../faults/problem-codes.ts';
import type { Answer, AnswerPiece } from '../generation/answer.ts';
import type { GenerationRequest } from '../generation/generation-request.ts';
import type { ChunkHabit } from '../generation/split-answer.ts';

/** A vendor's refusal on the wire. */
export interface WireError {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** Turns an answer into the vendor's events; every method returns bytes as text, possibly none. */
export interface StreamEncoder {
  open(): string;
  piece(piece: AnswerPiece): string;
  /** Finish reason and usage, in whatever events the vendor puts them. */
  finish(): string;
  /** The vendor's terminal marker. */
  end(): string;
  error(problem: Problem): string;
  /** One event whose data is not JSON. */
  malformed(): string;
  /** An event of a kind that clients do not know yet. */
  unknown(): string;
}

/** What an encoder needs to know beside the answer. */
export interface EncodingOptions {
  usage: 'normal' | 'missing' | 'every-chunk';
  unknownFields: boolean;
}

/** One of the three wire formats (with the profile of one vendor applied). */
export interface ChatProtocol {
  readonly chunkHabit: ChunkHabit;
  /** Reads and checks the body; throws a problem for what the vendor refuses. */
  parse(exchange: Exchange, body: unknown): GenerationRequest;
  createEncoder(
    exchange: Exchange,
    request: GenerationRequest,
    answer: Answer,
    options: EncodingOptions,
  ): StreamEncoder;
  /** The whole answer as the JSON body. */
  encodeWhole(exchange: Exchange, request: GenerationRequest, answer: Answer, options: EncodingOptions): string;
  streamContentType(exchange: Exchange): string;
  answerId(exchange: Exchange): string;
}

/** Everything the server must know about one vendor. */
export interface VendorProtocol {
  readonly chat: ChatProtocol;
  /** The key the client sent; undefined when none. */
  readKey(exchange: Exchange): string | undefined;
  /** Answers work without a key (a local Ollama). */
  readonly keyOptional: boolean;
  renderProblem(exchange: Exchange, problem: Problem): WireError;
  /** Headers of every answer; `processingMs` as measured so far. */
  headers(exchange: Exchange, processingMs: number, answer?: Answer): Record<string, string>;
  /** Bodies of the free listing calls; undefined: no such model. */
  listModels(exchange: Exchange): unknown;
  showModel(exchange: Exchange, id: string): unknown;
  embed(exchange: Exchange, body: unknown): unknown;
}

export function encodingOptionsOf(exchange: Exchange): EncodingOptions {
  const usage = exchange.fault('missing-usage')
    ? 'missing'
    : exchange.fault('usage-every-chunk')
      ? 'every-chunk'
      : 'normal';
  return { usage, unknownFields: exchange.fault('unknown-events') !== undefined };
}

/** A field no client knows, added when the fault `unknown-events` is on. */
export const UNKNOWN_FIELD = { x_unreleased: { level: 3, notes: ['unknown', null] } };
