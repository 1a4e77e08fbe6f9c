import type { PriceQuote } from '../catalog/index.ts';
import type { FinishReason, ProviderErrorKind, Usage } from '../spec/index.ts';

/** Live data and simulated data are never added up. */
export type CallOrigin = 'live' | 'simulated';

/** On whose behalf and for what a call was made. */
export interface CallPurpose {
  readonly teamId: string;
  readonly source: 'comparison-lane' | 'complete' | 'openai-compatible' | 'workflow-step' | 'experiment';
  /**
   * Id of the lane, of the request of an OpenAI-compatible client, of the call of a workflow's run, or of the test; absent
   * for a completion, which has no row.
   */
  readonly sourceId?: string;
  readonly userId?: string;
  readonly apiKeyId?: string;
  readonly role?: string;
  readonly workflowId?: string;
  readonly runId?: string;
  /** Unique in the team. */
  readonly stepId?: string;
  /** What the caller marked the request with: distinct, at most 20. */
  readonly tags?: readonly string[];
  /** The kind of task that the router took the request for. */
  readonly taskClass?: string;
  /** The routing decision that chose the model. */
  readonly decisionId?: string;
  /** Nobody waits for the answer: calls that somebody waits for go first. Not recorded. */
  readonly isPatient?: boolean;
}

/** What is remembered of one attempt to call a model. Holds neither prompt nor answer. */
export interface CallRecord extends CallPurpose {
  readonly id: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly providerId: string;
  /** `provider/model` as it was asked for. */
  readonly modelId: string;
  readonly servedModel?: string;
  readonly origin: CallOrigin;
  readonly outcome: 'succeeded' | 'failed' | 'cancelled';
  readonly errorKind?: ProviderErrorKind;
  readonly errorMessage?: string;
  readonly finishReason?: FinishReason;
  readonly usage: Usage;
  /** The vendor did not say all of it: our own count of what was sent and received stands in. */
  readonly isUsageEstimated?: true;
  /** Made beside another call that was silent. */
  readonly isHedge?: true;
  /** Undefined when unknown; `costUnknownReason` then says why. */
  readonly costNanoUsd?: bigint;
  readonly costUnknownReason?: string;
  /** The price the call was charged at; it stays with the record when prices change. */
  readonly price?: PriceQuote;
  /** Epoch milliseconds. */
  readonly startedAtMs: number;
  readonly latencyMs: number;
  /** Until the first content part; undefined when none came. */
  readonly timeToFirstTokenMs?: number;
  /** While the model was writing; undefined when it cannot be told. */
  readonly tokensPerSecond?: number;
  readonly providerRequestId?: string;
}

/** Where call records go. `record` never blocks and never throws: telemetry must not fail a call. */
export interface CallRecorder {
  record(record: CallRecord): void;
}
