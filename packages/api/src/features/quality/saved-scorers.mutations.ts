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
import { ExperimentProblemType } from '../experiments/experiment.types.ts';
import type { StoredScore } from '../experiments/score-answers.ts';
import { outcomes } from '../guardrails/outcomes.ts';
import { createSavedScorer, deleteSavedScorer, saveSavedScorer } from './change-saved-scorers.ts';
import { InvalidScorerFailure } from './invalid-scorer.ts';
import { SavedScorerType } from './saved-scorer.types.ts';
import { TryScorerInput, toTrial } from './try-scorer.inputs.ts';
import { type TriedScorer, tryScorer } from './try-scorer.ts';

builder.objectType(InvalidScorerFailure, {
  name: 'InvalidScorerError',
  description: 'The scorer cannot be used as it is.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    problems: t.field({
      type: [ExperimentProblemType],
      description: 'Everything that is wrong; paths begin at `check` or `judge`.',
      resolve: ({ problems }) => [...problems],
    }),
  }),
});

const ScorerChanged = builder.objectRef<{ readonly id: string }>('SavedScorerSuccess').implement({
  description: 'It is done.',
  fields: (t) => ({
    scorer: t.prismaField({
      type: SavedScorerType,
      nullable: true,
      description: 'The scorer as it now is; null when somebody deleted it at the same moment.',
      resolve: (query, { id }, _args, { services, identity: { teamId } }) =>
        services.prisma.savedScorer.findUnique({ ...query, where: { id_teamId: { id, teamId } } }),
    }),
  }),
});

const ScorerDeleted = builder.objectRef<{ readonly id: string }>('DeleteSavedScorerSuccess').implement({
  description: 'It is deleted. Tests that were started keep their copy.',
  fields: (t) => ({
    scorerId: t.id({ description: 'What its id was.', resolve: ({ id }) => encodeId('SavedScorer', id) }),
  }),
});

const TriedScoreType = builder.objectRef<StoredScore>('TriedScore').implement({
  description: 'What a scorer says of one answer.',
  fields: (t) => ({
    score: t.float({
      nullable: true,
      description: '0 to 1; of a pairwise judge the share of the pair that this answer won. Null when there is none.',
      resolve: (stored) => ('score' in stored ? stored.score : null),
    }),
    missing: t.string({
      nullable: true,
      description: 'Why there is none.',
      resolve: (stored) => ('missing' in stored ? stored.missing : null),
    }),
    why: t.exposeString('why', { description: 'In words.' }),
    changedWithOrder: t.boolean({
      nullable: true,
      description: 'Of a pairwise judge: whether it chose another answer when the two changed places.',
      resolve: (stored) => {
        if (!('orders' in stored) || !stored.orders) return null;
        const { baselineFirst, variantFirst } = stored.orders;
        const turned = { first: 'second', second: 'first', tie: 'tie' } as const;
        return baselineFirst !== turned[variantFirst];
      },
    }),
  }),
});

const Tried = builder.objectRef<TriedScorer>('TryScorerSuccess').implement({
  description: 'What the scorer said.',
  fields: (t) => ({
    scores: t.field({
      type: [TriedScoreType],
      description: 'In the order of the answers.',
      resolve: ({ scores }) => [...scores],
    }),
    costUsd: t.field({
      type: 'Decimal',
      description: 'What the judge cost; 0 for a check.',
      resolve: ({ costUsd }) => costUsd,
    }),
  }),
});

const contentDescription = 'What it does: `{ check: … }` or `{ judge: … }`. See docs/quality.md.';

const CreateSavedScorerInput = builder.inputType('CreateSavedScorerInput', {
  description: 'A scorer or judge to keep.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its name, unique in the team.' }),
    description: t.string({ description: 'For people.' }),
    content: t.field({ type: 'JSON', required: true, description: contentDescription }),
    idempotencyKey: t.string({ description: 'Makes it once, however often it is sent within 24 hours.' }),
  }),
});

const SaveSavedScorerInput = builder.inputType('SaveSavedScorerInput', {
  description: 'A scorer that was changed. Another content makes another version; tests that run keep theirs.',
  fields: (t) => ({
    scorerId: t.id({ required: true, description: 'Which one.' }),
    version: t.int({ required: true, description: 'That of what was read.' }),
    name: t.string({ description: 'Another name. Drafts that name the old one have to be changed.' }),
    description: t.string({ description: 'Another description; empty for none.' }),
    content: t.field({ type: 'JSON', description: contentDescription }),
  }),
});

const DeleteSavedScorerInput = builder.inputType('DeleteSavedScorerInput', {
  description: 'A scorer to delete.',
  fields: (t) => ({ scorerId: t.id({ required: true, description: 'Which one.' }) }),
});

const scorerOf = ({ scorerId }: { readonly scorerId: string }) => decodeId(scorerId, 'SavedScorer');

builder.mutationFields((t) => ({
  createSavedScorer: t.field({
    type: ScorerChanged,
    description: 'Keeps a scorer or judge under a name, with an entry in the audit. Needs the scope RUN.',
    errors: outcomes(
      'CreateSavedScorerResult',
      InvalidScorerFailure,
      ValidationFailure,
      ConflictFailure,
      ForbiddenFailure,
      IdempotencyFailure,
    ),
    args: { input: t.arg({ type: CreateSavedScorerInput, required: true, description: 'The scorer.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await createSavedScorer(services, identity, input),
    }),
  }),
  saveSavedScorer: t.field({
    type: ScorerChanged,
    description: 'Renames a scorer, or gives it another version. Needs the scope RUN.',
    errors: outcomes(
      'SaveSavedScorerResult',
      InvalidScorerFailure,
      ValidationFailure,
      NotFoundFailure,
      ConflictFailure,
      ForbiddenFailure,
    ),
    args: { input: t.arg({ type: SaveSavedScorerInput, required: true, description: 'The change.' }) },
    resolve: async (_root, { input }, { services, identity }) => {
      const { scorerId: _id, ...rest } = input;
      return { id: await saveSavedScorer(services, identity, scorerOf(input), rest) };
    },
  }),
  deleteSavedScorer: t.field({
    type: ScorerDeleted,
    description: 'Deletes a scorer; tests that were started keep their copy. Needs the scope MANAGE.',
    errors: outcomes('DeleteSavedScorerResult', NotFoundFailure, ForbiddenFailure),
    args: { input: t.arg({ type: DeleteSavedScorerInput, required: true, description: 'Which one.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await deleteSavedScorer(services, identity, scorerOf(input)),
    }),
  }),
  tryScorer: t.field({
    type: Tried,
    description:
      'Says what a scorer makes of given answers. A check costs nothing; a judge is paid, counts in budgets and needs the scope RUN.',
    complexity: { field: 20, multiplier: 1 },
    errors: outcomes(
      'TryScorerResult',
      InvalidScorerFailure,
      ValidationFailure,
      NotFoundFailure,
      ConflictFailure,
      ForbiddenFailure,
      IdempotencyFailure,
    ),
    args: { input: t.arg({ type: TryScorerInput, required: true, description: 'What to try.' }) },
    resolve: (_root, { input }, { services, identity }) => tryScorer(services, identity, toTrial(input)),
  }),
}));
