import { builder } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import {
  ConflictFailure,
  ForbiddenFailure,
  NotFoundFailure,
  UserFailure,
  ValidationFailure,
} from '../../user-errors.ts';
import { ExperimentType } from '../experiments/experiment.types.ts';
import { ExperimentChanged, experimentOf } from '../experiments/experiments.mutations.ts';
import { outcomes } from '../guardrails/outcomes.ts';
import { answersToRate, type BlindAnswer, rateBlindAnswer } from './answers-to-rate.ts';
import { JudgeReportType } from './judge-report.types.ts';
import { reportJudgesOfTest } from './report-judges.ts';

const BlindAnswerType = builder.objectRef<BlindAnswer>('BlindAnswer').implement({
  description: 'An answer to rate, without the name of who gave it and without what judges said of it.',
  fields: (t) => ({
    token: t.exposeString('token', { description: 'To be given with the rating.' }),
    input: t.exposeString('input', { description: 'What was asked.' }),
    expected: t.exposeString('expected', { nullable: true, description: 'What would be right.' }),
    output: t.exposeString('output', { description: 'The answer.' }),
  }),
});

builder.prismaObjectFields(ExperimentType, (t) => ({
  judges: t.field({
    type: [JudgeReportType],
    description: 'Its judges, measured against the people who rated or voted on the same answers; none for a draft.',
    complexity: { field: 30, multiplier: 1 },
    select: { id: true, teamId: true, definition: true, state: true },
    resolve: async (row, _args, { services }) => [...(await reportJudgesOfTest(services.prisma, row))],
  }),
}));

const mostAnswers = 20;

builder.queryField('answersToRate', (t) =>
  t.field({
    type: [BlindAnswerType],
    description:
      'Answers of a test that you have not rated yet: a random sample, blind, so that judges can be measured against people.',
    complexity: { field: 10, multiplier: 1 },
    args: {
      experimentId: t.arg.globalID({ required: true, description: 'The test.', for: ExperimentType }),
      first: t.arg.int({ description: 'How many, 1 to 20; 5 unless given.' }),
    },
    resolve: async (_root, { experimentId, first }, { services, identity }) => {
      const count = first ?? 5;
      if (count < 1 || count > mostAnswers) throw badInput(`Ask for 1 to ${mostAnswers} answers.`);
      try {
        return [...(await answersToRate(services, identity, experimentId.id, count))];
      } catch (error) {
        if (error instanceof NotFoundFailure) return [];
        if (error instanceof UserFailure) throw badInput(error.message);
        throw error;
      }
    },
  }),
);

const RateBlindInput = builder.inputType('RateBlindAnswerInput', {
  description: 'What you think of an answer whose maker you do not know.',
  fields: (t) => ({
    experimentId: t.id({ required: true, description: 'Of which test.' }),
    token: t.string({ required: true, description: 'That of the answer.' }),
    rating: t.int({ required: true, description: '1 (useless) to 5 (perfect).' }),
  }),
});

builder.mutationField('rateBlindAnswer', (t) =>
  t.field({
    type: ExperimentChanged,
    description: 'Rates an answer of `answersToRate`; a second rating of yours replaces the first.',
    errors: outcomes('RateBlindAnswerResult', ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure),
    args: { input: t.arg({ type: RateBlindInput, required: true, description: 'The rating.' }) },
    resolve: async (_root, { input }, { services, identity }) => {
      const { token, rating } = input;
      return { id: await rateBlindAnswer(services, identity, experimentOf(input), { token, rating }) };
    },
  }),
);
