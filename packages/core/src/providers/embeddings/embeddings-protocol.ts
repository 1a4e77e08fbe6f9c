import type { CallWarning, EmbeddingCall, EmbeddingInput, Usage } from '../../spec/index.ts';
import type { JsonRecord } from '../json-shape.ts';

/** One request for vectors, ready to be sent. */
export interface EncodedEmbeddings {
  /** Under the connection's base URL. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What an answer holds, before it is judged: a vector may be anything. */
export interface DecodedEmbeddings {
  readonly vectors: readonly unknown[];
  readonly usage: Usage;
  readonly servedModel?: string;
}

/** How one wire protocol asks for the vectors of texts. */
export interface EmbeddingsProtocol {
  /** Most inputs that one request takes; more are sent in several, one after the other. */
  readonly maxInputs: number;
  /** Warnings for what the vendor cannot take. Throws `UnsupportedCallError` when it cannot take the call at all. */
  check(call: EmbeddingCall): readonly CallWarning[];
  encode(call: EmbeddingCall, inputs: readonly EmbeddingInput[]): EncodedEmbeddings;
  /** Reads an answer; undefined when it is none. */
  decode(answer: JsonRecord): DecodedEmbeddings | undefined;
}
