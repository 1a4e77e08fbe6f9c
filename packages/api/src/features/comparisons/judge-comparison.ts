import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure } from '../../user-errors.ts';
import { rewardBestLane, rewardLane } from '../routing/store-reward.ts';

const ratingInput = z.object({ rating: z.int().min(1).max(5).nullish() });
const notesInput = z.object({ notes: z.string().max(20_000, 'Notes may have 20,000 characters at the most.') });

/** Rates a lane's answer with 1 to 5 for the person who asks, or takes the rating back with null. */
export async function rateOutput(
  services: Services,
  identity: Identity,
  laneId: string | undefined,
  rawInput: { readonly rating?: number | null | undefined },
): Promise<string> {
  const { rating } = parseInput(ratingInput, rawInput);
  const lane = laneId && (await services.comparisons.findLane(identity.teamId, laneId));
  if (!lane) throw new NotFoundFailure('lane', ['input', 'laneId']);
  if (lane.output === '' && Array.isArray(lane.toolCalls) && lane.toolCalls.length === 0 && rating != null) {
    throw new ConflictFailure('COMPARISONS.NO_OUTPUT', 'There is no answer to rate yet.', ['input', 'laneId']);
  }
  if (identity.userId === undefined)
    throw new ForbiddenFailure('Ratings belong to people: sign in, or use a key made by a person.');
  await services.comparisons.rate(identity.teamId, lane, identity.userId, rating ?? null);
  await rewardLane(services, identity.teamId, lane.id, identity.userId, rating ?? null);
  return lane.id;
}

/** Marks one lane of a comparison as the best, or takes the mark back with null. */
export async function markBestLane(
  services: Services,
  identity: Identity,
  comparisonId: string | undefined,
  laneId: string | null | undefined,
): Promise<string> {
  const comparison = comparisonId && (await services.comparisons.find(identity.teamId, comparisonId));
  if (!comparison) throw new NotFoundFailure('comparison', ['input', 'comparisonId']);
  if (laneId !== null) {
    const lane = laneId && (await services.comparisons.findLane(identity.teamId, laneId));
    if (!lane || lane.comparisonId !== comparison.id) throw new NotFoundFailure('lane', ['input', 'laneId']);
  }
  await services.comparisons.markBest(identity.teamId, comparison.id, laneId ?? null);
  await rewardBestLane(services, identity.teamId, comparison.id, laneId ?? undefined);
  return comparison.id;
}

export async function annotateComparison(
  services: Services,
  identity: Identity,
  comparisonId: string | undefined,
  rawInput: { readonly notes: string },
): Promise<string> {
  const { notes } = parseInput(notesInput, rawInput);
  const comparison = comparisonId && (await services.comparisons.find(identity.teamId, comparisonId));
  if (!comparison) throw new NotFoundFailure('comparison', ['input', 'comparisonId']);
  await services.comparisons.annotate(identity.teamId, comparison.id, notes);
  return comparison.id;
}

/** Deletes a comparison that is over, with its answers, events and ratings. Call records stay: they are the bill. */
export async function deleteComparison(
  services: Services,
  identity: Identity,
  comparisonId: string | undefined,
): Promise<string> {
  const comparison = comparisonId && (await services.comparisons.find(identity.teamId, comparisonId));
  if (!comparison) throw new NotFoundFailure('comparison', ['input', 'comparisonId']);
  if (comparison.state === 'RUNNING') {
    throw new ConflictFailure('COMPARISONS.LANE_RUNNING', 'This comparison is still running. Stop it first.', [
      'input',
      'comparisonId',
    ]);
  }
  await services.comparisons.delete(identity.teamId, comparison.id);
  return comparison.id;
}
