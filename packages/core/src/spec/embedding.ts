import type { CallWarning } from './call-warning.ts';
import type { RateLimitState } from './rate-limit-state.ts';
import type { Usage } from './usage.ts';

/** What becomes one vector: a text, or the ids of tokens as the model's own tokenizer counts them. */
export type EmbeddingInput = string | readonly number[];

/** One request for the vectors of some texts, the same for every vendor. */
export interface EmbeddingCall {
  /** The vendor's own model id, without our provider prefix. */
  readonly model: string;
  readonly inputs: readonly EmbeddingInput[];
  /** Length of the vectors, where the model lets one choose; absent means the model's own. */
  readonly dimensions?: number;
  /** Merged last, unchecked, into the vendor's request body. */
  readonly providerOptions?: Readonly<Record<string, unknown>>;
}

/** The vectors of one call. */
export interface EmbeddingResult {
  /** One per input, in the order of the inputs. As the vendor gave them: not every vendor makes them of length 1. */
  readonly vectors: readonly Float32Array[];
  /** `outputTokens` is 0, because vectors are not tokens; `inputTokens` is undefined when the vendor did not say. */
  readonly usage: Usage;
  readonly warnings: readonly CallWarning[];
  readonly servedModel?: string;
  readonly providerRequestId?: string;
  readonly rateLimits?: readonly RateLimitState[];
}
