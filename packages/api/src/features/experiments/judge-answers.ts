import { hashToUnit } from '@switchyard/core/experiments';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { ExperimentAnswer } from '../../generated/prisma/client.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure } from '../../user-errors.ts';
import { rewardTestRating, rewardTestVotes } from '../quality/test-rewards.ts';
import { requireExperiment } from './change-experiment.ts';

const rateInput = z.object({
  position: z.int().min(0),
  repeat: z.int().min(0).nullish(),
  variant: z.string().min(1).max(40),
  rating: z.int().min(1).max(5).nullish(),
});

/** Who rates or votes: a key without a person cannot. `what` begins the sentence that refuses it. */
export function requirePerson(identity: Identity, what: string): string {
  if (identity.userId !== undefined) return identity.userId;
  throw new ForbiddenFailure(`${what} belong to people: sign in, or use a key made by a person.`);
}

/** Rates an answer with 1 to 5 for the person who asks, or takes the rating back with null. */
export async function rateAnswer(
  services: Services,
  identity: Identity,
  id: string | undefined,
  rawInput: unknown,
): Promise<string> {
  const { position, repeat, variant, rating } = parseInput(rateInput, rawInput);
  const row = await requireExperiment(services, identity, id);
  const userId = requirePerson(identity, 'Ratings');
  const { prisma, clock } = services;
  const place = { experimentId: row.id, position, repeat: repeat ?? 0, variant };
  const answer = await prisma.experimentAnswer.findUnique({ where: { experimentId_position_repeat_variant: place } });
  if (!answer || answer.failure !== null) throw new NotFoundFailure('answer', ['input', 'variant']);
  const now = new Date(clock.nowMs());
  const where = { experimentId_position_repeat_variant_userId: { ...place, userId } };
  if (rating == null) await prisma.experimentRating.deleteMany({ where: { ...place, userId } });
  else {
    const data = { rating, updatedAt: now };
    await prisma.experimentRating.upsert({ where, create: { ...place, userId, ...data }, update: data });
  }
  // Results are computed once for each state: this is another one.
  await prisma.experiment.updateMany({ where: { id: row.id, teamId: identity.teamId }, data: { updatedAt: now } });
  await rewardTestRating(services, identity.teamId, answer, userId, rating ?? null);
  return row.id;
}

/** Two answers to one item, side by side, without the names of who gave them. */
export interface Ballot {
  readonly id: string;
  readonly input: string;
  readonly left: string;
  readonly right: string;
}

interface Pair {
  readonly position: number;
  readonly repeat: number;
  /** In alphabetical order. */
  readonly first: string;
  readonly second: string;
}

const mostLooked = 2_000;

/**
 * A pair of answers that the person has not judged yet, chosen by chance; undefined when there is none. Ballots in `skipped`
 * come back when nothing else is left, the one skipped first before the others.
 */
export async function nextBallot(
  services: Services,
  identity: Identity,
  id: string,
  skipped: readonly string[] = [],
): Promise<Ballot | undefined> {
  const row = await requireExperiment(services, identity, id);
  const userId = requirePerson(identity, 'Votes');
  const { prisma } = services;
  const answers = await prisma.experimentAnswer.findMany({
    where: { experimentId: row.id, failure: null, contamination: null },
    select: { position: true, repeat: true, variant: true },
    orderBy: [{ position: 'asc' }, { repeat: 'asc' }, { variant: 'asc' }],
    take: mostLooked * 8,
  });
  const voted = await prisma.experimentVote.findMany({ where: { experimentId: row.id, userId } });
  const done = new Set(voted.map(keyOf));
  const open = [...Map.groupBy(answers, ({ position, repeat }) => `${position}/${repeat}`).values()]
    .flatMap((group) => pairsOf(group))
    .filter((pair) => !done.has(keyOf(pair)));
  // The same person sees the same pair until it is judged; another person another one.
  const later = new Map(skipped.map((ballotId, index) => [ballotId, 1 + index]));
  const rank = (pair: Pair) => later.get(ballotIdOf(pair)) ?? hashToUnit([row.id, userId, 'ballot', keyOf(pair)]);
  const chosen = open.map((pair) => ({ pair, rank: rank(pair) })).sort((a, b) => a.rank - b.rank)[0]?.pair;
  if (!chosen) return undefined;
  return readBallot(services, row.id, userId, chosen);
}

/** The ballot of a pair as the person sees it; undefined when an answer is gone. */
async function readBallot(
  services: Services,
  experimentId: string,
  userId: string,
  pair: Pair,
): Promise<Ballot | undefined> {
  const { position } = pair;
  const [item, left, right] = await Promise.all([
    services.prisma.experimentItem.findUnique({ where: { experimentId_position: { experimentId, position } } }),
    ...sidesOf(experimentId, userId, pair).map((variant) => findAnswer(services, experimentId, pair, variant)),
  ]);
  if (!item || !left || !right) return undefined;
  return { id: ballotIdOf(pair), input: item.input, left: left.output, right: right.output };
}

const voteInput = z.object({
  ballotId: z.string().min(1).max(500),
  choice: z.enum(['left', 'right', 'tie', 'both-bad']),
});

/** Votes for one side; the answer says who stood where. */
export async function castVote(
  services: Services,
  identity: Identity,
  id: string | undefined,
  rawInput: unknown,
): Promise<{ readonly id: string; readonly left: string; readonly right: string }> {
  const { ballotId, choice } = parseInput(voteInput, rawInput);
  const row = await requireExperiment(services, identity, id);
  const userId = requirePerson(identity, 'Votes');
  const pair = readBallotId(ballotId);
  if (!pair) throw new NotFoundFailure('ballot', ['input', 'ballotId']);
  const [left = '', right = ''] = sidesOf(row.id, userId, pair);
  const found = await Promise.all([left, right].map((variant) => findAnswer(services, row.id, pair, variant)));
  if (!found.every((answer) => answer && answer.failure === null))
    throw new NotFoundFailure('ballot', ['input', 'ballotId']);
  const isSwapped = left === pair.second;
  const stored =
    choice === 'left'
      ? isSwapped
        ? 'second'
        : 'first'
      : choice === 'right'
        ? isSwapped
          ? 'first'
          : 'second'
        : choice;
  const { prisma, ids, clock } = services;
  const { count } = await prisma.experimentVote.createMany({
    data: [
      {
        ...{ id: ids.next('vot'), teamId: identity.teamId, experimentId: row.id, ...pair },
        ...{ isSwapped, choice: stored, userId, createdAt: new Date(clock.nowMs()) },
      },
    ],
    skipDuplicates: true,
  });
  if (count === 0)
    throw new ConflictFailure('EXPERIMENTS.ALREADY_VOTED', 'You have judged this pair already.', ['input', 'ballotId']);
  await rewardTestVotes(services, row, pair, userId);
  return { id: row.id, left, right };
}

/** For how long a vote may be taken back: a slip of the finger, not a change of mind after the names. */
export const undoableMs = 60_000;

/** Takes the person's own vote back within {@link undoableMs}; returns the ballot, which is open again. */
export async function undoVote(
  services: Services,
  identity: Identity,
  id: string | undefined,
  ballotId: string,
): Promise<Ballot> {
  const row = await requireExperiment(services, identity, id);
  const userId = requirePerson(identity, 'Votes');
  const pair = readBallotId(ballotId);
  if (!pair) throw new NotFoundFailure('ballot', ['input', 'ballotId']);
  const { prisma, clock } = services;
  const vote = { teamId: identity.teamId, experimentId: row.id, ...pair, userId };
  const since = new Date(clock.nowMs() - undoableMs);
  const { count } = await prisma.experimentVote.deleteMany({ where: { ...vote, createdAt: { gte: since } } });
  if (count === 0) {
    const old = await prisma.experimentVote.count({ where: vote });
    if (old === 0) throw new NotFoundFailure('vote', ['input', 'ballotId']);
    const message = `A vote can be taken back for ${undoableMs / 1000} seconds; this one counts.`;
    throw new ConflictFailure('EXPERIMENTS.VOTE_COUNTS', message, ['input', 'ballotId']);
  }
  await rewardTestVotes(services, row, pair, userId);
  const ballot = await readBallot(services, row.id, userId, pair);
  if (!ballot) throw new NotFoundFailure('ballot', ['input', 'ballotId']);
  return ballot;
}

function pairsOf(answers: readonly Pick<ExperimentAnswer, 'position' | 'repeat' | 'variant'>[]): readonly Pair[] {
  return answers.flatMap((one, index) =>
    answers.slice(index + 1).map(({ variant }): Pair => {
      const [first = '', second = ''] = [one.variant, variant].sort();
      return { position: one.position, repeat: one.repeat, first, second };
    }),
  );
}

const keyOf = ({ position, repeat, first, second }: Pair): string => JSON.stringify([position, repeat, first, second]);

/** Who stands left and right: by chance, and the same when the ballot comes back. */
function sidesOf(experimentId: string, userId: string, pair: Pair): readonly string[] {
  const isSwapped = hashToUnit([experimentId, userId, 'sides', keyOf(pair)]) < 0.5;
  return isSwapped ? [pair.second, pair.first] : [pair.first, pair.second];
}

function findAnswer({ prisma }: Services, experimentId: string, { position, repeat }: Pair, variant: string) {
  return prisma.experimentAnswer.findUnique({
    where: { experimentId_position_repeat_variant: { experimentId, position, repeat, variant } },
  });
}

function ballotIdOf({ position, repeat, first, second }: Pair): string {
  return Buffer.from(JSON.stringify([position, repeat, first, second])).toString('base64url');
}

const ballotShape = z.tuple([z.int().min(0), z.int().min(0), z.string().max(40), z.string().max(40)]);

function readBallotId(ballotId: string): Pair | undefined {
  try {
    const [position, repeat, first, second] = ballotShape.parse(
      JSON.parse(Buffer.from(ballotId, 'base64url').toString('utf8')),
    );
    return first < second ? { position, repeat, first, second } : undefined;
  } catch {
    return undefined;
  }
}
