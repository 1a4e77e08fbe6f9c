import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { RoutingDecisionModel } from '../../generated/prisma/models.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { findDecision } from './find-decision.ts';

/** Who says how good an answer was: the app or its users, or a judge (a model, a test) that looks at answers later. */
export const feedbackSources = ['app', 'judge'] as const;

const usualScale = { lowest: 0, highest: 1 };

const farthest = 1e9;
const finite = (message: string) => z.number({ error: message }).min(-farthest).max(farthest);

const input = z
  .object({
    source: z.enum(feedbackSources).nullish(),
    score: finite('A score is a number.'),
    scale: z
      .object({ lowest: finite('A scale begins with a number.'), highest: finite('A scale ends with a number.') })
      .nullish(),
    comment: z.string().max(5_000).nullish(),
    judge: z
      .string()
      .trim()
      .regex(/^[\w .-]{1,60}$/, 'A name of a judge has 1 to 60 letters, digits, dots, dashes and blanks.')
      .nullish(),
  })
  .superRefine(({ source, score, scale, judge }, context) => {
    const { lowest, highest } = scale ?? usualScale;
    if (lowest >= highest) {
      const message = 'The highest score of a scale is above its lowest one.';
      context.addIssue({ code: 'custom', path: ['scale'], message });
    } else if (score < lowest || score > highest) {
      const hint = scale ? '' : ' Name the scale if it is another one.';
      context.addIssue({
        code: 'custom',
        path: ['score'],
        message: `A score on this scale is a number from ${lowest} to ${highest}.${hint}`,
      });
    }
    if (source === 'judge' && judge == null) {
      const message = 'Name the judge: a second word of the same one replaces the first.';
      context.addIssue({ code: 'custom', path: ['judge'], message });
    }
  });

/** The decision with the reward as it stands now. */
export interface GivenFeedback {
  readonly decisionId: string;
  readonly quality: number;
  /** Another score of the same judge was there before. */
  readonly isReplaced: boolean;
}

/**
 * Says how good an answer was; the router learns from it within a second, also when the answer is days old. Scores of
 * another scale than 0 to 1 are brought to that one. A second score of the same judge for
 * the same answer replaces the first, so a repeated call changes nothing. `id` is that of the decision, of the lane or of
 * the request. Throws `ValidationFailure`, `NotFoundFailure`, `ConflictFailure`.
 */
export async function submitFeedback(
  services: Services,
  identity: Identity,
  id: string | undefined,
  rawInput: unknown,
): Promise<GivenFeedback> {
  const { source, score, scale, comment, judge } = parseInput(input, rawInput);
  const decision = id === undefined ? null : await findDecision(services, identity.teamId, id);
  if (!decision) throw new NotFoundFailure('routing decision', ['input', 'of']);
  if (decision.outcome === 'failed' || decision.outcome === 'cancelled') {
    throw new ConflictFailure('ROUTING.NO_ANSWER', 'This call gave no whole answer that could be judged.', [
      'input',
      'of',
    ]);
  }
  const author = identity.apiKeyId ?? identity.userId ?? 'installation';
  const { lowest, highest } = scale ?? usualScale;
  const quality = (score - lowest) / (highest - lowest);
  const name = source === 'judge' ? `judge:${judge}` : `feedback:${judge ?? author}`;
  const isReplaced = await storeReward(services, decision, name, quality, comment ?? undefined);
  return { decisionId: decision.id, quality, isReplaced };
}

/** Writes or replaces the word of one judge. Answers whether there was one. */
export async function storeReward(
  services: Pick<Services, 'prisma' | 'clock' | 'ids'>,
  decision: Pick<RoutingDecisionModel, 'id' | 'teamId'>,
  judge: string,
  quality: number,
  comment?: string,
): Promise<boolean> {
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
