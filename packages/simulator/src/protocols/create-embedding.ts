import { createSeededRandom } from '../seeded-random.ts';

/** A unit vector made of the words of the text, so that texts with common words are close. */
export function createEmbedding(text: string, modelId: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text];
  for (const word of new Set(words.slice(0, 200))) {
    const random = createSeededRandom('embedding', modelId, word);
    for (let index = 0; index < dimensions; index++) vector[index] = (vector[index] ?? 0) + random.next() - 0.5;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => Math.fround(value / length));
}
