import { type AdaptiveSettings, rewardNoise } from './adaptive-settings.ts';
import type { ArmStatistics, ScopeStatistics } from './adaptive-state.ts';
import { coreFeatureCount, featureCount } from './prompt-features.ts';
import {
  dotProduct,
  factorCholesky,
  inverseQuadratic,
  multiplySymmetric,
  solveCholesky,
  sumOfSquares,
  triangleLength,
} from './triangle.ts';

/** The posterior of one scope, ready to be asked. */
export interface CompiledScope {
  /** Rewards ever. */
  readonly observed: number;
  /** Rewards of one model, discounted. */
  countOf(modelId: string): number;
  /** Expected quality. `tierQuality` (0–1) is what the catalogue promises of a model before anything was seen. */
  expect(modelId: string, tierQuality: number, features: Float64Array | undefined): number;
  /** Standard deviation of that belief; takes far longer than the expectation. */
  deviate(modelId: string, features: Float64Array | undefined): number;
}

/** How strongly what all models share, and what tells one from the others, is held to nothing; in observations. */
const sharedRidge = 2;
const ownRidge = 40;
/** The constant may move more freely than the weights of features: models differ in level before they differ in kind. */
const constantShare = 0.1;
const assumedTierQuality = 0.55;

/**
 * The belief of one task class from counts alone: mean (prior + sum) / (strength + count) with the prior's strength in
 * observations, deviation noise / √(strength + count).
 */
export function compileSimpleScope(scope: ScopeStatistics | undefined, settings: AdaptiveSettings): CompiledScope {
  const expect = (modelId: string, tierQuality: number) => {
    const arm = scope?.arms.get(modelId);
    return (
      (settings.priorStrength * tierQuality + (arm?.qualitySum ?? 0)) / (settings.priorStrength + (arm?.count ?? 0))
    );
  };
  return {
    observed: scope?.observed ?? 0,
    countOf: (modelId) => scope?.arms.get(modelId)?.count ?? 0,
    expect,
    deviate: (modelId) => rewardNoise / Math.sqrt(settings.priorStrength + (scope?.arms.get(modelId)?.count ?? 0)),
  };
}

interface CompiledArm {
  readonly weights: Float64Array;
  /** Cholesky factor of the precision, its first rows. */
  readonly factor: Float32Array;
}

/**
 * A Bayesian linear model of quality over prompt features, in two layers: weights that all models share, fitted to all
 * observations, and each model's own deviation from them, held to zero by a ridge. With Aₘ = Σ x xᵀ and bₘ = Σ x·q of
 * model m: shared θ = (Σ Aₘ + R₀)⁻¹ (Σ bₘ + R₀ p), own θₘ = θ + (Aₘ + R)⁻¹ (bₘ − Aₘ θ), variance σ² xᵀ (Aₘ + R)⁻¹ x, this one
 * over the core features alone, which a decision can afford. A model
 * without observations is believed to be like the others, moved by its tier.
 */
export function compileContextualScope(scope: ScopeStatistics | undefined): CompiledScope {
  const gram = new Float64Array(triangleLength(featureCount));
  const moments = new Float64Array(featureCount);
  for (const arm of scope?.arms.values() ?? []) {
    if (!arm.gram || !arm.moments) continue;
    addInto(gram, arm.gram);
    addInto(moments, arm.moments);
  }
  moments[0] = (moments[0] ?? 0) + ridgeOf(0, sharedRidge) * assumedTierQuality;
  const shared = solveCholesky(factorCholesky(withRidge(gram, sharedRidge), featureCount), moments);
  const arms = new Map<string, CompiledArm>();
  for (const [modelId, arm] of scope?.arms ?? []) {
    const compiled = compileArm(arm, shared);
    if (compiled) arms.set(modelId, compiled);
  }
  const expect = (modelId: string, tierQuality: number, features: Float64Array = constantOnly) => {
    const arm = arms.get(modelId);
    return arm ? dotProduct(arm.weights, features) : dotProduct(shared, features) + tierQuality - assumedTierQuality;
  };
  return {
    observed: scope?.observed ?? 0,
    countOf: (modelId) => scope?.arms.get(modelId)?.count ?? 0,
    expect,
    deviate: (modelId, features = constantOnly) => {
      const factor = arms.get(modelId)?.factor;
      return (
        rewardNoise * Math.sqrt(factor ? inverseQuadratic(factor, features, coreFeatureCount) : priorVariance(features))
      );
    },
  };
}

const constantOnly = Float64Array.from({ length: featureCount }, (_, index) => (index === 0 ? 1 : 0));

function compileArm(arm: ArmStatistics, shared: Float64Array): CompiledArm | undefined {
  if (!arm.gram || !arm.moments) return undefined;
  const factor = factorCholesky(withRidge(arm.gram, ownRidge), featureCount);
  const explained = multiplySymmetric(arm.gram, shared);
  const own = solveCholesky(
    factor,
    arm.moments.map((value, index) => value - (explained[index] ?? 0)),
  );
  return {
    weights: own.map((value, index) => value + (shared[index] ?? 0)),
    factor: Float32Array.from(factor.subarray(0, triangleLength(coreFeatureCount))),
  };
}

function ridgeOf(index: number, ridge: number): number {
  return index === 0 ? ridge * constantShare : ridge;
}

function withRidge(gram: Float64Array, ridge: number): Float64Array {
  const matrix = Float64Array.from(gram);
  for (let index = 0; index < featureCount; index++) {
    const place = (index * (index + 3)) / 2;
    matrix[place] = (matrix[place] ?? 0) + ridgeOf(index, ridge);
  }
  return matrix;
}

function priorVariance(features: Float64Array): number {
  const constant = features[0] ?? 0;
  return (
    constant ** 2 / ridgeOf(0, ownRidge) +
    (sumOfSquares(features.subarray(0, coreFeatureCount)) - constant ** 2) / ownRidge
  );
}

function addInto(target: Float64Array, source: Float64Array): void {
  for (let index = 0; index < target.length; index++) {
    target[index] = (target[index] as number) + (source[index] as number);
  }
}
