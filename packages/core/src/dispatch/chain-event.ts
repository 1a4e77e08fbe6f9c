import type { SkipReason } from '../failover/index.ts';
import type { RefusalReason } from '../guardrails/index.ts';
import type { CircuitChange } from '../policies/index.ts';
import type { ErrorBlame, ProviderErrorKind } from '../spec/index.ts';
import type { BreachDecision } from './call-observer.ts';
import type { StepReason } from './next-step.ts';

interface Place {
  readonly providerId: string;
  /** `provider/model`. */
  readonly modelId: string;
}

/** What can happen in a chain, without its time. `attempt` counts calls over the whole chain, from 1. */
export type ChainFact =
  | ({
      readonly type: 'attempt-started';
      readonly attempt: number;
      /** Asked by a half-open circuit whether the model is back. */
      readonly isProbe: boolean;
      /** Asked to write on from the text so far. */
      readonly isContinuation: boolean;
    } & Place)
  | ({
      readonly type: 'attempt-failed';
      readonly attempt: number;
      /** Id of the attempt's call record. */
      readonly callId: string;
      readonly kind: ProviderErrorKind;
      readonly blame: ErrorBlame;
      readonly message: string;
      readonly latencyMs: number;
      /** Whether the attempt had passed content on. */
      readonly hadOutput: boolean;
    } & Place)
  | ({ readonly type: 'retry-scheduled'; readonly waitMs: number; readonly reason: StepReason } & Place)
  | {
      readonly type: 'failover-happened';
      readonly from: Place;
      readonly to: Place;
      readonly reason: StepReason;
      /** The failure behind it. */
      readonly kind: ProviderErrorKind;
    }
  | ({
      readonly type: 'candidate-skipped';
      readonly reason: SkipReason;
      /** The plan that says so; absent: the chain's own triggers. */
      readonly planId?: string;
      /** A share (0–1), milliseconds or a count, as the reason says; of a status 1 for degraded, 2 for down. */
      readonly measured: number;
      readonly limit: number;
    } & Place)
  | {
      readonly type: 'hedge-started';
      /** Of the call that is made beside the first. */
      readonly attempt: number;
      /** How long the first had been silent, in milliseconds. */
      readonly silentMs: number;
      readonly from: Place;
      readonly to: Place;
    }
  | ({
      readonly type: 'hedge-lost';
      readonly attempt: number;
      readonly callId: string;
      readonly latencyMs: number;
    } & Place)
  | ({
      readonly type: 'budget-refused';
      readonly limitedBy: 'budget' | 'model' | 'request';
      /** Absent for a limit that is no budget. */
      readonly budgetId?: string;
      readonly budgetName: string;
      readonly reason: RefusalReason;
      /** What is done instead. */
      readonly decision: BreachDecision;
      /** In sentences: what stands against the call and what to do. */
      readonly message: string;
    } & Place)
  | ({
      readonly type: 'approval-requested';
      readonly approvalId: string;
      readonly budgetName: string;
      /** How long is waited for it. */
      readonly waitMs: number;
    } & Place)
  | ({
      readonly type: 'approval-decided';
      readonly approvalId: string;
      readonly decision: 'approved' | 'declined' | 'expired';
      readonly waitMs: number;
    } & Place)
  | ({
      readonly type: 'output-limited';
      readonly attempt: number;
      /** The longest answer that is paid for, in tokens. */
      readonly maxOutputTokens: number;
    } & Place)
  | ({
      readonly type: 'latency-target-missed';
      readonly attempt: number;
      readonly callId: string;
      readonly latencyMs: number;
      readonly targetMs: number;
    } & Place)
  | ({ readonly type: 'circuit-changed' } & Omit<CircuitChange, 'atMs'> & Place)
  | ({
      readonly type: 'output-reset';
      /** The attempt whose output begins now. */
      readonly attempt: number;
      readonly reason: ProviderErrorKind;
      /** How much text was voided, in UTF-16 code units. */
      readonly voidedLength: number;
    } & Place);

/** A fact with its time: epoch milliseconds, and milliseconds since the chain began. */
export type ChainEvent = ChainFact & { readonly atMs: number; readonly elapsedMs: number };
