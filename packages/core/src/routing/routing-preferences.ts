import { parseUsd } from '../kernel/index.ts';
import { type AdaptiveSettings, defaultAdaptiveSettings } from './adaptive/adaptive-settings.ts';
import type { RouteConstraints, RouteRequest } from './route-request.ts';
import type { CriterionWeights, Strategy } from './strategy.ts';

/** How requests of one scope are routed; plain JSON. What is absent is taken from the next wider scope. */
export interface RoutingPreferences {
  readonly strategy?: Strategy;
  readonly weights?: CriterionWeights;
  /** Shares for `weighted` by model id; a model that is not named has 1, a 0 is a fallback only. */
  readonly modelWeights?: Readonly<Record<string, number>>;
  /** Algorithm, half-life, prior and detection of drift are the team's alone: what is learned depends on them. */
  readonly adaptive?: Partial<AdaptiveSettings>;
  readonly limits?: {
    /** Decimal USD for the upper bound of one call. */
    readonly maxCostUsd?: string;
    readonly maxLatencyMs?: number;
    readonly maxTimeToFirstTokenMs?: number;
    /** 0–1. */
    readonly minQuality?: number;
  };
  readonly isStrict?: boolean;
  /** Whether equivalents stand in for a model that was named and is not available. */
  readonly allowsEquivalents?: boolean;
  /** IANA name in which rules see hour and weekday; the team's alone. */
  readonly timeZone?: string;
}

/** Each field of the narrowest scope that has it. `narrowestFirst` may hold scopes that say nothing. */
export function mergePreferences(narrowestFirst: readonly (RoutingPreferences | undefined)[]): RoutingPreferences {
  let merged: RoutingPreferences = {};
  for (const wider of narrowestFirst) {
    if (!wider) continue;
    merged = {
      ...wider,
      ...merged,
      ...((wider.adaptive || merged.adaptive) && { adaptive: { ...wider.adaptive, ...merged.adaptive } }),
      ...((wider.limits || merged.limits) && { limits: { ...wider.limits, ...merged.limits } }),
    };
  }
  return merged;
}

/** The team's settings of learning, complete. */
export function toAdaptiveSettings({ adaptive }: RoutingPreferences): AdaptiveSettings {
  return { ...defaultAdaptiveSettings, ...adaptive };
}

/** What preferences mean for one request. Throws what `parseUsd` throws for an amount that is none. */
export function toRequestWishes(
  preferences: RoutingPreferences,
): Pick<
  RouteRequest,
  'strategy' | 'weights' | 'modelWeights' | 'adaptive' | 'constraints' | 'isStrict' | 'allowsEquivalents'
> {
  const { strategy, weights, modelWeights, adaptive, limits, isStrict, allowsEquivalents } = preferences;
  const constraints: RouteConstraints | undefined = limits && {
    ...(limits.maxCostUsd !== undefined && { maxCostNanoUsd: parseUsd(limits.maxCostUsd) }),
    ...(limits.maxLatencyMs !== undefined && { maxLatencyMs: limits.maxLatencyMs }),
    ...(limits.maxTimeToFirstTokenMs !== undefined && { maxTimeToFirstTokenMs: limits.maxTimeToFirstTokenMs }),
    ...(limits.minQuality !== undefined && { minQuality: limits.minQuality }),
  };
  return {
    ...(strategy && { strategy }),
    ...(weights && { weights }),
    ...(modelWeights && { modelWeights }),
    ...(adaptive && {
      adaptive: {
        ...(adaptive.costWeightPerUsd !== undefined && { costWeightPerUsd: adaptive.costWeightPerUsd }),
        ...(adaptive.latencyWeightPerSecond !== undefined && {
          latencyWeightPerSecond: adaptive.latencyWeightPerSecond,
        }),
        ...(adaptive.explorationShare !== undefined && { explorationShare: adaptive.explorationShare }),
        ...(adaptive.explorationScale !== undefined && { explorationScale: adaptive.explorationScale }),
      },
    }),
    ...(constraints && { constraints }),
    ...(isStrict !== undefined && { isStrict }),
    ...(allowsEquivalents !== undefined && { allowsEquivalents }),
  };
}
