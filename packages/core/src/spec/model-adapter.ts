import type { EmbeddingCall, EmbeddingResult } from './embedding.ts';
import type { ModelCall } from './model-call.ts';
import type { StreamPart } from './stream-part.ts';

/**
 * Speaks to one provider instance.
 *
 * Contract (one test each in `testing/model-adapter-contract.ts`): before the first content part a failure is thrown as
 * `ProviderError`, after it it is a `stream-error` part; exactly one terminal part, the last; aborting `signal` ends the
 * iteration promptly (thrown or as a part, of kind `cancelled`) and closes the connection, and so does leaving the
 * iteration early; usage that was not reported is `undefined`; the same bytes cut at any boundary give the same parts
 * apart from how deltas are split; no secret in any error; unknown fields and events are ignored; a stream without its
 * end marker is `invalid-response` unless the finish reason was seen. An adapter never retries and has no deadline of
 * its own: both belong to dispatch.
 */
export interface ModelAdapter {
  /** Id of the provider instance, for example `openai` or `openai-eu`. */
  readonly provider: string;
  stream(call: ModelCall, signal: AbortSignal): AsyncIterable<StreamPart>;
  /**
   * Asks for the vectors of texts. Rejects with `ProviderError`: as `stream` throws, and with `invalid-request` where the
   * vendor has no embeddings or cannot take the inputs. Every vector is finite and all are of one length.
   */
  embed?(call: EmbeddingCall, signal: AbortSignal): Promise<EmbeddingResult>;
  /** Asks the vendor for its list of models: its cheapest free call. Throws `ProviderError` when key or endpoint are bad. */
  testConnection(signal: AbortSignal): Promise<ConnectionTestResult>;
}

export interface ConnectionTestResult {
  /** The vendor's own model ids, as many as one page holds. */
  readonly models: readonly string[];
  readonly providerRequestId?: string;
}
