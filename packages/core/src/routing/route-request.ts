import type { NanoUsd } from '../kernel/index.ts';
import type { AdaptiveSettings } from './adaptive/adaptive-settings.ts';
import type { CriterionWeights, Strategy } from './strategy.ts';

/** What a model must be able to do to serve a request; absent and false mean: not needed. */
export interface RouteNeeds {
  readonly vision?: boolean;
  readonly tools?: boolean;
  readonly json?: boolean;
  readonly reasoning?: boolean;
  readonly streaming?: boolean;
  /** Tokens that the context window must hold, when it is more than input and answer. */
  readonly contextTokens?: number;
}

/** Hard limits of a request: a model that is expected to break one is rejected, never only ranked lower. */
export interface RouteConstraints {
  /** For the upper bound of the call's cost: all input and the longest answer allowed. A model without a known price is rejected. */
  readonly maxCostNanoUsd?: NanoUsd;
  /** For the measured median of the whole call; a model that was never measured passes. */
  readonly maxLatencyMs?: number;
  readonly maxTimeToFirstTokenMs?: number;
  /** 0–1, for the quality that is expected. */
  readonly minQuality?: number;
}

/** What of the adaptive strategy may differ from request to request: how it weighs and tries, not what it learned. */
export type AdaptiveWishes = Partial<
  Pick<AdaptiveSettings, 'costWeightPerUsd' | 'latencyWeightPerSecond' | 'explorationShare' | 'explorationScale'>
>;

/** All that a routing decision may depend on beside the snapshot and chance. Holds no prompt. */
export interface RouteRequest {
  readonly teamId: string;
  /** Epoch milliseconds; rules see the hour and weekday of it. */
  readonly atMs: number;
  /** Model role (`coder`), workflow, step and class of task, when they are known. */
  readonly role?: string;
  readonly workflowId?: string;
  readonly stepId?: string;
  readonly taskClass?: string;
  readonly tags?: readonly string[];
  readonly keyId?: string;
  readonly userId?: string;
  /** From `extractPromptFeatures`; `adaptive` without them knows only the class of task. */
  readonly features?: readonly number[];
  /** Estimated tokens of the input. */
  readonly inputTokens: number;
  /** The longest answer that is allowed. */
  readonly maxOutputTokens: number;
  readonly needs?: RouteNeeds;
  /** What the caller asks for; a rule may change it. */
  readonly strategy?: Strategy;
  /** In place of the team's, for `balanced`; a rule may change them. */
  readonly weights?: CriterionWeights;
  /** Shares for `weighted` by model id, in place of the models' own; 0 is a fallback only. */
  readonly modelWeights?: Readonly<Record<string, number>>;
  /** In place of the team's, for `adaptive`. */
  readonly adaptive?: AdaptiveWishes;
  readonly constraints?: RouteConstraints;
  /** Model ids or catalogue ids in order of preference; when one is not available, its equivalents stand in. Absent: any. */
  readonly wantedModels?: readonly string[];
  /** Nothing outside of it is ever chosen, equivalents included. Absent: all of the snapshot. */
  readonly allowedModels?: readonly string[];
  /** Whether equivalents stand in for wanted models that are not available. Absent means yes. */
  readonly allowsEquivalents?: boolean;
  /** Never fall back: one candidate, no equivalents. */
  readonly isStrict?: boolean;
  /** A sentence that the explanation ends with: what the caller did to the request before it was planned. */
  readonly remark?: string;
  /** What belongs together stays on one model where that is allowed: caches stay warm and tones alike. */
  readonly session?: { readonly id: string; readonly lastModelId?: string };
}
