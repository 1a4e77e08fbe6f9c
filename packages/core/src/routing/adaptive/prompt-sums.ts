import { mapPrompt, mappedCount, type PromptExample, type PromptMap } from './prompt-map.ts';
import { addOuterProduct, triangleLength } from './triangle.ts';

/** Of one model: Σ x xᵀ over mapped prompts (lower triangle) and Σ x · quality. */
export interface PromptSums {
  readonly gram: Float64Array;
  readonly moments: Float64Array;
}

export function emptyPromptSums(): PromptSums {
  return { gram: new Float64Array(triangleLength(mappedCount)), moments: new Float64Array(mappedCount) };
}

/** Adds one prompt in place: `times` to the matrix, and its quality (or what the quality changed by) to the moments. */
export function addPrompt({ gram, moments }: PromptSums, mapped: Float64Array, times: number, quality: number): void {
  if (times !== 0) addOuterProduct(gram, mapped, times);
  for (let index = 0; index < mappedCount; index++) {
    moments[index] = (moments[index] as number) + (mapped[index] as number) * quality;
  }
}

/** The sums of `examples` on `map`, by model. The last example counts 1, each one before it `fading` of the one after it. */
export function sumPrompts(
  map: PromptMap | undefined,
  examples: readonly PromptExample[],
  fading: number,
): ReadonlyMap<string, PromptSums> {
  const sums = new Map<string, PromptSums>();
  for (const [index, { modelId, features, quality, weight: trust = 1 }] of examples.entries()) {
    let arm = sums.get(modelId);
    if (!arm) {
      arm = emptyPromptSums();
      sums.set(modelId, arm);
    }
    const weight = trust * fading ** (examples.length - 1 - index);
    addPrompt(arm, mapPrompt(map, features), weight, weight * quality);
  }
  return sums;
}
