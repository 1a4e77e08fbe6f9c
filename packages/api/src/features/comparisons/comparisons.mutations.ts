import { builder } from '../../graphql/builder.ts';
import { decodeId } from '../../graphql/global-id.ts';
import {
  ConflictFailure,
  ForbiddenFailure,
  IdempotencyFailure,
  NoEligibleModelFailure,
  NotFoundFailure,
  ValidationFailure,
} from '../../user-errors.ts';
import { ComparisonType, LaneType } from './comparison.types.ts';
import { GenerationParametersInput, ImageInput, idempotencyKeyDescription } from './generation.inputs.ts';
import { annotateComparison, deleteComparison, markBestLane, rateOutput } from './judge-comparison.ts';
import { ComparisonLaneInput } from './model-limits.types.ts';
import { retryLane } from './retry-lane.ts';
import { startComparison } from './start-comparison.ts';
import { stopComparison, stopLane } from './stop-lane.ts';

/** A success type that holds the comparison as it now is. */
const comparisonSuccess = (name: string, description: string) =>
  builder.objectRef<{ readonly comparisonId: string }>(name).implement({
    description,
    fields: (t) => ({
      comparison: t.prismaField({
        type: ComparisonType,
        description: 'The comparison as it now is.',
        resolve: (query, { comparisonId }, _args, { services, identity }) =>
          services.prisma.comparison.findUniqueOrThrow({
            ...query,
            where: { id_teamId: { id: comparisonId, teamId: identity.teamId } },
          }),
      }),
    }),
  });

/** A success type that holds the lane as it now is. */
const laneSuccess = (name: string, description: string) =>
  builder.objectRef<{ readonly laneId: string }>(name).implement({
    description,
    fields: (t) => ({
      lane: t.prismaField({
        type: LaneType,
        description: 'The lane as it now is.',
        resolve: (query, { laneId }, _args, { services, identity }) =>
          services.prisma.comparisonLane.findUniqueOrThrow({
            ...query,
            where: { id_teamId: { id: laneId, teamId: identity.teamId } },
          }),
      }),
    }),
  });

const StartComparisonInput = builder.inputType('StartComparisonInput', {
  description: 'A prompt for several models.',
  fields: (t) => ({
    prompt: t.string({ required: true, description: 'What to ask, 1 to 200,000 characters.' }),
    systemPrompt: t.string({ description: 'What every model is told first.' }),
    images: t.field({ type: [ImageInput], description: 'Sent along to every model, eight at the most.' }),
    models: t.stringList({
      description: 'Two to eight models, each as `provider/model`. The same model may stand twice. Or give `lanes`.',
    }),
    lanes: t.field({
      type: [ComparisonLaneInput],
      description: 'In place of `models`: two to eight models with limits and fallbacks of their own.',
    }),
    tags: t.stringList({ description: 'What the calls are marked with, for budgets and reports: at most 20.' }),
    parameters: t.field({ type: GenerationParametersInput, description: 'How the models should write.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const laneInput = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({ laneId: t.id({ required: true, description: 'The lane.' }) }),
  });
const comparisonInput = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({ comparisonId: t.id({ required: true, description: 'The comparison.' }) }),
  });

const StopLaneInput = laneInput('StopLaneInput', 'A lane to stop.');
const StopComparisonInput = comparisonInput('StopComparisonInput', 'A comparison to stop.');
const DeleteComparisonInput = comparisonInput('DeleteComparisonInput', 'A comparison to delete.');

const RetryLaneInput = builder.inputType('RetryLaneInput', {
  description: 'A lane to run once more.',
  fields: (t) => ({
    laneId: t.id({ required: true, description: 'The lane.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});
const RateOutputInput = builder.inputType('RateOutputInput', {
  description: 'What you think of an answer.',
  fields: (t) => ({
    laneId: t.id({ required: true, description: 'The lane.' }),
    rating: t.int({ description: '1 to 5; null takes your rating back.' }),
  }),
});
const MarkBestLaneInput = builder.inputType('MarkBestLaneInput', {
  description: 'Which answer is the best.',
  fields: (t) => ({
    comparisonId: t.id({ required: true, description: 'The comparison.' }),
    laneId: t.id({ description: 'The best lane; null takes the mark back.' }),
  }),
});
const AnnotateComparisonInput = builder.inputType('AnnotateComparisonInput', {
  description: 'Notes on a comparison.',
  fields: (t) => ({
    comparisonId: t.id({ required: true, description: 'The comparison.' }),
    notes: t.string({ required: true, description: '20,000 characters at the most; empty takes the notes away.' }),
  }),
});

const StartComparisonSuccess = comparisonSuccess(
  'StartComparisonSuccess',
  'The lanes are starting; subscribe to `comparisonEvents`.',
);
const StopLaneSuccess = laneSuccess('StopLaneSuccess', 'The lane is stopped; what had arrived is kept.');
const StopComparisonSuccess = comparisonSuccess('StopComparisonSuccess', 'No lane is running any more.');
const RetryLaneSuccess = laneSuccess('RetryLaneSuccess', 'The lane is starting again; its earlier text is void.');
const RateOutputSuccess = laneSuccess('RateOutputSuccess', 'The rating is kept.');
const MarkBestLaneSuccess = comparisonSuccess('MarkBestLaneSuccess', 'The mark is kept.');
const AnnotateComparisonSuccess = comparisonSuccess('AnnotateComparisonSuccess', 'The notes are kept.');
const DeleteComparisonSuccess = builder.objectRef<{ readonly deletedId: string }>('DeleteComparisonSuccess').implement({
  description: 'The comparison is gone, with its answers and ratings.',
  fields: (t) => ({ deletedId: t.exposeID('deletedId', { description: 'The id it had.' }) }),
});

/** Names and describes the union of a mutation's outcomes. */
const outcomes = (name: string, ...types: (new (...args: never[]) => Error)[]) => ({
  types,
  directResult: true as const,
  union: { name, description: 'How it went, or why it was not done.' },
});

builder.mutationFields((t) => ({
  startComparison: t.field({
    type: StartComparisonSuccess,
    description: 'Sends one prompt to two to eight models at once. Costs model money.',
    errors: outcomes('StartComparisonResult', ValidationFailure, NoEligibleModelFailure, IdempotencyFailure),
    args: { input: t.arg({ type: StartComparisonInput, required: true, description: 'What to start.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      comparisonId: await startComparison(services, identity, input),
    }),
  }),
  stopLane: t.field({
    type: StopLaneSuccess,
    description: 'Stops a running lane; the provider is told at once, what was used until then is charged.',
    errors: outcomes('StopLaneResult', NotFoundFailure, ConflictFailure),
    args: { input: t.arg({ type: StopLaneInput, required: true, description: 'What to stop.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      laneId: await stopLane(services, identity, decodeId(input.laneId, 'ComparisonLane')),
    }),
  }),
  stopComparison: t.field({
    type: StopComparisonSuccess,
    description: 'Stops all lanes that run.',
    errors: outcomes('StopComparisonResult', NotFoundFailure, ConflictFailure),
    args: { input: t.arg({ type: StopComparisonInput, required: true, description: 'What to stop.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      comparisonId: await stopComparison(services, identity, decodeId(input.comparisonId, 'Comparison')),
    }),
  }),
  retryLane: t.field({
    type: RetryLaneSuccess,
    description: 'Runs a lane that is over once more. Costs model money.',
    errors: outcomes(
      'RetryLaneResult',
      ValidationFailure,
      NotFoundFailure,
      ConflictFailure,
      NoEligibleModelFailure,
      IdempotencyFailure,
    ),
    args: { input: t.arg({ type: RetryLaneInput, required: true, description: 'What to run again.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      laneId: await retryLane(services, identity, decodeId(input.laneId, 'ComparisonLane'), input),
    }),
  }),
  rateOutput: t.field({
    type: RateOutputSuccess,
    description: 'Rates an answer for yourself.',
    errors: outcomes('RateOutputResult', ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure),
    args: { input: t.arg({ type: RateOutputInput, required: true, description: 'The rating.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      laneId: await rateOutput(services, identity, decodeId(input.laneId, 'ComparisonLane'), input),
    }),
  }),
  markBestLane: t.field({
    type: MarkBestLaneSuccess,
    description: 'Marks one answer as the best, for the whole team.',
    errors: outcomes('MarkBestLaneResult', NotFoundFailure, ConflictFailure),
    args: { input: t.arg({ type: MarkBestLaneInput, required: true, description: 'The mark.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      comparisonId: await markBestLane(
        services,
        identity,
        decodeId(input.comparisonId, 'Comparison'),
        input.laneId == null ? null : decodeId(input.laneId, 'ComparisonLane'),
      ),
    }),
  }),
  annotateComparison: t.field({
    type: AnnotateComparisonSuccess,
    description: 'Keeps notes on a comparison, for the whole team.',
    errors: outcomes('AnnotateComparisonResult', ValidationFailure, NotFoundFailure),
    args: { input: t.arg({ type: AnnotateComparisonInput, required: true, description: 'The notes.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      comparisonId: await annotateComparison(services, identity, decodeId(input.comparisonId, 'Comparison'), input),
    }),
  }),
  deleteComparison: t.field({
    type: DeleteComparisonSuccess,
    description: 'Deletes a comparison that is over. The records of its calls stay: they are the bill.',
    errors: outcomes('DeleteComparisonResult', NotFoundFailure, ConflictFailure),
    args: { input: t.arg({ type: DeleteComparisonInput, required: true, description: 'What to delete.' }) },
    resolve: async (_root, { input }, { services, identity }) => {
      await deleteComparison(services, identity, decodeId(input.comparisonId, 'Comparison'));
      return { deletedId: input.comparisonId };
    },
  }),
}));
