import type { CompiledModel, ModelEstimates } from './compile-snapshot.ts';
import type { CriterionScore } from './route-plan.ts';
import type { RouteRequest } from './route-request.ts';
import { type Criterion, type CriterionWeights, criteria } from './strategy.ts';

/** An eligible model while it is being ranked. */
export interface RankedModel {
  readonly compiled: CompiledModel;
  readonly estimates: ModelEstimates;
  readonly expectedCostNanoUsd: number | undefined;
  readonly criteria: Readonly<Record<Criterion, CriterionScore>>;
}

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
export function scoreCriteria(
  eligible: readonly { readonly compiled: CompiledModel; readonly estimates: ModelEstimates }[],
  request: RouteRequest,
): readonly RankedModel[] {
  let lowestCost = Number.POSITIVE_INFINITY;
  let lowestLatency = Number.POSITIVE_INFINITY;
  const costs = eligible.map(({ compiled, estimates }) => {
    const outputTokens = Math.min(request.maxOutputTokens, estimates.outputTokens);
    const cost = compiled.price?.costNanoUsd(request.inputTokens, outputTokens);
    if (cost !== undefined && cost < lowestCost) lowestCost = cost;
    const { latencyMs } = estimates;
    if (latencyMs !== undefined && latencyMs < lowestLatency) lowestLatency = latencyMs;
    return cost;
  });
  return eligible.map(({ compiled, estimates }, index) => {
    const cost = costs[index];
    const { latencyMs, errorRate, quality } = estimates;
    return {
      compiled,
      estimates,
      expectedCostNanoUsd: cost,
      criteria: {
        cost: ratioScore(lowestCost, cost, costGrainNanoUsd),
        latency: ratioScore(lowestLatency, latencyMs, latencyGrainMs),
        quality: { score: quality, ...(estimates.isQualityMeasured && { value: quality }) },
        reliability: {
          score: Math.max(0, 1 - errorRate / intolerableErrorRate),
          ...(estimates.calls > 0 && { value: errorRate }),
        },
      },
    };
  });
}

function ratioScore(lowest: number, value: number | undefined, grain: number): CriterionScore {
  return value === undefined ? { score: unknownScore } : { score: (lowest + grain) / (value + grain), value };
}

/** The weighted mean of the criteria, 0–1. */
export function balancedScore(scores: Readonly<Record<Criterion, CriterionScore>>, weights: CriterionWeights): number {
  let sum = 0;
  let total = 0;
  for (const criterion of criteria) {
    sum += weights[criterion] * scores[criterion].score;
    total += weights[criterion];
  }
  return total > 0 ? sum / total : 0;
}
