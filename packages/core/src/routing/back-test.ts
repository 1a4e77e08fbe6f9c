import type { NanoUsd, Random } from '../kernel/index.ts';
import type { RoutingSnapshot } from './compile-snapshot.ts';
import { planRoute } from './plan-route.ts';
import type { RouteRequest } from './route-request.ts';

/** A decision of the past with what came of it. What is not known of it is absent and left out of that figure. */
export interface RecordedDecision {
  readonly request: RouteRequest;
  readonly modelId: string;
  /** The probability with which it was chosen then: 1 when no chance was involved. */
  readonly propensity: number;
  readonly costNanoUsd?: NanoUsd;
  readonly latencyMs?: number;
  /** 0–1. */
  readonly quality?: number;
}

/** A mean with its 95 % interval. */
export interface Estimate<Value> {
  readonly mean: Value;
  readonly low: Value;
  readonly high: Value;
}

/** How recorded traffic fared and how it is estimated to fare under the draft. Undefined: not enough is known. */
export interface Comparison<Value> {
  readonly recorded: Estimate<Value> | undefined;
  readonly draft: Estimate<Value> | undefined;
}

export interface BackTestReport {
  readonly decisions: number;
  /** Expected share of decisions that the draft would have sent elsewhere. */
  readonly movedShare: number;
  /** Expected share of all decisions by the model the draft puts first. */
  readonly draftShares: Readonly<Record<string, number>>;
  readonly recordedShares: Readonly<Record<string, number>>;
  /** Share for which the draft finds no model at all. */
  readonly unroutableShare: number;
  /** How much of what the draft would do was ever tried, 0–1: the estimates speak for this part only. */
  readonly coveredShare: number;
  /** As how many independent decisions the weighted ones count (Kish). */
  readonly effectiveDecisions: number;
  /** False when less than half is covered or fewer than 30 decisions count: then the draft's figures are hints at most. */
  readonly isReliable: boolean;
  readonly costNanoUsd: Comparison<NanoUsd>;
  readonly latencyMs: Comparison<number>;
  readonly quality: Comparison<number>;
}

/** A weight beyond this is cut: one lucky find must not decide. It biases the estimate a little towards the recorded. */
const largestWeight = 50;
const enoughDecisions = 30;

/**
 * Tests a draft (a snapshot compiled with draft rules, weights or strategy) on recorded traffic. Each decision is planned
 * anew; figures of the draft are self-normalised inverse propensity estimates (Swaminathan and Joachims 2015): recorded
 * outcomes weighted by draft probability / recorded probability. What was never tried cannot be estimated: see `coveredShare`.
 */
export function backTest(records: readonly RecordedDecision[], draft: RoutingSnapshot, random: Random): BackTestReport {
  const weights: number[] = [];
  const draftShares: Record<string, number> = {};
  const recordedShares: Record<string, number> = {};
  const share = 1 / Math.max(1, records.length);
  let movedShare = 0;
  let unroutableShare = 0;
  for (const { request, modelId, propensity } of records) {
    const plan = planRoute(withoutStickiness(request), draft, random, { wantsAllPropensities: true });
    recordedShares[modelId] = (recordedShares[modelId] ?? 0) + share;
    const total = plan.candidates.reduce((sum, candidate) => sum + (candidate.propensity ?? 0), 0);
    let kept = 0;
    for (const candidate of plan.candidates) {
      const chance = total > 0 ? (candidate.propensity ?? 0) / total : 0;
      if (chance > 0) draftShares[candidate.modelId] = (draftShares[candidate.modelId] ?? 0) + chance * share;
      if (candidate.modelId === modelId) kept = chance;
    }
    if (plan.candidates.length === 0) unroutableShare += share;
    movedShare += (1 - kept) * share;
    weights.push(propensity > 0 ? Math.min(largestWeight, kept / propensity) : 0);
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const squares = weights.reduce((total, weight) => total + weight * weight, 0);
  const effectiveDecisions = squares > 0 ? (sum * sum) / squares : 0;
  const coveredShare = Math.min(1, sum * share);
  const compare = (values: readonly (number | undefined)[]): Comparison<number> => ({
    recorded: estimateMean(
      values,
      values.map(() => 1),
    ),
    draft: estimateMean(values, weights),
  });
  const cost = compare(records.map(({ costNanoUsd }) => (costNanoUsd === undefined ? undefined : Number(costNanoUsd))));
  return {
    decisions: records.length,
    movedShare,
    draftShares,
    recordedShares,
    unroutableShare,
    coveredShare,
    effectiveDecisions,
    isReliable: coveredShare >= 0.5 && effectiveDecisions >= enoughDecisions,
    costNanoUsd: { recorded: asMoney(cost.recorded), draft: asMoney(cost.draft) },
    latencyMs: compare(records.map(({ latencyMs }) => latencyMs)),
    quality: compare(records.map(({ quality }) => quality)),
  };
}

/** The session's model of then is no choice of the draft. */
function withoutStickiness({ session, ...request }: RouteRequest): RouteRequest {
  return session ? { ...request, session: { id: session.id } } : request;
}

function estimateMean(
  values: readonly (number | undefined)[],
  weights: readonly number[],
): Estimate<number> | undefined {
  let sum = 0;
  let total = 0;
  for (const [index, value] of values.entries()) {
    if (value === undefined || !Number.isFinite(value)) continue;
    const weight = weights[index] ?? 0;
    sum += weight * value;
    total += weight;
  }
  if (total <= 0) return undefined;
  const mean = sum / total;
  let variance = 0;
  for (const [index, value] of values.entries()) {
    if (value !== undefined && Number.isFinite(value)) variance += ((weights[index] ?? 0) * (value - mean)) ** 2;
  }
  const margin = (1.96 * Math.sqrt(variance)) / total;
  return { mean, low: mean - margin, high: mean + margin };
}

function asMoney(estimate: Estimate<number> | undefined): Estimate<NanoUsd> | undefined {
  if (!estimate) return undefined;
  const toMoney = (value: number) => BigInt(Math.round(value));
  return { mean: toMoney(estimate.mean), low: toMoney(estimate.low), high: toMoney(estimate.high) };
}
