import type { NanoUsd } from '../kernel/index.ts';
import type { RuleEffect } from './rules/routing-rule.ts';
import type { Criterion, CriterionWeights, Strategy } from './strategy.ts';

/** What is known of one criterion of one model. */
export interface CriterionScore {
  /** 0 (worst) to 1 (best), normalised as docs/routing.md says. */
  readonly score: number;
  /** Nano-dollars, milliseconds, quality 0–1 or share of errors 0–1; absent when nothing was measured or listed. */
  readonly value?: number;
}

export interface RouteCandidate {
  /** `provider/model`. */
  readonly modelId: string;
  readonly providerId: string;
  readonly instanceId?: string;
  /** By what the strategy ranks: higher is better. For `adaptive` the expected reward, otherwise 0–1. */
  readonly score: number;
  readonly criteria: Readonly<Record<Criterion, CriterionScore>>;
  /** What the call is expected to cost; absent when no price is known. */
  readonly expectedCostNanoUsd?: NanoUsd;
  /** All input and the longest answer: what a budget must be able to pay. */
  readonly maxCostNanoUsd?: NanoUsd;
  /**
   * The probability with which the plan puts this model first; `parallel`: 1 for all. Always there for the first candidate
   * and then above 0. `adaptive` leaves out the others' unless it is asked for them.
   */
  readonly propensity?: number;
  /** What the adaptive strategy expects, 0–1: to be recorded with the decision. */
  readonly expectedQuality?: number;
  /** The wanted model that this one stands in for. */
  readonly substituteFor?: string;
}

export const rejectionCodes = [
  'NOT_ALLOWED',
  'UNKNOWN_MODEL',
  'DENIED_BY_RULE',
  'RESTRICTED_BY_RULE',
  'UNAVAILABLE',
  'MISSING_CAPABILITY',
  'CONTEXT_TOO_SMALL',
  'ANSWER_TOO_LONG',
  'RETIRED',
  'OVER_COST_LIMIT',
  'PRICE_UNKNOWN',
  'OVER_LATENCY_LIMIT',
  'UNDER_QUALITY_LIMIT',
  'STRICT',
] as const;

export type RejectionCode = (typeof rejectionCodes)[number];

export interface RejectedModel {
  readonly modelId: string;
  readonly code: RejectionCode;
  /** For people: what stood against it, with the figures. */
  readonly reason: string;
  readonly ruleId?: string;
}

/** A rule that took part, in order. */
export interface MatchedRule {
  readonly ruleId: string;
  readonly name: string;
  readonly effects: readonly RuleEffect[];
}

export interface RoutePlan {
  /** To be asked in this order, at most 16; with `parallel` all at once. Empty when every model was rejected. */
  readonly candidates: readonly RouteCandidate[];
  readonly rejected: readonly RejectedModel[];
  readonly strategy: Strategy;
  /** The weights by which `balanced` ranked. */
  readonly weights?: CriterionWeights;
  readonly matchedRules: readonly MatchedRule[];
  /** Rules whose condition failed for this request (a missing list entry, a division by zero). */
  readonly failedRules: readonly {
    readonly ruleId: string;
    readonly name: string;
    readonly problem: string;
    /** What the rule forbids was forbidden all the same; otherwise it had no effect. */
    readonly isEnforced: boolean;
  }[];
  /** The first candidate was not the one expected to be best: it was tried to learn. */
  readonly isExploration: boolean;
  /** The session's model was kept. Such a decision is no choice and must not be learned from. */
  readonly isSticky: boolean;
  /** Scopes that learn from this decision's reward; empty unless `adaptive` chose. */
  readonly learningScopes: readonly string[];
  readonly explanation: string;
  readonly snapshotVersion: string;
}
