import type { CompiledModel, ModelEstimates } from './compile-snapshot.ts';
import type { CriterionScore } from './route-plan.ts';
import type { RouteRequest } from './route-request.ts';
import type { Criterion, CriterionWeights } from './strategy.ts';

/** An eligible model while it is being ranked. Scores are 0–1, 1 being best. */
export interface RankedModel {
  readonly compiled: CompiledModel;
  readonly estimates: ModelEstimates;
  /** The group it is tried in: lower first. */
  readonly group: number;
  readonly substituteFor: string | undefined;
  readonly expectedCostNanoUsd: number | undefined;
  readonly cost: number;
  readonly latency: number;
  readonly quality: number;
  readonly reliability: number;
}

export type EligibleModel = Pick<RankedModel, 'compiled' | 'estimates' | 'group' | 'substituteFor'>;

/** Differences well below a hundredth of a cent and a tenth of a second do not count. */
const costGrainNanoUsd = 100_000;
const latencyGrainMs = 100;
/** From this share of errors on reliability is 0. */
const intolerableErrorRate = 0.2;
/** For cost and latency that nobody knows: neither praised nor ruled out, but never better than what is known to be good. */
const unknownScore = 0.25;

/**
 * Brings each criterion to 0–1, 1 being best. Cost and latency: (best + grain) / (own + grain), where best is the lowest of
 * the eligible models, so that twice as dear is about half as good. Quality is what is expected of it, reliability
 * 1 − errors / 20 %, at least 0. A better figure never lowers a model's score, nor raises another's above it.
 */
export function scoreCriteria(eligible: readonly EligibleModel[], request: RouteRequest): readonly RankedModel[] {
  let lowestCost = Number.POSITIVE_INFINITY;
  let lowestLatency = Number.POSITIVE_INFINITY;
  const costs: (number | undefined)[] = new Array(eligible.length);
  for (let index = 0; index < eligible.length; index++) {
    const { compiled, estimates } = eligible[index] as EligibleModel;
    const outputTokens = Math.min(request.maxOutputTokens, estimates.outputTokens);
    const cost = compiled.price?.costNanoUsd(request.inputTokens, outputTokens);
    costs[index] = cost;
    if (cost !== undefined && cost < lowestCost) lowestCost = cost;
    const { latencyMs } = estimates;
    if (latencyMs !== undefined && latencyMs < lowestLatency) lowestLatency = latencyMs;
  }
  return eligible.map(({ compiled, estimates, group, substituteFor }, index) => ({
    compiled,
    estimates,
    group,
    substituteFor,
    expectedCostNanoUsd: costs[index],
    cost: scoreRatio(lowestCost, costs[index], costGrainNanoUsd),
    latency: scoreRatio(lowestLatency, estimates.latencyMs, latencyGrainMs),
    quality: estimates.quality,
    reliability: Math.max(0, 1 - estimates.errorRate / intolerableErrorRate),
  }));
}

function scoreRatio(lowest: number, value: number | undefined, grain: number): number {
  return value === undefined ? unknownScore : (lowest + grain) / (value + grain);
}

/** The weighted mean of the criteria, 0–1. */
export function balancedScore(model: RankedModel, weights: CriterionWeights): number {
  const total = weights.cost + weights.latency + weights.quality + weights.reliability;
  const sum =
    weights.cost * model.cost +
    weights.latency * model.latency +
    weights.quality * model.quality +
    weights.reliability * model.reliability;
  return total > 0 ? sum / total : 0;
}

/** Scores with the figures they come from, for the plan. */
export function describeCriteria(model: RankedModel): Readonly<Record<Criterion, CriterionScore>> {
  const { estimates, expectedCostNanoUsd } = model;
  return {
    cost: toScore(model.cost, expectedCostNanoUsd),
    latency: toScore(model.latency, estimates.latencyMs),
    quality: toScore(model.quality, estimates.isQualityMeasured ? estimates.quality : undefined),
    reliability: toScore(model.reliability, estimates.calls > 0 ? estimates.errorRate : undefined),
  };
}

function toScore(score: number, value: number | undefined): CriterionScore {
  return value === undefined ? { score } : { score, value };
}
