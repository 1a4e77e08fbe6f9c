import type { CallWarning, FinishReason, ProviderErrorKind, StreamPart, Usage } from '../spec/index.ts';

/** How far a decoder is: what the answer would be worth if the stream ended now. */
export interface DecoderProgress {
  /** Present as soon as the vendor said why the answer ended: from then on it is complete. */
  readonly reason?: FinishReason;
  readonly usage: Usage;
  /** What the caller should know of the answer as it came in; told with its end. */
  readonly warnings?: readonly CallWarning[];
  /** Present when the vendor said, in an event of ordinary form, that there will be no answer. */
  readonly failure?: { readonly kind: ProviderErrorKind; readonly message: string; readonly code: string };
}

/** The result of one step. */
export interface DecoderStep<State> {
  readonly state: State;
  readonly parts: readonly StreamPart[];
}

/**
 * A pure reducer from one vendor's events to stream parts. `reduce` never throws, whatever it is fed: unknown events and
 * fields are ignored. It emits content and metadata only; the shell adds `stream-start` and the terminal part.
 */
export interface StreamDecoder<State extends DecoderProgress> {
  readonly initial: State;
  reduce(state: State, event: unknown): DecoderStep<State>;
}
