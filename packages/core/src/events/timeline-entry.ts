import type { ErrorBlame, ProviderErrorKind } from '../spec/index.ts';

export const timelineKinds = [
  'route-decided',
  'attempt-started',
  'attempt-failed',
  'retry-scheduled',
  'failover-happened',
  'circuit-changed',
  'candidate-skipped',
  'hedge-started',
  'hedge-lost',
  'output-voided',
  'budget-refused',
  'approval-requested',
  'approval-decided',
  'output-limited',
  'latency-target-missed',
] as const;

/** What happened on the way to an answer. */
export type TimelineKind = (typeof timelineKinds)[number];

/** Why the models of a lane are asked, and in which order; plain JSON. */
export interface TimelineRoute {
  readonly decisionId: string;
  /** As the client wrote it. */
  readonly requestedName: string;
  readonly strategy: string;
  /** The probability with which the first candidate was chosen. */
  readonly propensity: number;
  readonly isExploration: boolean;
  /** In the order in which they are asked. */
  readonly candidates: readonly { readonly modelId: string; readonly score: number; readonly propensity?: number }[];
  /** The first of those that were left out. */
  readonly rejected: readonly {
    readonly modelId: string;
    readonly code: string;
    readonly reason: string;
    readonly ruleId?: string;
  }[];
  readonly rejectedCount: number;
  readonly matchedRules: readonly {
    readonly ruleId: string;
    readonly name: string;
    readonly effects: readonly { readonly type: string; readonly summary: string }[];
  }[];
  readonly explanation: string;
}

/** One step on the way to an answer, as it is stored and shown; plain JSON. Times in milliseconds. */
export interface TimelineEntry {
  readonly kind: TimelineKind;
  /** Epoch. */
  readonly atMs: number;
  /** Since the first step. */
  readonly elapsedMs: number;
  readonly providerId: string;
  /** `provider/model` concerned; of a failover, the one that is left. */
  readonly modelId: string;
  /** Number of the call of a model, from 1. */
  readonly attempt?: number;
  /** Id of the call's record. */
  readonly callId?: string;
  /** Asked by a half-open circuit whether the model is back. */
  readonly isProbe?: boolean;
  /** Asked to write on from the text so far. */
  readonly isContinuation?: boolean;
  /** Of a failover or a hedge: who is asked now. */
  readonly toModelId?: string;
  /** Why, as a closed word: `timeout`, `circuit-open`, … */
  readonly reason?: string;
  readonly errorKind?: ProviderErrorKind;
  readonly blame?: ErrorBlame;
  /** In the vendor's words. */
  readonly message?: string;
  /** How long is waited before the next try. */
  readonly waitMs?: number;
  /** How long the call took. */
  readonly latencyMs?: number;
  readonly circuit?: 'closed' | 'open' | 'half-open';
  /** Epoch: when an open circuit lets a probe through. */
  readonly probeAtMs?: number;
  /** The budget concerned; absent for a limit that is no budget. */
  readonly budgetId?: string;
  /** Name of the budget or limit. */
  readonly budgetName?: string;
  /** What was done instead of the call, or what people decided. */
  readonly decision?: string;
  readonly approvalId?: string;
  /** The longest answer that was paid for, in tokens. */
  readonly maxOutputTokens?: number;
  /** What was hoped for. */
  readonly latencyTargetMs?: number;
  /** Length of the text that became void, in UTF-16 code units. */
  readonly voidedLength?: number;
  /** Of a decision of the router; then `modelId` is the chosen model. */
  readonly route?: TimelineRoute;
}

/** More steps than this are not kept; the last place then holds the newest. */
const mostEntries = 200;

/** `timeline` with one more step. Bounded: a chain that fails for hours must not fill a row. */
export function addToTimeline(timeline: readonly TimelineEntry[], entry: TimelineEntry): readonly TimelineEntry[] {
  return timeline.length < mostEntries ? [...timeline, entry] : [...timeline.slice(0, mostEntries - 1), entry];
}
