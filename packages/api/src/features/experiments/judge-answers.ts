import { hashToUnit } from '@switchyard/core/experiments';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { ExperimentAnswer } from '../../generated/prisma/client.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure } from '../../user-errors.ts';
import { requireExperiment } from './change-experiment.ts';

const rateInput = z.object({
  position: z.int().min(0),
  repeat: z.int().min(0).nullish(),
  variant: z.string().min(1).max(40),
  rating: z.int().min(1).max(5).nullish(),
});

function requirePerson(identity: Identity, what: string): string {
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

/** A pair of answers that the person has not judged yet, chosen by chance; undefined when there is none. */
export async function nextBallot(services: Services, identity: Identity, id: string): Promise<Ballot | undefined> {
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
  const rank = (pair: Pair) => hashToUnit([row.id, userId, 'ballot', keyOf(pair)]);
  const chosen = open.map((pair) => ({ pair, rank: rank(pair) })).sort((a, b) => a.rank - b.rank)[0]?.pair;
  if (!chosen) return undefined;
  const [item, left, right] = await Promise.all([
    prisma.experimentItem.findUnique({
      where: { experimentId_position: { experimentId: row.id, position: chosen.position } },
    }),
    ...sidesOf(row.id, userId, chosen).map((variant) => findAnswer(services, row.id, chosen, variant)),
  ]);
  if (!item || !left || !right) return undefined;
  const { position, repeat, first, second } = chosen;
  const ballotId = Buffer.from(JSON.stringify([position, repeat, first, second])).toString('base64url');
  return { id: ballotId, input: item.input, left: left.output, right: right.output };
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
  return { id: row.id, left, right };
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
