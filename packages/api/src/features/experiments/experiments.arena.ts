import type { Services } from '../../container.ts';
import { builder } from '../../graphql/builder.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { outcomes } from '../guardrails/outcomes.ts';
import { ExperimentType } from './experiment.types.ts';
import { BallotType } from './experiments.judging.ts';
import { experimentOf } from './experiments.mutations.ts';
import { type Ballot, undoableMs, undoVote } from './judge-answers.ts';

interface Tally {
  readonly variant: string;
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  readonly bothBad: number;
}

interface Voting {
  readonly experimentId: string;
  readonly mine: number;
  readonly all: number;
  readonly voters: number;
  readonly pairs: number;
}

/** How far blind voting on a test has come; `mine` are the votes of `userId`. */
async function readVoting(
  { prisma }: Services,
  teamId: string,
  experimentId: string,
  userId: string | undefined,
): Promise<Voting> {
  const [[votes], [answers]] = await Promise.all([
    prisma.$queryRaw<Omit<Voting, 'pairs' | 'experimentId'>[]>`
      SELECT count(*)::int AS all, count(DISTINCT "userId")::int AS voters,
        count(*) FILTER (WHERE "userId" = ${userId ?? ''})::int AS mine
      FROM experiment_vote WHERE "experimentId" = ${experimentId} AND "teamId" = ${teamId}`,
    prisma.$queryRaw<{ pairs: number }[]>`
      SELECT coalesce(sum(n * (n - 1) / 2), 0)::int AS pairs FROM (
        SELECT count(*) AS n FROM experiment_answer
        WHERE "experimentId" = ${experimentId} AND "teamId" = ${teamId} AND failure IS NULL AND contamination IS NULL
        GROUP BY position, repeat) AS groups`,
  ]);
  const { mine = 0, all = 0, voters = 0 } = votes ?? {};
  return { experimentId, mine, all, voters, pairs: answers?.pairs ?? 0 };
}

const TallyType = builder.objectRef<Tally>('ExperimentVoteTally').implement({
  description: 'The votes on one variant, counted.',
  fields: (t) => ({
    variant: t.exposeString('variant', { description: 'Its key.' }),
    wins: t.exposeInt('wins', { description: 'Votes for it.' }),
    losses: t.exposeInt('losses', { description: 'Votes for the other side.' }),
    ties: t.exposeInt('ties', { description: 'Votes that found both as good.' }),
    bothBad: t.exposeInt('bothBad', { description: 'Votes that found both bad.' }),
  }),
});

const VotingType = builder.objectRef<Voting>('ExperimentVoting').implement({
  description: 'How far blind voting has come.',
  fields: (t) => ({
    mine: t.exposeInt('mine', { description: 'Your votes.' }),
    all: t.exposeInt('all', { description: 'Votes of everybody.' }),
    voters: t.exposeInt('voters', { description: 'People who voted.' }),
    pairs: t.exposeInt('pairs', { description: 'Pairs of answers that can be compared.' }),
    tally: t.field({
      type: [TallyType],
      complexity: { field: 5, multiplier: 1 },
      description: 'The votes on each variant, counted; those with most wins first.',
      resolve: ({ experimentId }, _args, { services, identity }) =>
        services.prisma.$queryRaw<Tally[]>`
          SELECT variant, (count(*) FILTER (WHERE choice = side))::int AS wins,
            (count(*) FILTER (WHERE choice IN ('first', 'second') AND choice <> side))::int AS losses,
            (count(*) FILTER (WHERE choice = 'tie'))::int AS ties, (count(*) FILTER (WHERE choice = 'both-bad'))::int AS "bothBad"
          FROM (
            SELECT first AS variant, choice, 'first' AS side FROM experiment_vote
            WHERE "experimentId" = ${experimentId} AND "teamId" = ${identity.teamId}
            UNION ALL SELECT second, choice, 'second' FROM experiment_vote
            WHERE "experimentId" = ${experimentId} AND "teamId" = ${identity.teamId}) AS sides
          GROUP BY variant ORDER BY wins DESC, variant`,
    }),
    undoableMs: t.int({
      description: 'For how long a vote can be taken back, in milliseconds.',
      resolve: () => undoableMs,
    }),
  }),
});

builder.prismaObjectFields(ExperimentType, (t) => ({
  voting: t.field({
    type: VotingType,
    description: 'How far blind voting has come, for whoever asks.',
    complexity: { field: 10, multiplier: 1 },
    select: { id: true },
    resolve: ({ id }, _args, { services, identity }) => readVoting(services, identity.teamId, id, identity.userId),
  }),
}));

const UndoVoteInput = builder.inputType('UndoExperimentVoteInput', {
  description: 'A vote to take back.',
  fields: (t) => ({
    experimentId: t.id({ required: true, description: 'In which test.' }),
    ballotId: t.string({ required: true, description: 'That of the ballot.' }),
  }),
});

const VoteUndone = builder.objectRef<{ readonly ballot: Ballot }>('UndoExperimentVoteSuccess').implement({
  description: 'The vote is gone.',
  fields: (t) => ({
    ballot: t.field({
      type: BallotType,
      description: 'The ballot, which is open again.',
      resolve: ({ ballot }) => ballot,
    }),
  }),
});

builder.mutationField('undoExperimentVote', (t) =>
  t.field({
    type: VoteUndone,
    description: 'Takes your own vote back, within a minute.',
    errors: outcomes('UndoExperimentVoteResult', ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure),
    args: { input: t.arg({ type: UndoVoteInput, required: true, description: 'Which one.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      ballot: await undoVote(services, identity, experimentOf(input), input.ballotId),
    }),
  }),
);
