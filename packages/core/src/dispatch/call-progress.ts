import type { FinishReason, Usage } from '../spec/index.ts';

/** What is known of a call so far. */
export interface CallProgress {
  readonly usage: Usage;
  readonly reason: FinishReason | undefined;
  readonly timeToFirstTokenMs: number | undefined;
  readonly isReasoningStreamed: boolean;
  readonly providerRequestId: string | undefined;
  readonly servedModel: string | undefined;
}

export const noProgress: CallProgress = {
  usage: {},
  reason: undefined,
  timeToFirstTokenMs: undefined,
  isReasoningStreamed: false,
  providerRequestId: undefined,
  servedModel: undefined,
};
