import { featureCount, featureVersion } from './prompt-features.ts';
import { triangleLength } from './triangle.ts';

/** What was observed of one model in one scope: sums only, so that what several processes saw adds up. */
export interface ArmStatistics {
  /** Rewards, discounted: an old one counts less than 1. */
  readonly count: number;
  readonly qualitySum: number;
  readonly qualitySquares: number;
  /** Σ x xᵀ over prompt features (lower triangle) and Σ x · quality; absent where only the task class counts. */
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
}

/** What a team's router has learned. Immutable; write it with {@link serializeAdaptiveState}. */
export interface AdaptiveState {
  readonly scopes: ReadonlyMap<string, ScopeStatistics>;
}

export const emptyAdaptiveState: AdaptiveState = { scopes: new Map() };

/**
 * Adds up what two processes observed apart from each other, from an empty state each. The sum does not depend on the
 * order, up to rounding. Evidence of drift is kept at its largest.
 */
export function mergeAdaptiveStates(left: AdaptiveState, right: AdaptiveState): AdaptiveState {
  const scopes = new Map(left.scopes);
  for (const [scope, added] of right.scopes) {
    const known = scopes.get(scope);
    scopes.set(scope, known ? mergeScopes(known, added) : added);
  }
  return { scopes };
}

function mergeScopes(left: ScopeStatistics, right: ScopeStatistics): ScopeStatistics {
  const arms = new Map(left.arms);
  for (const [modelId, added] of right.arms) {
    const known = arms.get(modelId);
    arms.set(modelId, known ? mergeArms(known, added) : added);
  }
  return {
    arms,
    observed: left.observed + right.observed,
    drifts: Math.max(left.drifts, right.drifts),
    sinceDrift: left.sinceDrift + right.sinceDrift,
  };
}

function mergeArms(left: ArmStatistics, right: ArmStatistics): ArmStatistics {
  const gram = addVectors(left.gram, right.gram);
  const moments = addVectors(left.moments, right.moments);
  return {
    count: left.count + right.count,
    qualitySum: left.qualitySum + right.qualitySum,
    qualitySquares: left.qualitySquares + right.qualitySquares,
    rise: Math.max(left.rise, right.rise),
    fall: Math.max(left.fall, right.fall),
    ...(gram && { gram }),
    ...(moments && { moments }),
  };
}

function addVectors(left: Float64Array | undefined, right: Float64Array | undefined): Float64Array | undefined {
  if (!left || !right) return left ?? right;
  return left.map((value, index) => value + (right[index] ?? 0));
}

/** Forgets what was learned in `scope` and in the scopes inside it, or everything. What an admin's "rebalance" does. */
export function rebalanceAdaptiveState(state: AdaptiveState, scope?: string): AdaptiveState {
  if (scope === undefined) return emptyAdaptiveState;
  return { scopes: new Map([...state.scopes].filter(([key]) => key !== scope && !key.startsWith(`${scope}#`))) };
}

const stateVersion = 1;

/** The state as plain JSON with a version. Matrices are base64 of little-endian doubles: about 106 kB for a model that saw prompts. */
export function serializeAdaptiveState(state: AdaptiveState): string {
  const scopes = [...state.scopes].map(([scope, { arms, observed, drifts, sinceDrift }]) => ({
    scope,
    observed,
    drifts,
    sinceDrift,
    arms: [...arms].map(([modelId, { gram, moments, ...sums }]) => ({
      modelId,
      ...sums,
      ...(gram && moments && { gram: encodeVector(gram), moments: encodeVector(moments) }),
    })),
  }));
  return JSON.stringify({ version: stateVersion, featureVersion, scopes });
}

/**
 * The inverse of {@link serializeAdaptiveState}. What was learned over another version of the prompt features keeps its
 * sums and loses its matrices. Throws `RangeError` for text of another kind or version.
 */
export function parseAdaptiveState(text: string): AdaptiveState {
  const stored = JSON.parse(text) as StoredState;
  if (stored.version !== stateVersion || stored.scopes === undefined) {
    throw new RangeError(`This is no adaptive state of version ${stateVersion}; rebalance to start anew.`);
  }
  const isReadable = stored.featureVersion === featureVersion;
  const scopes = stored.scopes.map(
    ({ scope, arms, observed, drifts, sinceDrift }): readonly [string, ScopeStatistics] => [
      scope,
      { arms: new Map(arms.map((arm) => [arm.modelId, toArm(arm, isReadable)])), observed, drifts, sinceDrift },
    ],
  );
  return { scopes: new Map(scopes) };
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

interface StoredState {
  readonly version: number;
  readonly featureVersion: number;
  readonly scopes: readonly {
    readonly scope: string;
    readonly observed: number;
    readonly drifts: number;
    readonly sinceDrift: number;
    readonly arms: readonly StoredArm[];
  }[];
}

function toArm(stored: StoredArm, isReadable: boolean): ArmStatistics {
  const { count, qualitySum, qualitySquares, rise, fall } = stored;
  const sums = { count, qualitySum, qualitySquares, rise, fall };
  if (!isReadable || stored.gram === undefined || stored.moments === undefined) return sums;
  const gram = decodeVector(stored.gram, triangleLength(featureCount));
  const moments = decodeVector(stored.moments, featureCount);
  return { ...sums, gram, moments };
}

function encodeVector(vector: Float64Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}

function decodeVector(text: string, length: number): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  if (bytes.byteLength !== length * 8) {
    throw new RangeError('A matrix of the adaptive state has the wrong size; rebalance to start anew.');
  }
  return new Float64Array(bytes.buffer);
}
