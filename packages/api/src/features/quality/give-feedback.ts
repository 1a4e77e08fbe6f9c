import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { storeReward } from '../routing/store-reward.ts';
import { type FeedbackSubject, type FeedbackTarget, findFeedbackTarget } from './feedback-target.ts';

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

/** A word as it stands now. */
export interface GivenFeedback {
  /** Of the feedback. */
  readonly id: string;
  /** The decision that is judged, where there is just one. */
  readonly decisionId: string | undefined;
  readonly quality: number;
  /** Another score of the same author was there before. */
  readonly isReplaced: boolean;
  /** Routing decisions that learn from it. */
  readonly learningDecisions: number;
}

/** Judges see less than people do; how well one agrees with them is told beside its tests. */
const judgeWeight = 0.5;

/**
 * Says how good an answer, a step or a whole run was; the router learns from it within a second, also when the answer is
 * days old. Scores of another scale than 0 to 1 are brought to that one. A second score of the same author for the same
 * thing replaces the first, so a repeated call changes nothing. Throws `ValidationFailure`, `NotFoundFailure`,
 * `ConflictFailure`.
 */
export async function giveFeedback(
  services: Services,
  identity: Identity,
  subject: FeedbackSubject,
  rawInput: unknown,
): Promise<GivenFeedback> {
  const { source, score, scale, comment, judge } = parseInput(input, rawInput);
  const { teamId, apiKeyId, userId } = identity;
  const target = await findFeedbackTarget(services, teamId, subject);
  const { lowest, highest } = scale ?? usualScale;
  const quality = (score - lowest) / (highest - lowest);
  const author = source === 'judge' ? `judge:${judge}` : `feedback:${judge ?? apiKeyId ?? userId ?? 'installation'}`;
  const { id, isReplaced } = await storeFeedback(services, teamId, target, author, quality, comment ?? undefined);
  const learning = await reward(services, teamId, target, author, quality, comment ?? undefined);
  if (target.experimentId !== undefined) {
    // Results are computed once for each state: this is another one.
    const where = { id: target.experimentId, teamId };
    await services.prisma.experiment.updateMany({ where, data: { updatedAt: new Date(services.clock.nowMs()) } });
  } else if (target.runId !== undefined) await touchLiveTests(services, teamId, target.runId);
  const decisionId = target.kind === 'decision' ? target.id : undefined;
  return { id, decisionId, quality, isReplaced, learningDecisions: learning };
}

async function storeFeedback(
  { prisma, clock, ids }: Services,
  teamId: string,
  target: FeedbackTarget,
  author: string,
  score: number,
  comment: string | undefined,
): Promise<{ readonly id: string; readonly isReplaced: boolean }> {
  const now = new Date(clock.nowMs());
  const place = { teamId, targetKind: target.kind, targetId: target.id, author };
  const { callId = null, runId = null, experimentId = null, decisionIds } = target;
  const facts = { callId, runId, experimentId, decisionIds: [...decisionIds] };
  const id = ids.next('fbk');
  const { count } = await prisma.answerFeedback.createMany({
    data: [{ id, ...place, ...facts, score, comment: comment ?? null, createdAt: now, updatedAt: now }],
    skipDuplicates: true,
  });
  if (count === 1) return { id, isReplaced: false };
  await prisma.answerFeedback.updateMany({
    where: { ...place, OR: [{ score: { not: score } }, ...(comment === undefined ? [] : [{ NOT: { comment } }])] },
    data: { score, comment: comment ?? null, ...facts, revision: { increment: 1 }, updatedAt: now },
  });
  const row = await prisma.answerFeedback.findUnique({ where: { teamId_targetKind_targetId_author: place } });
  return { id: row?.id ?? id, isReplaced: true };
}

/** A word on a run is shared among the decisions behind it; a word of the same author on one of them alone goes before. */
async function reward(
  services: Services,
  teamId: string,
  target: FeedbackTarget,
  author: string,
  quality: number,
  comment: string | undefined,
): Promise<number> {
  const { decisionIds, kind } = target;
  if (decisionIds.length === 0) return 0;
  const isShared = kind === 'run' || kind === 'step';
  const narrower = isShared
    ? await services.prisma.answerFeedback.findMany({
        where: {
          ...{ teamId, author, decisionIds: { hasSome: [...decisionIds] } },
          targetKind: { in: kind === 'run' ? ['decision', 'step'] : ['decision'] },
        },
        select: { decisionIds: true },
      })
    : [];
  const taken = new Set(narrower.flatMap((each) => each.decisionIds));
  const trust = author.startsWith('judge:') ? judgeWeight : 1;
  const open = decisionIds.filter((id) => !taken.has(id));
  for (const id of open) {
    await storeReward(services, { id, teamId }, author, quality, { comment, weight: trust / decisionIds.length });
  }
  return open.length;
}

/** A run may have been an execution in live splits: their results count it from now on. */
async function touchLiveTests({ prisma, clock }: Services, teamId: string, runId: string): Promise<void> {
  const splits = await prisma.experiment.findMany({
    where: { teamId, state: { not: 'draft' }, definition: { contains: '"live-split"' } },
    select: { id: true },
  });
  if (splits.length === 0) return;
  const rows = await prisma.experimentExposure.findMany({
    where: { experimentId: { in: splits.map(({ id }) => id) }, runId },
    select: { experimentId: true },
  });
  const ids = rows.map(({ experimentId }) => experimentId);
  if (ids.length === 0) return;
  await prisma.experiment.updateMany({
    where: { id: { in: ids }, teamId },
    data: { updatedAt: new Date(clock.nowMs()) },
  });
}
