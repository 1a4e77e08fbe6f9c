import type { CallWarning, ModelCall } from '../spec/index.ts';
import type { EmbeddingsProtocol } from './embeddings/embeddings-protocol.ts';
import type { FailureRule } from './failures/classify-failure.ts';
import type { Exchange } from './guarded-fetch/exchange.ts';
import type { GuardedFetch } from './guarded-fetch/guarded-fetch.ts';
import type { ProviderConnection } from './provider-connection.ts';
import type { ProviderProfile } from './provider-profile.ts';
import type { DecoderProgress, StreamDecoder } from './stream-decoder.ts';

/** What a wire protocol needs to know of a connection. */
export interface AdapterParts {
  readonly connection: ProviderConnection;
  readonly profile: ProviderProfile;
  readonly fetch: GuardedFetch;
}

/** A call that is encoded and ready to be sent. */
export interface StartedCall {
  readonly warnings: readonly CallWarning[];
  readonly decoder: StreamDecoder<DecoderProgress>;
  /** Sends it through the vendor's SDK; resolves when the headers of the answer are there, its events in `exchange`. */
  open(exchange: Exchange): Promise<void>;
}

/** The part of an adapter that differs from protocol to protocol. */
export interface ProtocolAdapter {
  /** What only this protocol's error bodies say. */
  readonly rules: readonly FailureRule[];
  /** Encodes a call. Throws `UnsupportedCallError` when the vendor cannot take it. */
  start(call: ModelCall): StartedCall;
  /** How this vendor is asked for vectors; absent when it makes none. */
  readonly embeddings?: EmbeddingsProtocol;
}
