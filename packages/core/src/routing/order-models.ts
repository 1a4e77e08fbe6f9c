import type { Random } from '../kernel/index.ts';
import type { AdaptiveSettings } from './adaptive/adaptive-settings.ts';
import { rewardNoise } from './adaptive/adaptive-settings.ts';
import {
  type Arm,
  type ArmChoice,
  chooseByThompson,
  chooseGreedily,
  probabilityOfBest,
} from './adaptive/choose-arm.ts';
import type { CompiledScope } from './adaptive/compile-scope.ts';
import { leadingPlaces } from './leading-places.ts';
import type { RouteRequest } from './route-request.ts';
import { balancedScore, type RankedModel } from './score-criteria.ts';
import type { CriterionWeights, Strategy } from './strategy.ts';

/** A model in its place, with what put it there. */
export interface OrderedModel {
  readonly ranked: RankedModel;
  readonly score: number;
  readonly propensity?: number;
  readonly expectedQuality?: number;
}

export interface Order {
  readonly models: readonly OrderedModel[];
  readonly isExploration: boolean;
}

/** What an order may depend on beside the models. */
export interface OrderContext {
  readonly request: RouteRequest;
  readonly features: Float64Array | undefined;
  readonly strategy: Strategy;
  readonly weights: CriterionWeights;
  readonly adaptive: AdaptiveSettings;
  readonly scope: CompiledScope;
  readonly random: Random;
  /** Works out the propensities of all, not only of the first: for dry runs. */
  readonly wantsAllPropensities: boolean;
}

/** Scores this close to the best one count as equal, and load decides. */
const nearTie = 0.05;
/** Candidates that a plan lists: nobody falls back further, and plans are stored. `manual` and `parallel` keep all. */
export const maxListed = 16;
/** Models that take part in a draw of Thompson sampling; the rest is reached by the exploration floor. */
const maxContenders = 10;

/** Puts eligible models (at least one, in the order in which they were named) into the order of the strategy. */
export function orderModels(models: readonly RankedModel[], context: OrderContext): Order {
  switch (context.strategy) {
    case 'manual':
      return inOrder(models, (_, index) => (index === 0 ? 1 : 0));
    case 'parallel':
      return inOrder(models, () => 1);
    case 'weighted':
      return drawByWeight(models, context);
    case 'adaptive':
      return chooseAdaptively(models, context);
    default:
      return rankByScore(models, context);
  }
}

function inOrder(models: readonly RankedModel[], propensityOf: (model: RankedModel, index: number) => number): Order {
  const ordered = models.map((ranked, index) => ({
    ranked,
    score: 1 - index / models.length,
    propensity: propensityOf(ranked, index),
  }));
  return { models: ordered, isExploration: false };
}

/** What the strategy ranks by: one criterion, or the weighted mean. */
export function scoreFor(strategy: Strategy, model: RankedModel, weights: CriterionWeights): number {
  switch (strategy) {
    case 'cost-first':
      return model.expectedCostNanoUsd === undefined ? 0 : model.cost;
    case 'latency-first':
      return model.latency;
    case 'quality-first':
      return model.quality;
    case 'reliability-first':
      return model.reliability;
    default:
      return balancedScore(model, weights);
  }
}

/**
 * Highest score first; equal scores by the weighted mean, then by the order named. Among those within 5 % of the best, two
 * are drawn and the one with less load goes first (power of two choices), as soon as there is any load: whoever sees the same figures would otherwise
 * run to the same model. The propensity is the share of pairs in which a model has the least load.
 */
function rankByScore(models: readonly RankedModel[], { strategy, weights, random }: OrderContext): Order {
  const scores = new Float64Array(models.length);
  const means = new Float64Array(models.length);
  for (let place = 0; place < models.length; place++) {
    const model = models[place] as RankedModel;
    means[place] = balancedScore(model, weights);
    scores[place] = strategy === 'balanced' ? (means[place] as number) : scoreFor(strategy, model, weights);
  }
  const scored = leadingPlaces(scores, means, maxListed).map((place) => ({
    ranked: models[place] as RankedModel,
    score: scores[place] as number,
  }));
  const threshold = (scored[0]?.score ?? 0) * (1 - nearTie);
  const tied = scored.filter(({ score }) => score >= threshold).length;
  const loads = scored.slice(0, tied).map(({ ranked }) => loadOf(ranked));
  if (tied < 2 || loads.every((load) => load === 0))
    return {
      models: scored.map(({ ranked, score }, index) => ({ ranked, score, propensity: index === 0 ? 1 : 0 })),
      isExploration: false,
    };
  const first = Math.floor(random.next() * tied);
  const other = (first + 1 + Math.floor(random.next() * (tied - 1))) % tied;
  const chosen = isLighter(loads, first, other) ? first : other;
  const pairs = (tied * (tied - 1)) / 2;
  const ordered = scored.map(({ ranked, score }, place) => {
    const beaten =
      place < tied ? loads.filter((_, index) => index !== place && isLighter(loads, place, index)).length : 0;
    return { ranked, score, propensity: beaten / pairs };
  });
  return { models: toFront(ordered, chosen), isExploration: false };
}

function isLighter(loads: readonly number[], place: number, other: number): boolean {
  const difference = (loads[place] ?? 0) - (loads[other] ?? 0);
  return difference < 0 || (difference === 0 && place < other);
}

/** Calls in flight over what the provider takes at a time; without a limit as if it took 100. */
function loadOf({ compiled: { model } }: RankedModel): number {
  return model.inFlight / Math.max(1, model.maxConcurrent ?? 100);
}

/**
 * Draws an order without replacement, each next one in proportion to its weight (Efraimidis and Spirakis: the largest
 * ln(u)/w goes first). With a session u comes from its id, so that one session keeps its model.
 */
function drawByWeight(models: readonly RankedModel[], { request, random }: OrderContext): Order {
  const weights = models.map(({ compiled: { model } }) =>
    positive(request.modelWeights?.[model.modelId] ?? model.weight ?? 1),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => (total > 0 ? weight / total : 1 / models.length));
  const keys = new Float64Array(models.length);
  for (const [index, { compiled }] of models.entries()) {
    const uniform = request.session
      ? hashToUniform(`${request.session.id}|${compiled.model.modelId}`)
      : 1 - random.next();
    const share = shares[index] ?? 0;
    keys[index] = share > 0 ? Math.log(uniform) / share : Number.NEGATIVE_INFINITY;
  }
  const ordered = leadingPlaces(keys, keys, maxListed).map((place) => {
    const share = shares[place] ?? 0;
    return { ranked: models[place] as RankedModel, score: share, propensity: share };
  });
  return { models: ordered, isExploration: false };
}

function positive(weight: number): number {
  return Number.isFinite(weight) && weight > 0 ? weight : 0;
}

/** FNV-1a over the text, mixed, as a number in (0, 1]. */
function hashToUniform(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) + 1) / 4_294_967_296;
}

/** The bandit: expected reward = quality − λ · cost − μ · latency; see docs/routing.md. The rest follows by expectation. */
function chooseAdaptively(models: readonly RankedModel[], context: OrderContext): Order {
  const { adaptive, random, scope, features } = context;
  const penalties = penaltiesOf(models, adaptive);
  const qualities = new Float64Array(models.length);
  const means: number[] = new Array(models.length);
  for (let index = 0; index < models.length; index++) {
    const { model, tierQuality } = (models[index] as RankedModel).compiled;
    qualities[index] = scope.expect(model.modelId, tierQuality, features);
    means[index] = (qualities[index] as number) - (penalties[index] as number);
  }
  const propensities = new Map<number, number>();
  let choice: ArmChoice;
  if (adaptive.algorithm === 'epsilon-greedy') {
    choice = chooseGreedily(means, adaptive.explorationShare, random);
  } else {
    const contenders = selectContenders(models, means, context);
    const arms: Arm[] = means.map((mean) => ({ mean, deviation: 0 }));
    for (const place of contenders) {
      const deviation = scope.deviate((models[place] as RankedModel).compiled.model.modelId, features);
      arms[place] = { mean: means[place] ?? 0, deviation: deviation * adaptive.explorationScale };
    }
    choice = chooseByThompson(arms, contenders, adaptive.explorationShare, random);
    if (context.wantsAllPropensities) {
      const playing = contenders.map((contender) => arms[contender] as Arm);
      for (let index = 0; index < models.length; index++) {
        const place = contenders.indexOf(index);
        const wins = place < 0 ? 0 : probabilityOfBest(playing, place);
        propensities.set(index, adaptive.explorationShare / models.length + (1 - adaptive.explorationShare) * wins);
      }
    }
  }
  propensities.set(choice.index, choice.propensity);
  const scores = Float64Array.from(means);
  // The chosen one goes first whatever is expected of it.
  scores[choice.index] = Number.POSITIVE_INFINITY;
  const ordered = leadingPlaces(scores, scores, maxListed).map((place) => {
    const propensity = propensities.get(place);
    return {
      ranked: models[place] as RankedModel,
      score: means[place] ?? 0,
      expectedQuality: Math.min(1, Math.max(0, qualities[place] ?? 0)),
      ...(propensity !== undefined && { propensity }),
    };
  });
  return { models: ordered, isExploration: choice.isExploration };
}

/** λ · cost + μ · latency. What nobody knows is taken to be as bad as the worst that is known. */
function penaltiesOf(models: readonly RankedModel[], adaptive: AdaptiveSettings): Float64Array {
  let highestCost = 0;
  let highestLatency = 0;
  for (const { expectedCostNanoUsd = 0, estimates } of models) {
    highestCost = Math.max(highestCost, expectedCostNanoUsd);
    highestLatency = Math.max(highestLatency, estimates.latencyMs ?? 0);
  }
  const penalties = new Float64Array(models.length);
  for (let index = 0; index < models.length; index++) {
    const { expectedCostNanoUsd = highestCost, estimates } = models[index] as RankedModel;
    const { latencyMs = highestLatency } = estimates;
    penalties[index] =
      (adaptive.costWeightPerUsd * expectedCostNanoUsd) / 1e9 + (adaptive.latencyWeightPerSecond * latencyMs) / 1_000;
  }
  return penalties;
}

/** The places with the highest hopes: expectation plus what little observation leaves open. */
function selectContenders(
  models: readonly RankedModel[],
  means: readonly number[],
  context: OrderContext,
): readonly number[] {
  if (models.length <= maxContenders) return models.map((_, index) => index);
  const { scope, adaptive } = context;
  const hopes = new Float64Array(models.length);
  for (let index = 0; index < models.length; index++) {
    const { modelId } = (models[index] as RankedModel).compiled.model;
    const open = rewardNoise / Math.sqrt(adaptive.priorStrength + scope.countOf(modelId));
    hopes[index] = (means[index] ?? 0) + 2 * adaptive.explorationScale * open;
  }
  return leadingPlaces(hopes, hopes, maxContenders);
}

function toFront<Item>(items: readonly Item[], place: number): readonly Item[] {
  const item = items[place];
  return item === undefined || place === 0 ? items : [item, ...items.slice(0, place), ...items.slice(place + 1)];
}
