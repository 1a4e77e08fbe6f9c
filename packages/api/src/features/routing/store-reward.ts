import type { Services } from '../../container.ts';
import type { RoutingDecisionModel } from '../../generated/prisma/models.ts';
import { findDecision } from './find-decision.ts';

/**
 * Writes or replaces the word of one judge. Answers whether there was one. `weight` is how much it is trusted, above 0 to 1;
 * that of the first word stays.
 */
export async function storeReward(
  services: Pick<Services, 'prisma' | 'clock' | 'ids'>,
  decision: Pick<RoutingDecisionModel, 'id' | 'teamId'>,
  judge: string,
  quality: number,
  more: { readonly comment?: string | undefined; readonly weight?: number | undefined } = {},
): Promise<boolean> {
  const { comment, weight = 1 } = more;
  const { prisma, clock, ids } = services;
  const now = new Date(clock.nowMs());
  const { count: isNew } = await prisma.routingReward.createMany({
    data: [
      {
        id: ids.next('rwd'),
        teamId: decision.teamId,
        decisionId: decision.id,
        judge,
        quality,
        weight,
        comment: comment ?? null,
        createdAt: now,
        updatedAt: now,
      },
    ],
    skipDuplicates: true,
  });
  if (isNew === 1) return false;
  // The same word again is none: nothing has to be learned anew.
  await prisma.routingReward.updateMany({
    where: { decisionId: decision.id, teamId: decision.teamId, judge, quality: { not: quality } },
    data: { quality, comment: comment ?? null, revision: { increment: 1 }, isPending: true, updatedAt: now },
  });
  return true;
}

/** Turns a person's rating of a lane (1 to 5, null takes it back) into a reward, when a decision chose its model. */
export async function rewardLane(
  services: Services,
  teamId: string,
  laneId: string,
  userId: string,
  rating: number | null,
): Promise<void> {
  const decision = await findDecision(services, teamId, laneId);
  if (!decision) return;
  const judge = `rating:${userId}`;
  if (rating !== null) await storeReward(services, decision, judge, (rating - 1) / 4);
  // What was learned already fades by itself.
  else
    await services.prisma.routingReward.deleteMany({ where: { decisionId: decision.id, judge, learnedQuality: null } });
}

/** Better than the answers beside it says little about how good an answer is. */
const bestWeight = 0.25;

/**
 * Turns the mark of the best lane of a comparison into rewards of the decisions behind its answers: 1 for it, 0 for the others.
 * Undefined takes the mark back.
 */
export async function rewardBestLane(
  services: Services,
  teamId: string,
  comparisonId: string,
  bestLaneId: string | undefined,
): Promise<void> {
  const { prisma } = services;
  const lanes = await prisma.comparisonLane.findMany({
    where: { comparisonId, teamId, state: 'COMPLETED' },
    select: { id: true },
  });
  const judge = `best:${comparisonId}`;
  for (const { id } of lanes) {
    const decision = await findDecision(services, teamId, id);
    if (!decision) continue;
    if (bestLaneId !== undefined) {
      await storeReward(services, decision, judge, id === bestLaneId ? 1 : 0, { weight: bestWeight });
    } else await prisma.routingReward.deleteMany({ where: { decisionId: decision.id, judge, learnedQuality: null } });
  }
}
