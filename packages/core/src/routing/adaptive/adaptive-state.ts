import type { StoredExample, StoredMap } from './encode-state.ts';
import { decodeExamples, decodeMap, decodeVector, encodeExamples, encodeMap, encodeVector } from './encode-state.ts';
import { featureVersion } from './prompt-features.ts';
import { mappedCount, type PromptExample, type PromptMap } from './prompt-map.ts';
import { triangleLength } from './triangle.ts';

/** What was observed of one model in one scope: sums only. */
export interface ArmStatistics {
  /** Rewards, discounted: an old one counts less than 1. */
  readonly count: number;
  readonly qualitySum: number;
  readonly qualitySquares: number;
  /** Σ x xᵀ over mapped prompts (lower triangle) and Σ x · quality; absent where only the task class counts, and until the scope has a map. */
  readonly gram?: Float64Array;
  readonly moments?: Float64Array;
  /** Accumulated evidence that this model became better or worse than predicted, in standard deviations (CUSUM). */
  readonly rise: number;
  readonly fall: number;
}

/** All that is known in one scope (a step, a role, the team; with or without a task class). */
export interface ScopeStatistics {
  readonly arms: ReadonlyMap<string, ArmStatistics>;
  /** Rewards ever, not discounted. */
  readonly observed: number;
  /** How often the scope forgot because of drift, and rewards since then: expectations from before must fade out first. */
  readonly drifts: number;
  readonly sinceDrift: number;
  /** What makes a prompt comparable with those seen before; absent before the first few hundred rewards. */
  readonly map?: PromptMap;
  /** What the next map will be made of; absent once the map is final, and where only the task class counts. */
  readonly examples?: readonly PromptExample[];
}

/** What a team's router has learned. Immutable; write it with {@link serializeAdaptiveState}. */
export interface AdaptiveState {
  readonly scopes: ReadonlyMap<string, ScopeStatistics>;
}

export const emptyAdaptiveState: AdaptiveState = { scopes: new Map() };

/** Forgets what was learned in `scope` and in the scopes inside it, or everything. What an admin's "rebalance" does. */
export function rebalanceAdaptiveState(state: AdaptiveState, scope?: string): AdaptiveState {
  if (scope === undefined) return emptyAdaptiveState;
  return { scopes: new Map([...state.scopes].filter(([key]) => key !== scope && !key.startsWith(`${scope}#`))) };
}

const stateVersion = 2;

/**
 * The state as plain JSON with a version. Matrices are base64 of little-endian numbers: about 36 kB for a model that saw
 * prompts, 50 kB for a map, and up to 600 kB for the examples while the map is not final.
 */
export function serializeAdaptiveState(state: AdaptiveState): string {
  const scopes = [...state.scopes].map(([scope, { arms, map, examples, ...counts }]) => ({
    scope,
    ...counts,
    ...(map && { map: encodeMap(map) }),
    ...(examples && { examples: encodeExamples(examples) }),
    arms: [...arms].map(([modelId, { gram, moments, ...sums }]) => ({
      modelId,
      ...sums,
      ...(gram && moments && { gram: encodeVector(gram), moments: encodeVector(moments) }),
    })),
  }));
  return JSON.stringify({ version: stateVersion, featureVersion, scopes });
}

/**
 * The inverse of {@link serializeAdaptiveState}. What was learned over another version of the prompt features, version 1 of
 * the state included, keeps its sums by model and class of task and begins anew with prompts. Throws `RangeError` for
 * text of another kind or version.
 */
export function parseAdaptiveState(text: string): AdaptiveState {
  const stored = JSON.parse(text) as StoredState;
  if ((stored.version !== stateVersion && stored.version !== 1) || stored.scopes === undefined) {
    throw new RangeError(`This is no adaptive state of version ${stateVersion}; rebalance to start anew.`);
  }
  const isReadable = stored.version === stateVersion && stored.featureVersion === featureVersion;
  return { scopes: new Map(stored.scopes.map((scope) => [scope.scope, toScope(scope, isReadable)])) };
}

interface StoredArm {
  readonly modelId: string;
  readonly count: number;
  readonly qualitySum: number;
  readonly qualitySquares: number;
  readonly rise: number;
  readonly fall: number;
  readonly gram?: string;
  readonly moments?: string;
}

interface StoredScope {
  readonly scope: string;
  readonly observed: number;
  readonly drifts: number;
  readonly sinceDrift: number;
  readonly map?: StoredMap;
  readonly examples?: readonly StoredExample[];
  readonly arms: readonly StoredArm[];
}

interface StoredState {
  readonly version: number;
  readonly featureVersion: number;
  readonly scopes: readonly StoredScope[];
}

function toScope(stored: StoredScope, isReadable: boolean): ScopeStatistics {
  const { scope, observed, drifts, sinceDrift, map, examples } = stored;
  const arms = new Map(stored.arms.map((arm) => [arm.modelId, toArm(arm, isReadable)]));
  const counts = { arms, observed, drifts, sinceDrift };
  if (!isReadable) return scope.includes('#') ? counts : { ...counts, examples: [] };
  return { ...counts, ...(map && { map: decodeMap(map) }), ...(examples && { examples: decodeExamples(examples) }) };
}

function toArm(stored: StoredArm, isReadable: boolean): ArmStatistics {
  const { count, qualitySum, qualitySquares, rise, fall } = stored;
  const sums = { count, qualitySum, qualitySquares, rise, fall };
  if (!isReadable || stored.gram === undefined || stored.moments === undefined) return sums;
  const gram = decodeVector(stored.gram, triangleLength(mappedCount));
  const moments = decodeVector(stored.moments, mappedCount);
  return { ...sums, gram, moments };
}
