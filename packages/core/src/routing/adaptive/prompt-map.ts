import { classBuckets, featureCount, shapeCount } from './prompt-features.ts';
import { solveLower, triangleLength } from './triangle.ts';

/** One reward with the prompt that it was for, kept while a scope still finds out which kinds of prompts it gets. */
export interface PromptExample {
  readonly modelId: string;
  /** From `extractPromptFeatures`, in single precision. */
  readonly features: Float32Array;
  readonly quality: number;
  /** How much the quality is trusted, above 0 to 1; 1 unless given. */
  readonly weight?: number;
}

/**
 * Where a prompt lies among those that a scope has seen: its likeness to a fixed number of them, the landmarks. A linear
 * model over likenesses bends wherever the prompts lie (Nyström's approximation of a Gaussian process with a Gaussian
 * kernel; Williams and Seeger 2001). For a prompt unlike all landmarks nothing but the constant is left.
 */
export interface PromptMap {
  /** Of each figure of shape: its mean, the inverse of its deviation, and how much it tells about quality. */
  readonly centers: Float64Array;
  readonly inverseDeviations: Float64Array;
  readonly weights: Float64Array;
  /** Weighted figures of one landmark after the other. */
  readonly landmarks: Float64Array;
  /** Cholesky factor of the landmarks' likenesses to each other. */
  readonly factor: Float64Array;
}

const maxLandmarks = 64;
/** Length of a mapped prompt: the constant, coordinates among the landmarks, the hashed class of task. */
export const mappedCount: number = 1 + maxLandmarks + classBuckets;
/** Its numbers that a prompt without a class of task fills. */
export const unlabelledCount: number = 1 + maxLandmarks;

/** Examples that landmarks are chosen among. */
const maxPlaces = 512;
/** Figures that hardly differ between prompts are not blown up; those far out are drawn in. */
const leastDeviation = 0.05;
const farthest = 3;
/** A landmark that the others explain up to this share adds nothing. */
const leastNews = 1e-3;
/** Below as many examples, which figure tells something would be read from noise. */
const enoughForRelevance = 256;
/** Where all qualities are the same. */
const leastChance = 1e-6;
/** Distance, in root mean squares of all figures' deviations, over which likeness falls to exp(−½). */
const reach = 0.8;

/**
 * The map of `examples`: figures are brought to the same spread, weighted by how much they tell about the quality of any
 * model, and landmarks are taken one after the other where the earlier ones explain least (pivoted Cholesky
 * factorization). Deterministic. Takes milliseconds.
 */
export function fitPromptMap(examples: readonly PromptExample[]): PromptMap {
  const centers = new Float64Array(shapeCount);
  const inverseDeviations = new Float64Array(shapeCount);
  for (let index = 0; index < shapeCount; index++) {
    let sum = 0;
    let squares = 0;
    for (const { features } of examples) {
      const value = features[index] as number;
      sum += value;
      squares += value * value;
    }
    const mean = sum / Math.max(1, examples.length);
    const variance = squares / Math.max(1, examples.length) - mean * mean;
    centers[index] = mean;
    inverseDeviations[index] = 1 / Math.max(leastDeviation, Math.sqrt(Math.max(0, variance)));
  }
  const even = new Float64Array(shapeCount).fill(1);
  const relevance =
    examples.length < enoughForRelevance
      ? even
      : findRelevance({ centers, inverseDeviations, weights: even }, examples);
  const total = relevance.reduce((sum, value) => sum + value, 0);
  const weights = relevance.map((value) => Math.sqrt(value / total) / reach);
  return { centers, inverseDeviations, weights, ...chooseLandmarks({ centers, inverseDeviations, weights }, examples) };
}

type Scaling = Pick<PromptMap, 'centers' | 'inverseDeviations' | 'weights'>;

function scalePrompt(
  { centers, inverseDeviations, weights }: Scaling,
  features: ArrayLike<number>,
  target: Float64Array,
  offset = 0,
): void {
  for (let index = 0; index < shapeCount; index++) {
    const spread = ((features[index] as number) - (centers[index] as number)) * (inverseDeviations[index] as number);
    target[offset + index] = Math.min(farthest, Math.max(-farthest, spread)) * (weights[index] as number);
  }
}

/**
 * How much each figure tells about quality: the square of its covariance with the quality of each model, less what chance
 * would show, added up over models. Every figure counts at least what chance shows: where little can be told, all are alike.
 */
function findRelevance(scaling: Scaling, examples: readonly PromptExample[]): Float64Array {
  const byModel = new Map<string, PromptExample[]>();
  for (const example of examples) {
    const list = byModel.get(example.modelId);
    if (list) list.push(example);
    else byModel.set(example.modelId, [example]);
  }
  const relevance = new Float64Array(shapeCount);
  let chance = 0;
  const scaled = new Float64Array(shapeCount);
  for (const list of byModel.values()) {
    const mean = list.reduce((sum, { quality }) => sum + quality, 0) / list.length;
    const variance = list.reduce((sum, { quality }) => sum + (quality - mean) ** 2, 0) / list.length;
    chance += variance;
    const covariances = new Float64Array(shapeCount);
    for (const { features, quality } of list) {
      scalePrompt(scaling, features, scaled);
      for (let index = 0; index < shapeCount; index++) {
        covariances[index] =
          (covariances[index] as number) + ((scaled[index] as number) * (quality - mean)) / list.length;
      }
    }
    for (let index = 0; index < shapeCount; index++) {
      const beyondChance = Math.max(0, (covariances[index] as number) ** 2 - variance / list.length);
      relevance[index] = (relevance[index] as number) + beyondChance * list.length;
    }
  }
  return relevance.map((value) => value + Math.max(chance, leastChance));
}

function chooseLandmarks(
  scaling: Scaling,
  examples: readonly PromptExample[],
): Pick<PromptMap, 'landmarks' | 'factor'> {
  const places = Math.min(maxPlaces, examples.length);
  const points = new Float64Array(places * shapeCount);
  for (let place = 0; place < places; place++) {
    const example = examples[Math.floor((place * examples.length) / places)] as PromptExample;
    scalePrompt(scaling, example.features, points, place * shapeCount);
  }
  const news = new Float64Array(places).fill(1);
  const columns: Float64Array[] = [];
  const chosen: number[] = [];
  while (chosen.length < Math.min(maxLandmarks, places)) {
    const next = news.indexOf(Math.max(...news));
    const left = news[next] as number;
    if (left < leastNews) break;
    const column = new Float64Array(places);
    for (let place = 0; place < places; place++) {
      let value = likeness(points, place * shapeCount, points, next * shapeCount);
      for (const earlier of columns) value -= (earlier[place] as number) * (earlier[next] as number);
      column[place] = value / Math.sqrt(left);
      news[place] = Math.max(0, (news[place] as number) - (column[place] as number) ** 2);
    }
    news[next] = 0;
    columns.push(column);
    chosen.push(next);
  }
  const landmarks = new Float64Array(chosen.length * shapeCount);
  const factor = new Float64Array(triangleLength(chosen.length));
  for (const [row, place] of chosen.entries()) {
    landmarks.set(points.subarray(place * shapeCount, (place + 1) * shapeCount), row * shapeCount);
    for (let column = 0; column <= row; column++) {
      factor[(row * (row + 1)) / 2 + column] = columns[column]?.[place] as number;
    }
  }
  return { landmarks, factor };
}

/** exp(−d²/2) of two points, 1 when they are the same. */
function likeness(left: Float64Array, leftOffset: number, right: Float64Array, rightOffset: number): number {
  let squares = 0;
  for (let index = 0; index < shapeCount; index++) {
    const difference = (left[leftOffset + index] as number) - (right[rightOffset + index] as number);
    squares += difference * difference;
  }
  return Math.exp(-squares / 2);
}

/**
 * A prompt's features ({@link featureCount} numbers) on the map: {@link mappedCount} numbers, the first of them 1. The
 * squares of its coordinates add up to at most 1, and to 1 at a landmark. Takes some microseconds.
 */
export function mapPrompt(map: PromptMap | undefined, features: ArrayLike<number>): Float64Array {
  const mapped = new Float64Array(mappedCount);
  mapped[0] = 1;
  for (let index = shapeCount; index < featureCount; index++) {
    mapped[unlabelledCount + index - shapeCount] = features[index] as number;
  }
  if (!map) return mapped;
  const point = new Float64Array(shapeCount);
  scalePrompt(map, features, point);
  const count = map.landmarks.length / shapeCount;
  const likenesses = new Float64Array(count);
  for (let row = 0; row < count; row++) likenesses[row] = likeness(point, 0, map.landmarks, row * shapeCount);
  mapped.set(solveLower(map.factor, likenesses), 1);
  return mapped;
}
