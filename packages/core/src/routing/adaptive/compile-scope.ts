import { type AdaptiveSettings, rewardNoise } from './adaptive-settings.ts';
import type { ArmStatistics, ScopeStatistics } from './adaptive-state.ts';
import { fitPromptMap, mapPrompt, mappedCount, unlabelledCount } from './prompt-map.ts';
import { type PromptSums, sumPrompts } from './prompt-sums.ts';
import {
  dotProduct,
  factorCholesky,
  inverseQuadratic,
  invertCholesky,
  solveCholesky,
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
const shared = { constant: 0.2, others: 0.5 };
const own = { constant: 2, others: 4 };
/**
 * What a draw of Thompson sampling varies by: the level of a model as if `levelDoubt / (observations + 1)` of the noise were
 * open, and a share of what is open about this kind of prompt. Textbook draws vary anew with every prompt and try far more
 * than there is time to make use of; a level that was unlucky once must be tried again.
 */
const levelDoubt = 4;
const kindDoubt = 0.16;
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
  /** Cholesky factor of the precision. */
  readonly factor: Float32Array;
  readonly count: number;
}

/**
 * A Bayesian linear model of quality over mapped prompts ({@link mapPrompt}), in two layers: weights that all models share,
 * and each model's own deviation from them, held to zero by a ridge. With Aₘ = Σ x xᵀ and bₘ = Σ x·q of model m, ridges R₀
 * and R, prior p: own θₘ = (Aₘ + R)⁻¹ (bₘ + R θ), and with the deviations integrated out shared
 * θ = (R₀ + Σ Rₘ)⁻¹ (R₀ p + Σ R (Aₘ + R)⁻¹ bₘ), Rₘ = R − R (Aₘ + R)⁻¹ R (Lindley and Smith 1972). A model without
 * observations is believed to be like the others, moved by its tier. A scope that has no map yet gets one of the few
 * examples it has.
 */
export function compileContextualScope(scope: ScopeStatistics | undefined): CompiledScope {
  const map = scope?.map ?? (scope?.examples?.length ? fitPromptMap(scope.examples) : undefined);
  const sums = scope?.map || !scope?.examples ? (scope?.arms ?? noArms) : sumPrompts(map, scope.examples, 1);
  const { arms, expected } = compileArms(sums);
  // All models of a decision are asked about the same prompt.
  let last: { readonly features: Float64Array | undefined; readonly mapped: Float64Array } | undefined;
  const at = (features: Float64Array | undefined) => {
    if (!last || last.features !== features) {
      last = { features, mapped: features ? mapPrompt(map, features) : constantOnly };
    }
    return last.mapped;
  };
  return {
    observed: scope?.observed ?? 0,
    countOf: (modelId) => scope?.arms.get(modelId)?.count ?? 0,
    expect: (modelId, tierQuality, features) => {
      const arm = arms.get(modelId);
      return arm
        ? dotProduct(arm.weights, at(features))
        : dotProduct(expected, at(features)) + tierQuality - assumedTierQuality;
    },
    deviate: (modelId, features) => {
      const arm = arms.get(modelId);
      const open = arm ? inverseQuadratic(arm.factor, at(features), arm.weights.length) : priorVariance(at(features));
      return rewardNoise * Math.sqrt(kindDoubt * open + levelDoubt / (1 + (arm?.count ?? 0)));
    },
  };
}

const noArms: ReadonlyMap<string, PromptSums> = new Map();
const constantOnly = Float64Array.from({ length: mappedCount }, (_, index) => (index === 0 ? 1 : 0));

function compileArms(sums: ReadonlyMap<string, ArmStatistics | PromptSums>) {
  const size = countUsed(sums);
  const triangle = triangleLength(size);
  const precision = addRidge(new Float64Array(triangle), shared);
  const moments = new Float64Array(size);
  moments[0] = shared.constant * assumedTierQuality;
  const seen: { modelId: string; factor: Float64Array; moments: Float64Array; count: number }[] = [];
  for (const [modelId, arm] of sums) {
    if (!arm.gram || !arm.moments) continue;
    const ownMoments = arm.moments.subarray(0, size);
    const factor = factorCholesky(addRidge(arm.gram.slice(0, triangle), own), size);
    const inverse = invertCholesky(factor, size);
    const solved = solveCholesky(factor, ownMoments);
    let place = 0;
    for (let row = 0; row < size; row++) {
      const ridge = ridgeOf(row, own);
      for (let column = 0; column <= row; column++, place++) {
        const share = (column === row ? ridge : 0) - ridge * (inverse[place] as number) * ridgeOf(column, own);
        precision[place] = (precision[place] as number) + share;
      }
      moments[row] = (moments[row] as number) + ridge * (solved[row] as number);
    }
    seen.push({ modelId, factor, moments: ownMoments, count: arm.gram[0] ?? 0 });
  }
  const expected = solveCholesky(factorCholesky(precision, size), moments);
  const arms = new Map<string, CompiledArm>();
  for (const arm of seen) {
    const drawn = arm.moments.map((value, row) => value + ridgeOf(row, own) * (expected[row] as number));
    const weights = solveCholesky(arm.factor, drawn);
    arms.set(arm.modelId, { weights, factor: new Float32Array(arm.factor), count: arm.count });
  }
  return { arms, expected };
}

/** Classes of task come last on the map, and most teams label nothing. */
function countUsed(sums: ReadonlyMap<string, ArmStatistics | PromptSums>): number {
  for (const { gram } of sums.values()) {
    for (let index = unlabelledCount; gram && index < mappedCount; index++) {
      if (gram[(index * (index + 3)) / 2]) return mappedCount;
    }
  }
  return unlabelledCount;
}

type Ridge = typeof own;

function ridgeOf(index: number, ridge: Ridge): number {
  return index === 0 ? ridge.constant : ridge.others;
}

function addRidge(matrix: Float64Array, ridge: Ridge): Float64Array {
  for (let index = 0, place = 0; place < matrix.length; index++, place += index + 1) {
    matrix[place] = (matrix[place] as number) + ridgeOf(index, ridge);
  }
  return matrix;
}

function priorVariance(mapped: Float64Array): number {
  let sum = 0;
  for (const [index, value] of mapped.entries()) sum += value ** 2 / ridgeOf(index, own);
  return sum;
}
