import type { CallWarning } from './call-warning.ts';
import type { FinishReason } from './finish-reason.ts';
import type { ProviderError } from './provider-error.ts';
import type { RateLimitState } from './rate-limit-state.ts';
import type { Usage } from './usage.ts';

/** What a vendor said about the answer as a whole; may come more than once, later fields win. */
export interface ResponseMetadataPart {
  readonly type: 'response-metadata';
  readonly providerRequestId?: string;
  /** The model that really answered, in the vendor's words. */
  readonly servedModel?: string;
  readonly rateLimits?: readonly RateLimitState[];
}

/**
 * One piece of a model's answer. The first part is `stream-start`; exactly one part is terminal (`stream-end` or
 * `stream-error`) and it is the last. Deltas with the same `id` belong to one block of text. A refusal is text with
 * finish reason `refusal`.
 */
export type StreamPart =
  | { readonly type: 'stream-start'; readonly warnings: readonly CallWarning[] }
  | ResponseMetadataPart
  | { readonly type: 'text-delta' | 'reasoning-delta'; readonly id: string; readonly delta: string }
  | {
      readonly type: 'tool-call';
      readonly id: string;
      readonly toolName: string;
      /** The JSON text the model wrote. */
      readonly input: string;
      /** Opaque text the vendor wants back when the call is part of a later conversation. */
      readonly vendorSignature?: string;
    }
  | {
      readonly type: 'stream-end';
      readonly reason: FinishReason;
      readonly usage: Usage;
      /** Warnings that only showed while the answer came in. */
      readonly warnings?: readonly CallWarning[];
    }
  | {
      readonly type: 'stream-error';
      readonly error: ProviderError;
      /** What the vendor had reported until then. */
      readonly usage?: Usage;
    };

/** Whether `part` is content that a reader sees; from the first one on, a failure is a part and no longer thrown. */
export function isContentPart(part: StreamPart): boolean {
  return part.type === 'text-delta' || part.type === 'reasoning-delta' || part.type === 'tool-call';
}
