import type { CostBasis, CostRange } from '@switchyard/core/guardrails';
import { formatUsd } from '@switchyard/core/kernel';
import { builder } from '../../graphql/builder.ts';
import { DataOriginEnum, valuesOf } from '../../graphql/enums.ts';
import { ValidationFailure } from '../../user-errors.ts';
import { GenerationParametersInput, ImageInput } from '../comparisons/generation.inputs.ts';
import { BudgetModeEnum, BudgetUnitEnum } from './budget.enums.ts';
import { BudgetType } from './budget.types.ts';
import { toDecimal } from './decimal-amount.ts';
import { type BudgetRoom, estimateRun, type ModelEstimate, type RunEstimate } from './estimate-run.ts';
import { sharedLoad } from './shared-load.ts';
import { describeSubject } from './subject-label.ts';
import { readTeamValues } from './team-values.ts';

const EstimateRunInput = builder.inputType('EstimateRunInput', {
  description: 'A prompt for one to eight models, as for a comparison or a completion.',
  fields: (t) => ({
    models: t.stringList({
      required: true,
      description:
        '`provider/model`, aliases, chains, `role:name` or `auto`; 1 to 8. Rules and limits count as for a call.',
    }),
    prompt: t.string({ required: true, description: 'What to ask, 1 to 200,000 characters.' }),
    systemPrompt: t.string({ description: 'What the models are told first.' }),
    images: t.field({ type: [ImageInput], description: 'Sent along.' }),
    parameters: t.field({ type: GenerationParametersInput, description: 'How the models should write.' }),
    role: t.string({ description: 'The model role; budgets may tell calls apart by it.' }),
    workflowId: t.string({ description: 'The workflow; budgets may tell calls apart by it.' }),
    stepId: t.string({ description: 'The step; the estimate then looks at earlier answers of this step alone.' }),
    tags: t.stringList({ description: 'Marks of the request; budgets may tell calls apart by them.' }),
  }),
});

const CostBasisEnum = builder.enumType('CostBasis', {
  description: 'What an estimate rests on.',
  values: valuesOf<CostBasis>(
    {
      history: 'How long the recent answers of this model were in your team: the 10 %, 50 % and 90 % quantile.',
      guess: 'A guess from a short answer to a usual one, because fewer than ten answers are on record.',
    },
    ['history', 'guess'],
  ),
});

const usd = (amount: bigint | undefined) => (amount === undefined ? null : formatUsd(amount));

const ModelEstimateType = builder.objectRef<ModelEstimate>('ModelEstimate').implement({
  description: 'What one model would probably cost.',
  fields: (t) => ({
    requested: t.exposeString('requested', { description: 'As it was asked for.' }),
    modelId: t.string({
      nullable: true,
      description: 'The model that would be asked first; null when none can be called.',
      resolve: ({ modelId }) => modelId ?? null,
    }),
    origin: t.field({
      type: DataOriginEnum,
      nullable: true,
      description: 'Whether it is real; null when none can be called.',
      resolve: ({ origin }) => (origin === undefined ? null : origin === 'live' ? 'LIVE' : 'SIMULATED'),
    }),
    unavailableReason: t.string({
      nullable: true,
      description: 'Why it cannot be called; null when it can.',
      resolve: ({ unavailableReason }) => unavailableReason ?? null,
    }),
    inputTokens: t.int({
      nullable: true,
      description: 'The tokens of what is sent, estimated.',
      resolve: ({ inputTokens }) => inputTokens ?? null,
    }),
    maxOutputTokens: t.int({
      nullable: true,
      description: 'The longest answer that the call allows.',
      resolve: ({ maxOutputTokens }) => maxOutputTokens ?? null,
    }),
    answerLimitedToTokens: t.int({
      nullable: true,
      description: 'The answer would be cut to this length so that the call fits into the budgets; null: it would not.',
      resolve: ({ answerLimitedTo }) => answerLimitedTo ?? null,
    }),
    lowUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'If the answer is short; null without a price.',
      resolve: ({ range }) => usd(range?.lowNanoUsd),
    }),
    likelyUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What it will probably cost; null without a price.',
      resolve: ({ range }) => usd(range?.likelyNanoUsd),
    }),
    highUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'If the answer is long; null without a price.',
      resolve: ({ range }) => usd(range?.highNanoUsd),
    }),
    maxUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The most that one attempt can cost, which is what budgets reserve; null without a price.',
      resolve: ({ maxNanoUsd }) => usd(maxNanoUsd),
    }),
    basis: t.field({
      type: CostBasisEnum,
      nullable: true,
      description: 'What the estimate rests on; null without one.',
      resolve: ({ range }) => range?.basis ?? null,
    }),
    sampleSize: t.int({
      description: 'How many earlier answers it rests on.',
      resolve: ({ range }) => range?.sampleSize ?? 0,
    }),
    fits: t.exposeBoolean('fits', {
      description: 'Whether every hard budget has room for it, beside the models before it.',
    }),
  }),
});

const BudgetRoomType = builder.objectRef<BudgetRoom>('BudgetRoom').implement({
  description: 'A budget that the run would count in. Amounts in its unit.',
  fields: (t) => ({
    budget: t.prismaField({
      type: BudgetType,
      nullable: true,
      description: 'The budget; null when it was just deleted.',
      resolve: (query, { budget: { id, teamId } }, _args, { services }) =>
        services.prisma.budget.findUnique({ ...query, where: { id_teamId: { id, teamId } } }),
    }),
    name: t.string({ description: 'Its name.', resolve: ({ budget }) => budget.name }),
    unit: t.field({ type: BudgetUnitEnum, description: 'What it counts.', resolve: ({ budget }) => budget.unit }),
    mode: t.field({
      type: BudgetModeEnum,
      description: 'Whether it refuses or only warns.',
      resolve: ({ budget }) => budget.mode,
    }),
    windowId: t.exposeString('windowId', { description: 'Its window.' }),
    subject: t.string({
      nullable: true,
      description: 'Whose window it is, for people. Null when the budget has one for all.',
      resolve: async ({ budget, subject }, _args, context) => {
        if (subject === '') return null;
        const values = await sharedLoad(context, 'team-values', () =>
          readTeamValues(context.services, context.identity.teamId),
        );
        return describeSubject(budget, subject, values);
      },
    }),
    limit: t.field({
      type: 'Decimal',
      description: 'The limit with the raises that hold now.',
      resolve: ({ budget, limit }) => toDecimal(budget.unit, limit),
    }),
    free: t.field({
      type: 'Decimal',
      description: 'What is neither spent nor reserved now.',
      resolve: ({ budget, free }) => toDecimal(budget.unit, free),
    }),
    requested: t.field({
      type: 'Decimal',
      description: 'The most that all models together can use at their first attempt.',
      resolve: ({ budget, requested }) => toDecimal(budget.unit, requested),
    }),
    hasUnpricedModels: t.exposeBoolean('hasUnpriced', {
      description: 'Whether it refuses one of the models because its price is unknown.',
    }),
    fits: t.boolean({
      description: 'Whether there is room for all of it.',
      resolve: ({ requested, free, hasUnpriced }) => !hasUnpriced && requested <= free,
    }),
    wouldBreach: t.boolean({
      description: 'Whether a model would be refused because of it: it is hard, and there is no room for all.',
      resolve: ({ budget, requested, free, hasUnpriced }) =>
        budget.mode === 'hard' && (hasUnpriced || (requested > 0n && requested > free)),
    }),
  }),
});

/** The sum over all models that can be called; null as soon as one is unknown. */
function sum({ models }: RunEstimate, pick: (model: ModelEstimate) => bigint | undefined): string | null {
  const callable = models.filter(({ modelId }) => modelId !== undefined).map(pick);
  if (callable.length === 0 || callable.includes(undefined)) return null;
  return formatUsd(callable.reduce<bigint>((total, amount) => total + (amount ?? 0n), 0n));
}

const sumOfRange = (
  estimate: RunEstimate,
  bound: keyof Pick<CostRange, 'lowNanoUsd' | 'likelyNanoUsd' | 'highNanoUsd'>,
) => sum(estimate, ({ range }) => range?.[bound]);

const EstimateRunSuccess = builder.objectRef<RunEstimate>('EstimateRunSuccess').implement({
  description: 'What a run would probably cost, as of this moment. Nothing was called and nothing is reserved.',
  fields: (t) => ({
    models: t.field({
      type: [ModelEstimateType],
      description: 'Each model, in the order asked for.',
      resolve: ({ models }) => [...models],
    }),
    lowUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'All together, if the answers are short; null when a price is unknown.',
      resolve: (estimate) => sumOfRange(estimate, 'lowNanoUsd'),
    }),
    likelyUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'All together, probably; null when a price is unknown.',
      resolve: (estimate) => sumOfRange(estimate, 'likelyNanoUsd'),
    }),
    highUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'All together, if the answers are long; null when a price is unknown.',
      resolve: (estimate) => sumOfRange(estimate, 'highNanoUsd'),
    }),
    maxUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The most that the first attempts can cost; null when a price is unknown.',
      resolve: (estimate) => sum(estimate, ({ maxNanoUsd }) => maxNanoUsd),
    }),
    fits: t.boolean({
      description: 'Whether every model can be called and every hard budget has room.',
      resolve: ({ models }) => models.every(({ fits }) => fits),
    }),
    budgets: t.field({
      type: [BudgetRoomType],
      description: 'The budgets that the run would count in, by window.',
      resolve: ({ budgets }) => [...budgets],
    }),
  }),
});

builder.queryField('estimateRun', (t) =>
  t.field({
    type: EstimateRunSuccess,
    description: 'What a prompt would cost on some models, and whether the budgets have room. Calls no model.',
    complexity: { field: 5, multiplier: 1 },
    errors: {
      types: [ValidationFailure],
      directResult: true,
      union: { name: 'EstimateRunResult', description: 'The estimate, or what is wrong with the input.' },
    },
    args: { input: t.arg({ type: EstimateRunInput, required: true, description: 'What would be asked.' }) },
    resolve: (_root, { input }, { services, identity }) => estimateRun(services, identity, input),
  }),
);
