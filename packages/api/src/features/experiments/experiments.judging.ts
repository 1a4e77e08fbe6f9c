import {
  buildLeaderboard,
  type Leaderboard,
  type LeaderboardRow,
  type PlanOutlook,
  type TestPlan,
} from '@switchyard/core/experiments';
import { formatUsd, parseUsd } from '@switchyard/core/kernel';
import type { ExperimentPromotion } from '../../generated/prisma/client.ts';
import { builder } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import {
  ConflictFailure,
  ForbiddenFailure,
  IdempotencyFailure,
  NotFoundFailure,
  UserFailure,
  ValidationFailure,
} from '../../user-errors.ts';
import { outcomes } from '../guardrails/outcomes.ts';
import { ExperimentType } from './experiment.types.ts';
import { ExperimentChanged, experimentOf } from './experiments.mutations.ts';
import { type Ballot, castVote, nextBallot, rateAnswer } from './judge-answers.ts';
import { type ExperimentPlan, planExperiment } from './plan-experiment.ts';
import { PowerPointType } from './power-curve.types.ts';
import { promoteVariant, readPromotions, revertPromotion } from './promote-variant.ts';

const RowType = builder.objectRef<LeaderboardRow>('ExperimentLeaderboardRow').implement({
  description: 'A variant among those that people compared.',
  fields: (t) => ({
    variant: t.exposeString('name', { description: 'Its key.' }),
    points: t.exposeFloat('points', { description: '1,000 is average; 400 more are odds of ten to one.' }),
    lowPoints: t.exposeFloat('lowPoints', { description: 'Lower end of its 95 % interval.' }),
    highPoints: t.exposeFloat('highPoints', { description: 'Upper end.' }),
    winShare: t.exposeFloat('winShare', { description: 'Chance to win against an average one, ties as half.' }),
    bestRank: t.exposeInt('bestRank', { description: 'The best place that the votes allow.' }),
    worstRank: t.exposeInt('worstRank', { description: 'The worst place that the votes allow.' }),
    votes: t.exposeInt('votes', { description: 'Votes on it.' }),
    bothBad: t.exposeInt('bothBad', { description: 'Votes that found both sides bad.' }),
  }),
});

interface ShownBoard {
  readonly board: Leaderboard | undefined;
  readonly cannotTell: string | undefined;
  readonly votes: number;
  readonly isOnePerson: boolean;
}

const BoardType = builder.objectRef<ShownBoard>('ExperimentLeaderboard').implement({
  description: 'Who wins by blind votes.',
  fields: (t) => ({
    rows: t.field({
      type: [RowType],
      complexity: { field: 0, multiplier: 1 },
      description: 'The strongest first; none while it cannot be told.',
      resolve: ({ board }) => [...(board?.rows ?? [])],
    }),
    votes: t.exposeInt('votes', { description: 'All votes.' }),
    cannotTell: t.string({
      nullable: true,
      description: 'Why there is no ranking, and what would help.',
      resolve: ({ cannotTell }) => cannotTell ?? null,
    }),
    caution: t.string({
      nullable: true,
      description: 'What to keep in mind with it.',
      resolve: ({ board, isOnePerson }) =>
        board && isOnePerson
          ? 'All votes are of one person: this is what they prefer. A second voter makes it say something about others.'
          : null,
    }),
  }),
});

export const BallotType = builder.objectRef<Ballot>('ExperimentBallot').implement({
  description: 'Two answers to one item; who gave them is told after the vote.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'To be given with the vote.' }),
    input: t.exposeString('input', { description: 'What was asked.' }),
    left: t.exposeString('left', { description: 'One answer.' }),
    right: t.exposeString('right', { description: 'The other one.' }),
  }),
});

const PromotionType = builder.objectRef<ExperimentPromotion>('ExperimentPromotion').implement({
  description: 'A variant that was put in front of a role.',
  fields: (t) => ({
    variant: t.exposeString('variant', { description: 'Which one.' }),
    role: t.exposeString('role', { description: 'Of which role.' }),
    promotedAt: t.expose('promotedAt', { type: 'DateTime', description: 'When.' }),
    revertedAt: t.expose('revertedAt', { type: 'DateTime', nullable: true, description: 'When it was taken back.' }),
  }),
});

const OutlookType = builder.objectRef<PlanOutlook>('ExperimentPlanOutlook').implement({
  description: 'What a number of items takes and finds.',
  fields: (t) => ({
    items: t.exposeInt('items', { description: 'The number.' }),
    calls: t.exposeFloat('calls', { description: 'Calls of variants, judges not counted.' }),
    costUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Money for all of it, judges among it; null when a price is unknown.',
      resolve: ({ costNanoUsd }) => (costNanoUsd === undefined ? null : formatUsd(costNanoUsd)),
    }),
    durationMs: t.exposeFloat('durationMs', { description: 'How long it takes.' }),
    power: t.exposeFloat('power', { description: 'Chance to find the smallest effect, 0 to 1.' }),
    detectableEffect: t.float({
      nullable: true,
      description: 'Smallest effect found with the chance asked for; null below 20 items.',
      resolve: ({ detectableEffect }) => detectableEffect ?? null,
    }),
  }),
});

const PlanType = builder.objectRef<ExperimentPlan>('ExperimentPlan').implement({
  description: 'What a test would take and could find. No call was made.',
  fields: (t) => {
    const figure = (description: string, read: (plan: TestPlan) => number | undefined) =>
      t.float({ nullable: true, description, resolve: ({ plan }) => (plan && read(plan)) ?? null });
    return {
      canConclude: t.boolean({
        nullable: true,
        description: 'Whether it finds the smallest effect with the chance asked for; null when it cannot be told.',
        resolve: ({ plan }) => plan?.canConclude ?? null,
      }),
      neededItems: figure('Items for that chance; null when no number would do.', ({ neededItems }) =>
        typeof neededItems === 'number' ? neededItems : undefined,
      ),
      plannedItems: figure('Items that dataset and cap allow of them.', ({ plannedItems }) => plannedItems),
      expectedItems: figure(
        'Mean of the items at the end if the effect is real: watched tests stop early.',
        ({ expectedItems }) => expectedItems,
      ),
      calls: figure('Calls of the planned items, judges not counted.', ({ calls }) => calls),
      costUsd: t.field({
        type: 'Decimal',
        nullable: true,
        description: 'Money of the planned items; null when a price is unknown.',
        resolve: ({ plan }) => (plan?.costNanoUsd === undefined ? null : formatUsd(plan.costNanoUsd)),
      }),
      durationMs: figure('How long the planned items take.', ({ durationMs }) => durationMs),
      power: figure('Chance to find the smallest effect with the planned items, 0 to 1.', ({ power }) => power),
      detectableEffect: figure(
        'Smallest effect that the planned items find with the chance asked for.',
        ({ detectableEffect }) => detectableEffect,
      ),
      powerCurve: t.field({
        type: [PowerPointType],
        complexity: { field: 0, multiplier: 1 },
        description: 'The chance to find the smallest effect over the number of items; empty when there is no plan.',
        resolve: ({ curve }) => [...curve],
      }),
      withAllItems: t.field({
        type: OutlookType,
        nullable: true,
        complexity: { field: 0, multiplier: 1 },
        description:
          'With all items that dataset, money and time allow: the other way round, from what there is to the effect that it finds.',
        resolve: ({ plan }) => plan?.withAllItems ?? null,
      }),
      remedies: t.stringList({
        description: 'What stands in the way and what would help.',
        resolve: ({ plan }) => [...(plan?.remedies ?? [])],
      }),
      assumptions: t.stringList({
        description: 'Where the figures come from.',
        resolve: ({ assumptions }) => [...assumptions],
      }),
    };
  },
});

builder.prismaObjectFields(ExperimentType, (t) => ({
  leaderboard: t.field({
    type: BoardType,
    description: 'Who wins by blind votes.',
    complexity: { field: 10, multiplier: 1 },
    select: { id: true },
    resolve: async ({ id }, _args, { services, identity }): Promise<ShownBoard> => {
      const votes = await services.prisma.experimentVote.findMany({
        where: { experimentId: id, teamId: identity.teamId },
      });
      // Votes of one person are alike, so people are the clusters. Where there is one only, the question is what that person prefers.
      const isOnePerson = new Set(votes.map(({ userId }) => userId)).size === 1;
      const board = buildLeaderboard(
        votes.map(({ id: voteId, first, second, choice, userId }) => ({
          ...{ left: first, right: second, voter: isOnePerson ? voteId : userId },
          choice: choice === 'first' ? 'left' : choice === 'second' ? 'right' : (choice as 'tie' | 'both-bad'),
        })),
      );
      const count = { votes: votes.length, isOnePerson };
      return 'kind' in board
        ? { ...count, board: undefined, cannotTell: board.message }
        : { ...count, board, cannotTell: undefined };
    },
  }),
  promotions: t.field({
    type: [PromotionType],
    description: 'Variants that were put in front of roles, newest first.',
    select: { id: true },
    resolve: ({ id }, _args, { services, identity }) => readPromotions(services, identity.teamId, id),
  }),
}));

builder.queryFields((t) => ({
  experimentPlan: t.field({
    type: PlanType,
    nullable: true,
    description:
      'What a test would take and could find, from earlier tests and calls; null when your team has no such test.',
    complexity: { field: 20, multiplier: 1 },
    args: {
      experimentId: t.arg.globalID({ required: true, description: 'The test.', for: ExperimentType }),
      power: t.arg.float({ description: 'Chance to find the smallest effect, 0.8 unless given.' }),
      baselineDeviation: t.arg.float({ description: 'Deviation of the primary metric over items, of the baseline.' }),
      variantDeviation: t.arg.float({ description: 'The same of the variants; as the baseline unless given.' }),
      correlation: t.arg.float({ description: 'Of baseline and variant over items, -1 to 1.' }),
      costUsd: t.arg({ type: 'Decimal', description: 'What it may cost, in place of the cap of the definition.' }),
      mostDurationMs: t.arg.float({ description: 'How long it may take; any time unless given.' }),
    },
    resolve: async (_root, { experimentId, ...args }, { services, identity }) => {
      const row = await services.experiments.repository.find(identity.teamId, experimentId.id);
      if (!row) return null;
      const { power, correlation, baselineDeviation, variantDeviation, costUsd, mostDurationMs } = args;
      if (costUsd != null && !/^\d{1,9}(?:\.\d{1,9})?$/.test(costUsd))
        throw badInput('costUsd is an amount, like 12.50.');
      if (mostDurationMs != null && !(mostDurationMs >= 0 && mostDurationMs < 1e12))
        throw badInput('mostDurationMs is 0 or more.');
      if (power != null && !(power > 0.05 && power < 1)) throw badInput('power lies between 0.05 and 1.');
      if (correlation != null && !(correlation >= -1 && correlation <= 1))
        throw badInput('correlation lies between -1 and 1.');
      for (const deviation of [baselineDeviation, variantDeviation]) {
        if (deviation != null && !(deviation >= 0 && deviation < 1e12)) throw badInput('A deviation is 0 or more.');
      }
      return planExperiment(services, identity.teamId, JSON.parse(row.definition), {
        ...{ power: power ?? undefined, correlation: correlation ?? undefined },
        ...(costUsd != null && { costNanoUsd: parseUsd(costUsd) }),
        ...(mostDurationMs != null && { mostDurationMs }),
        ...{ baselineDeviation: baselineDeviation ?? undefined, variantDeviation: variantDeviation ?? undefined },
      });
    },
  }),
  nextBallot: t.field({
    type: BallotType,
    nullable: true,
    description: 'A pair of answers that you have not judged yet; null when there is none.',
    complexity: { field: 10, multiplier: 1 },
    args: {
      experimentId: t.arg.globalID({ required: true, description: 'The test.', for: ExperimentType }),
      skipped: t.arg.stringList({ description: 'Ids of ballots that come later, 500 at the most.' }),
    },
    resolve: async (_root, { experimentId, skipped }, { services, identity }) => {
      if (skipped && skipped.length > 500) throw badInput('Skip 500 ballots at the most.');
      try {
        return (await nextBallot(services, identity, experimentId.id, skipped ?? [])) ?? null;
      } catch (error) {
        if (error instanceof NotFoundFailure) return null;
        if (error instanceof UserFailure) throw badInput(error.message);
        throw error;
      }
    },
  }),
}));

const VoteChoiceEnum = builder.enumType('ExperimentVoteChoice', {
  description: 'Which answer is better.',
  values: {
    LEFT: { value: 'left' as const, description: 'The left one.' },
    RIGHT: { value: 'right' as const, description: 'The right one.' },
    TIE: { value: 'tie' as const, description: 'Both are as good.' },
    BOTH_BAD: { value: 'both-bad' as const, description: 'Both are bad.' },
  },
});

const CastVoteInput = builder.inputType('CastExperimentVoteInput', {
  description: 'A vote.',
  fields: (t) => ({
    experimentId: t.id({ required: true, description: 'In which test.' }),
    ballotId: t.string({ required: true, description: 'That of the ballot.' }),
    choice: t.field({ type: VoteChoiceEnum, required: true, description: 'Which answer is better.' }),
  }),
});

const VoteCast = builder
  .objectRef<{ readonly left: string; readonly right: string }>('CastExperimentVoteSuccess')
  .implement({
    description: 'The vote counts. Now it may be known who stood where.',
    fields: (t) => ({
      left: t.exposeString('left', { description: 'The variant on the left.' }),
      right: t.exposeString('right', { description: 'The variant on the right.' }),
    }),
  });

const RateInput = builder.inputType('RateExperimentAnswerInput', {
  description: 'What you think of an answer.',
  fields: (t) => ({
    experimentId: t.id({ required: true, description: 'In which test.' }),
    position: t.int({ required: true, description: 'Of which item.' }),
    repeat: t.int({ description: 'Of which repeat, 0 unless given.' }),
    variant: t.string({ required: true, description: 'Of which variant.' }),
    rating: t.int({ description: '1 to 5; absent takes it back.' }),
  }),
});

const PromoteInput = builder.inputType('PromoteExperimentVariantInput', {
  description: 'A variant to put in front of a role.',
  fields: (t) => ({
    experimentId: t.id({ required: true, description: 'The test.' }),
    variant: t.string({ required: true, description: 'The variant, for example the winner.' }),
    role: t.string({ required: true, description: 'The role whose first model it becomes.' }),
  }),
});

const RevertInput = builder.inputType('RevertExperimentPromotionInput', {
  description: 'A promotion to take back.',
  fields: (t) => ({
    experimentId: t.id({ required: true, description: 'The test; its newest promotion is taken back.' }),
  }),
});

const judging = [ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure] as const;

builder.mutationFields((t) => ({
  castExperimentVote: t.field({
    type: VoteCast,
    description: 'Votes for one of two answers, once for each pair and person.',
    errors: outcomes('CastExperimentVoteResult', ...judging),
    args: { input: t.arg({ type: CastVoteInput, required: true, description: 'The vote.' }) },
    resolve: (_root, { input }, { services, identity }) => {
      const { ballotId, choice } = input;
      return castVote(services, identity, experimentOf(input), { ballotId, choice });
    },
  }),
  rateExperimentAnswer: t.field({
    type: ExperimentChanged,
    description: 'Rates an answer with 1 to 5, or takes the rating back.',
    errors: outcomes('RateExperimentAnswerResult', ...judging),
    args: { input: t.arg({ type: RateInput, required: true, description: 'The rating.' }) },
    resolve: async (_root, { input }, { services, identity }) => {
      const { experimentId: _id, ...rest } = input;
      return { id: await rateAnswer(services, identity, experimentOf(input), rest) };
    },
  }),
  promoteExperimentVariant: t.field({
    type: ExperimentChanged,
    description:
      'Puts a variant in front of a role, from the next call on; written into the audit. Needs the scope MANAGE.',
    errors: outcomes('PromoteExperimentVariantResult', ...judging, IdempotencyFailure),
    args: { input: t.arg({ type: PromoteInput, required: true, description: 'Which one.' }) },
    resolve: async (_root, { input }, { services, identity }) => {
      const { variant, role } = input;
      return { id: await promoteVariant(services, identity, experimentOf(input), { variant, role }) };
    },
  }),
  revertExperimentPromotion: t.field({
    type: ExperimentChanged,
    description: 'Gives the role back what it had before the newest promotion. Needs the scope MANAGE.',
    errors: outcomes('RevertExperimentPromotionResult', ...judging, IdempotencyFailure),
    args: { input: t.arg({ type: RevertInput, required: true, description: 'Of which test.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await revertPromotion(services, identity, experimentOf(input)),
    }),
  }),
}));
