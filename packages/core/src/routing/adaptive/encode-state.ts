import { featureCount, shapeCount } from './prompt-features.ts';
import type { PromptExample, PromptMap } from './prompt-map.ts';
import { triangleLength } from './triangle.ts';

export type StoredMap = Readonly<Record<keyof PromptMap, string>> & { readonly landmarkCount: number };

/** A model's id, the quality, the features as base64 of little-endian single-precision numbers, and the weight where it is not 1. */
export type StoredExample = readonly [modelId: string, quality: number, features: string, weight?: number];

export function encodeMap(map: PromptMap): StoredMap {
  return {
    landmarkCount: map.landmarks.length / shapeCount,
    centers: encodeVector(map.centers),
    inverseDeviations: encodeVector(map.inverseDeviations),
    weights: encodeVector(map.weights),
    landmarks: encodeVector(map.landmarks),
    factor: encodeVector(map.factor),
  };
}

export function decodeMap(stored: StoredMap): PromptMap {
  return {
    centers: decodeVector(stored.centers, shapeCount),
    inverseDeviations: decodeVector(stored.inverseDeviations, shapeCount),
    weights: decodeVector(stored.weights, shapeCount),
    landmarks: decodeVector(stored.landmarks, shapeCount * stored.landmarkCount),
    factor: decodeVector(stored.factor, triangleLength(stored.landmarkCount)),
  };
}

export function encodeExamples(examples: readonly PromptExample[]): readonly StoredExample[] {
  return examples.map(({ modelId, quality, features, weight }) => {
    const text = encodeBytes(features);
    return weight === undefined ? [modelId, quality, text] : [modelId, quality, text, weight];
  });
}

export function decodeExamples(stored: readonly StoredExample[]): readonly PromptExample[] {
  return stored.map(([modelId, quality, features, weight]) => {
    const single = new Float32Array(decodeBytes(features, featureCount * 4));
    return { modelId, quality, features: single, ...(weight !== undefined && { weight }) };
  });
}

export function encodeVector(vector: Float64Array): string {
  return encodeBytes(vector);
}

/** Throws `RangeError` when it does not hold `length` numbers. */
export function decodeVector(text: string, length: number): Float64Array {
  return new Float64Array(decodeBytes(text, length * 8));
}

function encodeBytes(numbers: Float64Array | Float32Array): string {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('base64');
}

function decodeBytes(text: string, length: number): ArrayBuffer {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  if (bytes.byteLength !== length) {
    throw new RangeError('A matrix of the adaptive state has the wrong size; rebalance to start anew.');
  }
  return bytes.buffer;
}
