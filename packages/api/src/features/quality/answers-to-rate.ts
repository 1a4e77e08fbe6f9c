import { createHash } from 'node:crypto';
import { hashToUnit } from '@switchyard/core/experiments';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { NotFoundFailure } from '../../user-errors.ts';
import { requireExperiment } from '../experiments/change-experiment.ts';
import { definitionOf } from '../experiments/experiment-row.ts';
import { rateAnswer, requirePerson } from '../experiments/judge-answers.ts';

/** An answer without the name of who gave it and without what judges said of it. */
export interface BlindAnswer {
  readonly token: string;
  readonly input: string;
  readonly expected: string | null;
  readonly output: string;
}

interface Place {
  readonly position: number;
  readonly repeat: number;
  readonly variant: string;
}

const mostLooked = 16_000;

/**
 * Answers that the person has not rated yet, as a random sample: the same for everybody and in the same order, so that what
 * people say can be compared with each other too.
 */
export async function answersToRate(
  services: Services,
  identity: Identity,
  id: string,
  count: number,
): Promise<readonly BlindAnswer[]> {
  const row = await requireExperiment(services, identity, id);
  const userId = requirePerson(identity, 'Ratings');
  const { prisma } = services;
  const where = { experimentId: row.id };
  const [answers, own] = await Promise.all([
    prisma.experimentAnswer.findMany({
      where: { ...where, failure: null, contamination: null },
      select: { position: true, repeat: true, variant: true },
      orderBy: [{ position: 'asc' }, { repeat: 'asc' }, { variant: 'asc' }],
      take: mostLooked,
    }),
    prisma.experimentRating.findMany({
      where: { ...where, userId },
      select: { position: true, repeat: true, variant: true },
    }),
  ]);
  const rated = new Set(own.map(keyOf));
  const chosen = answers
    .filter((place) => !rated.has(keyOf(place)))
    .map((place) => ({ place, rank: hashToUnit([row.id, 'sample', keyOf(place)]) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ place }) => place);
  if (chosen.length === 0) return [];
  const positions = chosen.map(({ position }) => position);
  const [items, texts] = await Promise.all([
    prisma.experimentItem.findMany({ where: { ...where, position: { in: positions } } }),
    prisma.experimentAnswer.findMany({
      where: { ...where, OR: chosen.map(({ position, repeat, variant }) => ({ position, repeat, variant })) },
      select: { position: true, repeat: true, variant: true, output: true },
    }),
  ]);
  const itemAt = new Map(items.map((item) => [item.position, item]));
  const textAt = new Map(texts.map((answer) => [keyOf(answer), answer.output]));
  return chosen.flatMap((place) => {
    const [item, output] = [itemAt.get(place.position), textAt.get(keyOf(place))];
    if (!item || output === undefined) return [];
    return [{ token: tokenOf(row.id, userId, place), input: item.input, expected: item.expected, output }];
  });
}

const input = z.object({ token: z.string().min(1).max(200), rating: z.int().min(1).max(5) });

/** Rates an answer of {@link answersToRate}. Answers the id of the test. */
export async function rateBlindAnswer(
  services: Services,
  identity: Identity,
  id: string | undefined,
  rawInput: unknown,
): Promise<string> {
  const { token, rating } = parseInput(input, rawInput);
  const row = await requireExperiment(services, identity, id);
  const userId = requirePerson(identity, 'Ratings');
  const [, position, repeat] = /^(\d{1,9})\.(\d{1,4})\.[0-9a-f]{24}$/.exec(token) ?? [];
  if (row.state === 'draft' || position === undefined) throw new NotFoundFailure('answer', ['input', 'token']);
  const place = { position: Number(position), repeat: Number(repeat) };
  const variant = definitionOf(row)
    .variants.map(({ key }) => key)
    .find((key) => tokenOf(row.id, userId, { ...place, variant: key }) === token);
  if (variant === undefined) throw new NotFoundFailure('answer', ['input', 'token']);
  return rateAnswer(services, identity, row.id, { ...place, variant, rating });
}

const keyOf = ({ position, repeat, variant }: Place): string => `${position}/${repeat}/${variant}`;

/** Names an answer without telling its variant to whoever looks at it. */
function tokenOf(experimentId: string, userId: string, place: Place): string {
  const text = JSON.stringify([experimentId, userId, keyOf(place)]);
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 24);
  return `${place.position}.${place.repeat}.${digest}`;
}
