import type { CallWarning, FinishReason, ProviderErrorKind, Usage } from '../spec/index.ts';
import type { TimelineEntry } from './timeline-entry.ts';

/** A lane's failure as it is shown and stored; free of secrets. */
export interface LaneFailureDetails {
  readonly kind: ProviderErrorKind;
  readonly message: string;
  readonly providerStatus?: number;
  readonly providerCode?: string;
  readonly retryAfterMs?: number;
}

/** What a lane had used when it ended. Money as a decimal string of nano-dollars, because events are stored as JSON. */
export interface LaneFigures {
  readonly usage: Usage;
  readonly costNanoUsd?: string;
  readonly costUnknownReason?: string;
  /** Our own count of tokens stands in for the vendor's, of one call at least. */
  readonly isCostEstimated?: true;
  readonly latencyMs: number;
  readonly timeToFirstTokenMs?: number;
  readonly tokensPerSecond?: number;
}

/**
 * What can happen in a comparison, without its number. `offset` is the length, in UTF-16 code units, of the lane's
 * text before the delta.
 */
export type ComparisonFact =
  | { readonly type: 'comparison-started'; readonly laneIds: readonly string[] }
  | {
      readonly type: 'lane-started';
      readonly laneId: string;
      readonly attempt: number;
      readonly providerId: string;
      readonly modelId: string;
    }
  | {
      readonly type: 'output-delta' | 'reasoning-delta';
      readonly laneId: string;
      readonly text: string;
      readonly offset: number;
    }
  | {
      readonly type: 'tool-call';
      readonly laneId: string;
      readonly id: string;
      readonly toolName: string;
      readonly input: string;
    }
  | { readonly type: 'lane-progressed'; readonly laneId: string; readonly entry: TimelineEntry }
  | { readonly type: 'output-reset'; readonly laneId: string; readonly attempt: number; readonly reason: string }
  | ({
      readonly type: 'lane-completed';
      readonly laneId: string;
      readonly finishReason: FinishReason;
      readonly retries: number;
      /** `provider/model` that answered; absent when it is the one that was asked for. */
      readonly answeredModelId?: string;
      readonly servedModel?: string;
      readonly providerRequestId?: string;
      readonly warnings: readonly CallWarning[];
    } & LaneFigures)
  | ({ readonly type: 'lane-failed'; readonly laneId: string; readonly failure: LaneFailureDetails } & LaneFigures)
  | ({ readonly type: 'lane-stopped'; readonly laneId: string } & LaneFigures)
  | { readonly type: 'lane-interrupted'; readonly laneId: string; readonly message: string }
  | { readonly type: 'comparison-finished'; readonly totalCostNanoUsd?: string };

/** A fact with its place: `seq` counts from 1 without gaps within a comparison, `atMs` is epoch milliseconds. */
export type ComparisonEvent = ComparisonFact & { readonly seq: number; readonly atMs: number };

/** Whether the lane named by `fact` is over with it. */
export function isLaneEnd(fact: ComparisonFact): boolean {
  return (
    fact.type === 'lane-completed' ||
    fact.type === 'lane-failed' ||
    fact.type === 'lane-stopped' ||
    fact.type === 'lane-interrupted'
  );
}
