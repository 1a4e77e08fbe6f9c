import { type ExperimentDefinition, rewardOfScores, rewardOfVotes, rewardTrust } from '@switchyard/core/experiments';
import type { Services } from '../../container.ts';
import type { Experiment, ExperimentAnswer, ExperimentVote } from '../../generated/prisma/client.ts';
import type { StoredScores } from '../experiments/score-answers.ts';
import { storeReward } from '../routing/store-reward.ts';

export type RewardServices = Pick<Services, 'prisma' | 'clock' | 'ids' | 'log' | 'routing'>;

type Row = Pick<Experiment, 'id' | 'teamId'>;
type Answer = Pick<
  ExperimentAnswer,
  'position' | 'repeat' | 'variant' | 'decisionId' | 'failure' | 'contamination' | 'scores'
>;

const atOnce = 500;

/**
 * Tells the router what tests found. Only answers whose model the router chose itself have a decision to learn for: an answer of
 * a model that the test named was no choice, so nothing is learned from it and the learner is not biased towards what tests
 * happen to try. What another model answered (contaminated) says nothing about the choice either. One word for each answer and
 * source, written under a key of its own, so that a restart tells nothing twice.
 */
export class TestRewards {
  readonly #services: RewardServices;

  constructor(services: RewardServices) {
    this.#services = services;
  }

  /** The scores of these answers. Never fails a test: what cannot be told now is told by {@link noteAll}. */
  async note(test: Row, definition: ExperimentDefinition, answers: readonly Answer[]): Promise<void> {
    try {
      await this.#note(test, definition, answers);
    } catch (error) {
      this.#services.log.warn(
        { experimentId: test.id, error: String(error) },
        'scores were not told to the router yet',
      );
    }
  }

  /** The scores of all answers, at the end of a test: those that an earlier process could not tell among them. */
  async noteAll(test: Row, definition: ExperimentDefinition): Promise<void> {
    const { prisma } = this.#services;
    const where = { experimentId: test.id, decisionId: { not: null }, failure: null, contamination: null };
    for (let skip = 0; ; skip += atOnce) {
      const page = await prisma.experimentAnswer.findMany({
        where,
        omit: { output: true },
        orderBy: [{ position: 'asc' }, { repeat: 'asc' }, { variant: 'asc' }],
        ...{ skip, take: atOnce },
      });
      await this.note(test, definition, page);
      if (page.length < atOnce) return;
    }
  }

  async #note(test: Row, definition: ExperimentDefinition, answers: readonly Answer[]): Promise<void> {
    const told = answers.flatMap((answer) => {
      if (!isLearnable(answer)) return [];
      const scores = Object.fromEntries(
        Object.entries(answer.scores as unknown as StoredScores).map(([id, stored]) => [
          id,
          'score' in stored ? stored.score : undefined,
        ]),
      );
      const reward = rewardOfScores(definition, scores);
      return reward ? [{ decisionId: answer.decisionId, ...reward }] : [];
    });
    if (told.length === 0) return;
    const judge = `test:${test.id}`;
    const ids = told.map(({ decisionId }) => decisionId);
    const known = await findDecisions(this.#services, test.teamId, ids);
    const before = await this.#services.prisma.routingReward.findMany({
      where: { teamId: test.teamId, judge, decisionId: { in: ids } },
      select: { decisionId: true, quality: true },
    });
    const said = new Map(before.map(({ decisionId, quality }) => [decisionId, quality]));
    for (const { decisionId, quality, weight } of told) {
      if (!known.has(decisionId) || said.get(decisionId) === quality) continue;
      await storeReward(this.#services, { id: decisionId, teamId: test.teamId }, judge, quality, { weight });
    }
  }
}

function isLearnable<Some extends Answer>(answer: Some): answer is Some & { readonly decisionId: string } {
  return answer.decisionId !== null && answer.failure === null && answer.contamination === null;
}

/** Those that are stored: they are written behind the answers, and a busy writer leaves out what nothing learns from. */
async function findDecisions(
  { prisma, routing }: Pick<RewardServices, 'prisma' | 'routing'>,
  teamId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  if (routing.decisions.waitingCount > 0) await routing.decisions.flush();
  const rows = await prisma.routingDecision.findMany({ where: { teamId, id: { in: [...ids] } }, select: { id: true } });
  return new Set(rows.map(({ id }) => id));
}

/** A member's rating of an answer of a test, 1 to 5; null takes it back. */
export async function rewardTestRating(
  services: RewardServices,
  teamId: string,
  answer: Answer,
  userId: string,
  rating: number | null,
): Promise<void> {
  const quality = rating === null ? undefined : (rating - 1) / 4;
  await tell(services, teamId, answer, `test-rating:${userId}`, quality, rewardTrust.rating);
}

/** What all votes of a member say of the two answers of a pair, after one was cast or taken back. */
export async function rewardTestVotes(
  services: RewardServices,
  test: Row,
  pair: Pick<ExperimentVote, 'position' | 'repeat' | 'first' | 'second'>,
  userId: string,
): Promise<void> {
  const { prisma } = services;
  const { position, repeat, first, second } = pair;
  const place = { experimentId: test.id, position, repeat };
  const [answers, votes] = await Promise.all([
    prisma.experimentAnswer.findMany({ where: { ...place, variant: { in: [first, second] } }, omit: { output: true } }),
    prisma.experimentVote.findMany({ where: { ...place, teamId: test.teamId, userId } }),
  ]);
  for (const answer of answers) {
    const shares = votes.flatMap((vote) => {
      if (vote.first !== answer.variant && vote.second !== answer.variant) return [];
      if (vote.choice === 'tie') return [0.5];
      const winner = vote.choice === 'first' ? vote.first : vote.choice === 'second' ? vote.second : undefined;
      return [winner === answer.variant ? 1 : 0];
    });
    const reward = rewardOfVotes(shares);
    await tell(services, test.teamId, answer, `test-vote:${userId}`, reward?.quality, rewardTrust.vote);
  }
}

/** Undefined takes the word back; what was learned from it already fades by itself. */
async function tell(
  services: RewardServices,
  teamId: string,
  answer: Answer,
  author: string,
  quality: number | undefined,
  weight: number,
): Promise<void> {
  if (!isLearnable(answer)) return;
  const { decisionId } = answer;
  if (quality === undefined) {
    const where = { teamId, decisionId, judge: author, learnedQuality: null };
    await services.prisma.routingReward.deleteMany({ where });
    return;
  }
  const known = await findDecisions(services, teamId, [decisionId]);
  if (known.has(decisionId)) await storeReward(services, { id: decisionId, teamId }, author, quality, { weight });
}
