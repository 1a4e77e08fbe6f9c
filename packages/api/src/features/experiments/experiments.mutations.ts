import { builder } from '../../graphql/builder.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import { UserErrorInterface } from '../../graphql/user-error-types.ts';
import {
  ConflictFailure,
  ForbiddenFailure,
  IdempotencyFailure,
  NotFoundFailure,
  ValidationFailure,
} from '../../user-errors.ts';
import { outcomes } from '../guardrails/outcomes.ts';
import { createExperiment, deleteExperiment, saveExperiment } from './change-experiment.ts';
import { ExperimentProblemType, ExperimentType } from './experiment.types.ts';
import { InvalidExperimentFailure } from './invalid-experiment.ts';
import { startExperiment, stopExperiment } from './start-experiment.ts';

builder.objectType(InvalidExperimentFailure, {
  name: 'InvalidExperimentError',
  description: 'The test cannot be started as it is.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    problems: t.field({
      type: [ExperimentProblemType],
      description: 'Everything that is wrong, and warnings.',
      resolve: ({ problems }) => [...problems],
    }),
  }),
});

export const ExperimentChanged = builder.objectRef<{ readonly id: string }>('ExperimentSuccess').implement({
  description: 'It is done.',
  fields: (t) => ({
    experiment: t.prismaField({
      type: ExperimentType,
      nullable: true,
      description: 'The test as it now is; null when somebody deleted it at the same moment.',
      resolve: (query, { id }, _args, { services, identity: { teamId } }) =>
        services.prisma.experiment.findUnique({ ...query, where: { id_teamId: { id, teamId } } }),
    }),
  }),
});

const ExperimentDeleted = builder.objectRef<{ readonly id: string }>('DeleteExperimentSuccess').implement({
  description: 'It is deleted with its answers.',
  fields: (t) => ({
    experimentId: t.id({ description: 'What its id was.', resolve: ({ id }) => encodeId('Experiment', id) }),
  }),
});

const definitionDescription =
  'What is tested and how: hypothesis, source (with the id of a version of a dataset), baseline, variants, scorers, primary, guardrails, smallestEffect, stop, caps. See docs/experiments.md.';

const CreateExperimentInput = builder.inputType('CreateExperimentInput', {
  description: 'The draft of a test.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its name.' }),
    definition: t.field({ type: 'JSON', required: true, description: definitionDescription }),
    idempotencyKey: t.string({ description: 'Makes it once, however often it is sent within 24 hours.' }),
  }),
});

const SaveExperimentInput = builder.inputType('SaveExperimentInput', {
  description: 'A draft that was changed.',
  fields: (t) => ({
    experimentId: t.id({ required: true, description: 'Which one.' }),
    revision: t.int({ required: true, description: 'That of what was read.' }),
    name: t.string({ description: 'Another name.' }),
    definition: t.field({ type: 'JSON', description: definitionDescription }),
  }),
});

const StartExperimentInput = builder.inputType('StartExperimentInput', {
  description: 'A test to start.',
  fields: (t) => ({
    experimentId: t.id({ required: true, description: 'Which one.' }),
    revision: t.int({ required: true, description: 'That of what was read: nothing else is started.' }),
  }),
});

const ExperimentIdInput = builder.inputType('ExperimentIdInput', {
  description: 'A test.',
  fields: (t) => ({ experimentId: t.id({ required: true, description: 'Which one.' }) }),
});

export const experimentOf = ({ experimentId }: { readonly experimentId: string }) =>
  decodeId(experimentId, 'Experiment');
const changing = [ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure] as const;

builder.mutationFields((t) => ({
  createExperiment: t.field({
    type: ExperimentChanged,
    description: 'Makes the draft of a test, right or wrong; `problems` says what it lacks. Needs the scope RUN.',
    errors: outcomes(
      'CreateExperimentResult',
      ValidationFailure,
      ConflictFailure,
      ForbiddenFailure,
      IdempotencyFailure,
    ),
    args: { input: t.arg({ type: CreateExperimentInput, required: true, description: 'The draft.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await createExperiment(services, identity, input),
    }),
  }),
  saveExperiment: t.field({
    type: ExperimentChanged,
    description: 'Saves a draft. Needs the scope RUN.',
    errors: outcomes('SaveExperimentResult', ...changing),
    args: { input: t.arg({ type: SaveExperimentInput, required: true, description: 'The draft.' }) },
    resolve: async (_root, { input }, { services, identity }) => {
      const { experimentId: _id, ...rest } = input;
      return { id: await saveExperiment(services, identity, experimentOf(input), rest) };
    },
  }),
  startExperiment: t.field({
    type: ExperimentChanged,
    description:
      'Freezes what was decided and lets the test run; from now on it spends money, up to its cap. Needs the scope RUN.',
    complexity: { field: 50, multiplier: 1 },
    errors: outcomes('StartExperimentResult', InvalidExperimentFailure, ...changing),
    args: { input: t.arg({ type: StartExperimentInput, required: true, description: 'Which one.' }) },
    resolve: async (_root, { input }, { services, identity }) => {
      const { revision } = input;
      return { id: await startExperiment(services, identity, experimentOf(input), { revision }) };
    },
  }),
  stopExperiment: t.field({
    type: ExperimentChanged,
    description: 'Stops a running test; what is there is evaluated. Needs the scope RUN.',
    errors: outcomes('StopExperimentResult', ...changing),
    args: { input: t.arg({ type: ExperimentIdInput, required: true, description: 'Which one.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await stopExperiment(services, identity, experimentOf(input)),
    }),
  }),
  deleteExperiment: t.field({
    type: ExperimentDeleted,
    description: 'Deletes a test that does not run. Needs the scope MANAGE.',
    errors: outcomes('DeleteExperimentResult', ...changing),
    args: { input: t.arg({ type: ExperimentIdInput, required: true, description: 'Which one.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await deleteExperiment(services, identity, experimentOf(input)),
    }),
  }),
}));
