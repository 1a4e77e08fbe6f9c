import type { TimelineEntry } from '@switchyard/core/events';
import type { MadeDecision } from './routing-desk.ts';

/** Of the rejected so many stay with a lane; the decision itself has more. */
const mostRejected = 20;

/** A decision as the first step of a timeline; `atMs` is when the lane began. Undefined for a decision without a candidate. */
export function toRouteEntry(decision: MadeDecision, requestedName: string, atMs: number): TimelineEntry | undefined {
  const { id, plan } = decision;
  const [chosen] = plan.candidates;
  if (!chosen) return undefined;
  return {
    kind: 'route-decided',
    atMs,
    elapsedMs: 0,
    providerId: chosen.providerId,
    modelId: chosen.modelId,
    route: {
      decisionId: id,
      requestedName,
      strategy: plan.strategy,
      propensity: chosen.propensity ?? 1,
      isExploration: plan.isExploration,
      candidates: plan.candidates.map(({ modelId, score, propensity }) => ({
        modelId,
        score,
        ...(propensity !== undefined && { propensity }),
      })),
      rejected: plan.rejected.slice(0, mostRejected),
      rejectedCount: plan.rejected.length,
      matchedRules: plan.matchedRules,
      explanation: plan.explanation,
    },
  };
}
