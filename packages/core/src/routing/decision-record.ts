import type { RewardObservation } from './adaptive/learn-rewards.ts';
import type { RecordedBeliefs } from './record-beliefs.ts';
import type { RoutePlan } from './route-plan.ts';
import type { RouteRequest } from './route-request.ts';

/**
 * What must be stored of a decision so that its reward can be learned later and rules can be tested against it. Plain JSON
 * but for `bigint` costs inside the plan; holds no prompt.
 */
export interface DecisionRecord {
  readonly id: string;
  readonly request: RouteRequest;
  readonly plan: RoutePlan;
  /** Seed of the chance that the decision was made with: with the snapshot it gives the same plan again. */
  readonly seed: number;
  /** The model that answered in the end, which failover may have changed; absent when none did. */
  readonly servedModelId?: string;
}

/** Of the rejected so many are stored; a plan lists at most 16 candidates. */
export const mostStoredRejections = 50;

/** What a decision was made upon beside its request, its seed and the stored snapshot: too short-lived to belong to that one. Plain JSON. */
export interface DecisionBasis {
  /** Calls in flight by model id, where there were any. */
  readonly load: Readonly<Record<string, number>>;
  /** Models whose circuit was open were asked all the same, because nobody else could serve. */
  readonly isInNeed: boolean;
  /** What was read of the learner; absent when it had no say. */
  readonly beliefs?: RecordedBeliefs;
}

/**
 * The observation that a reward for this decision makes, or undefined when nothing can be learned from it: the choice was
 * not the learner's, the session kept its model, or another model answered (its own record would be biased by the failure).
 */
export function toRewardObservation(
  record: DecisionRecord,
  quality: number,
  replacesQuality?: number,
  weight = 1,
): RewardObservation | undefined {
  const { plan, request, servedModelId } = record;
  const [chosen] = plan.candidates;
  if (!chosen || plan.isSticky || plan.learningScopes.length === 0) return undefined;
  if (servedModelId !== undefined && servedModelId !== chosen.modelId) return undefined;
  return {
    scopes: plan.learningScopes,
    modelId: chosen.modelId,
    quality,
    ...(request.features && { features: request.features }),
    ...(chosen.expectedQuality !== undefined && { expectedQuality: chosen.expectedQuality }),
    ...(replacesQuality !== undefined && { replacesQuality }),
    ...(weight !== 1 && { weight }),
  };
}
