import { createSeededRandom } from '@switchyard/core/kernel';
import {
  type Criterion,
  type CriterionWeights,
  criteria,
  planRoute,
  type RouteCandidate,
  type RouteRequest,
} from '@switchyard/core/routing';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { capabilityInput, toNeeds } from './dry-run.ts';

const input = z.object({
  taskType: z.string().trim().min(1).max(200).nullish(),
  contextTokens: z.int().min(1).max(100_000_000).nullish(),
  costPreference: z.enum(['cheap', 'balanced', 'best']).nullish(),
  needs: capabilityInput,
  first: z.int().min(1).max(16).nullish(),
});

const weightsOf: Readonly<Record<'cheap' | 'balanced' | 'best', CriterionWeights>> = {
  cheap: { cost: 0.7, latency: 0.1, quality: 0.15, reliability: 0.05 },
  balanced: { cost: 0.3, latency: 0.2, quality: 0.35, reliability: 0.15 },
  best: { cost: 0.02, latency: 0.08, quality: 0.8, reliability: 0.1 },
};

/** What a task of usual size takes, when nobody says more. */
const usualInputTokens = 1_000;
const usualOutputTokens = 1_000;

export interface Recommendation {
  readonly modelId: string;
  readonly rank: number;
  readonly candidate: RouteCandidate;
  /** In words, with figures. */
  readonly reason: string;
}

/** The models of the team that suit a task, best first, with the reason. The team's rules hold. Throws `ValidationFailure`. */
export async function recommendModels(
  services: Services,
  identity: Identity,
  rawInput: unknown,
): Promise<readonly Recommendation[]> {
  const { taskType, contextTokens, costPreference, needs, first } = parseInput(input, rawInput);
  const team = await services.routing.of(identity.teamId);
  const preference = costPreference ?? 'balanced';
  const request: RouteRequest = {
    teamId: identity.teamId,
    atMs: team.nowMs,
    inputTokens: Math.max(
      0,
      Math.min(usualInputTokens, (contextTokens ?? Number.POSITIVE_INFINITY) - usualOutputTokens),
    ),
    maxOutputTokens: usualOutputTokens,
    strategy: 'balanced',
    weights: weightsOf[preference],
    ...(taskType != null && { taskClass: taskType }),
    needs: { ...toNeeds(needs), ...(contextTokens != null && { contextTokens }) },
  };
  const { candidates } = planRoute(request, team.snapshot, createSeededRandom(1));
  // Two draws for the sake of load must not reorder advice.
  const ranked = [...candidates].sort((a, b) => b.score - a.score).slice(0, first ?? 5);
  return ranked.map((candidate, index) => ({
    modelId: candidate.modelId,
    rank: index + 1,
    candidate,
    reason: explain(candidate, ranked, team.models.find(({ modelId }) => modelId === candidate.modelId)?.routed.tier),
  }));
}

/** In words; a price of nothing is a price. */
function describeCost(costNanoUsd: number | undefined): string {
  if (costNanoUsd === undefined) return 'price unknown';
  if (costNanoUsd === 0) return 'free';
  const usd = costNanoUsd / 1e9;
  return usd < 0.000001 ? 'under 0.000001 USD a call' : `about ${usd.toFixed(6)} USD a call`;
}

/** Whether nobody is better, somebody is worse, and that is known and not only assumed. */
function isBest(criterion: Criterion, candidate: RouteCandidate, all: readonly RouteCandidate[]): boolean {
  const own = candidate.criteria[criterion];
  const scores = all.map((other) => other.criteria[criterion].score);
  return (
    own.value !== undefined && scores.every((score) => score <= own.score) && scores.some((score) => score < own.score)
  );
}

function explain(candidate: RouteCandidate, all: readonly RouteCandidate[], tier: string | undefined): string {
  const best = criteria.filter((criterion) => isBest(criterion, candidate, all));
  const { cost, latency, quality, reliability } = candidate.criteria;
  const facts = [
    describeCost(cost.value),
    latency.value === undefined ? 'latency not measured yet' : `${Math.round(latency.value)} ms median`,
    quality.value === undefined
      ? `quality not rated yet${tier ? `, taken for ${tier} by its price` : ''}`
      : `quality ${quality.value.toFixed(2)}`,
    ...(reliability.value === undefined ? [] : [`${(reliability.value * 100).toFixed(1)} % errors`]),
  ];
  const lead = best.length > 0 ? `Best by ${best.join(' and ')} of those that qualify: ` : '';
  return `${lead}${facts.join(', ')}.`;
}
