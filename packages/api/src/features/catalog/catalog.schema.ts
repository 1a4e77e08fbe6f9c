import { resolveArrayConnection } from '@pothos/plugin-relay';
import { builder, defaultPageSize, listCost } from '../../graphql/builder.ts';
import { DataOriginEnum, ModelCapabilityEnum } from '../../graphql/enums.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import type { ModelMeasurements } from '../metrics/model-measurements.ts';
import { ModelPriceType } from '../pricing/price.types.ts';
import { upcomingPriceOf } from '../pricing/upcoming-price.ts';
import type { OfferedModel } from '../providers/provider-registry.ts';
import { measurementsOf } from './measurements-of-model.ts';
import { type ModelFilter, selectModels } from './select-models.ts';

export const ModelCapabilitiesType = builder
  .objectRef<OfferedModel['catalog']['capabilities']>('ModelCapabilities')
  .implement({
    description: 'What a model can take and give. False also means that nobody said so.',
    fields: (t) => ({
      text: t.exposeBoolean('text', { description: 'Writes text.' }),
      vision: t.exposeBoolean('vision', { description: 'Takes images.' }),
      tools: t.exposeBoolean('tools', { description: 'Asks for tools to be called.' }),
      json: t.exposeBoolean('json', { description: 'Can be held to JSON.' }),
      reasoning: t.exposeBoolean('reasoning', { description: 'Thinks before it answers.' }),
      streaming: t.exposeBoolean('streaming', { description: 'Its answer can be read while it is written.' }),
    }),
  });

const percentile = (value: number | null) => (value === null ? null : Math.round(value));

const ModelMeasurementsType = builder.objectRef<ModelMeasurements>('ModelMeasurements').implement({
  description: 'What your team measured with its own calls over the last seven days; live and simulated kept apart.',
  fields: (t) => ({
    calls: t.exposeInt('calls', { description: 'How many calls.' }),
    successRate: t.exposeFloat('successRate', {
      nullable: true,
      description: '0 to 1, of the calls that nobody stopped.',
    }),
    timeToFirstTokenP50Ms: t.int({
      nullable: true,
      description: 'Median time until the first token.',
      resolve: (measured) => percentile(measured.timeToFirstTokenP50Ms),
    }),
    latencyP50Ms: t.int({
      nullable: true,
      description: 'Median time until the whole answer.',
      resolve: (measured) => percentile(measured.latencyP50Ms),
    }),
    latencyP95Ms: t.int({
      nullable: true,
      description: '95 of 100 answers were whole within this time.',
      resolve: (measured) => percentile(measured.latencyP95Ms),
    }),
    tokensPerSecondP50: t.exposeFloat('tokensPerSecondP50', {
      nullable: true,
      description: 'Median speed of writing.',
    }),
  }),
});

export const ModelType = builder.objectRef<OfferedModel>('Model');

builder.node(ModelType, {
  description: 'A model as one provider offers it.',
  id: { resolve: (model) => model.modelId },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'catalog' in value && 'modelId' in value,
  loadOne: (id, { services, identity }) => services.providers.findModel(identity.teamId, id) ?? null,
  fields: (t) => ({
    modelId: t.exposeString('modelId', { description: '`provider/model`: what to write where a model is asked for.' }),
    vendorModelId: t.string({
      description: "The provider's own name of it.",
      resolve: ({ catalog }) => catalog.vendorModelId,
    }),
    displayName: t.string({ description: 'For people.', resolve: ({ catalog }) => catalog.displayName }),
    description: t.string({
      description: 'What it is good for, in one sentence.',
      resolve: ({ catalog }) => catalog.description,
    }),
    origin: t.field({
      type: DataOriginEnum,
      description: 'Whether its answers are real.',
      resolve: ({ instance }) => (instance.origin === 'live' ? 'LIVE' : 'SIMULATED'),
    }),
    isAvailable: t.boolean({
      description: 'Whether it can be called now.',
      resolve: (model) => model.unavailableReason === undefined,
    }),
    unavailableReason: t.string({
      nullable: true,
      description: 'What to do when it cannot be called.',
      resolve: (model) => model.unavailableReason ?? null,
    }),
    capabilities: t.field({
      type: ModelCapabilitiesType,
      description: 'What it can take and give.',
      resolve: ({ catalog }) => catalog.capabilities,
    }),
    contextWindowTokens: t.int({
      nullable: true,
      description: 'How much it can read at once; null when unknown.',
      resolve: ({ catalog }) => catalog.contextWindowTokens ?? null,
    }),
    maxOutputTokens: t.int({
      nullable: true,
      description: 'How much it can write at once; null when unknown.',
      resolve: ({ catalog }) => catalog.maxOutputTokens ?? null,
    }),
    price: t.field({
      type: ModelPriceType,
      nullable: true,
      description: 'What calls that start now are charged at; null when unknown.',
      resolve: (model, _args, { services, identity }) => services.providers.price(identity.teamId, model) ?? null,
    }),
    priceUnknownReason: t.string({
      nullable: true,
      description: 'Why there is no price.',
      resolve: (model, _args, { services, identity }) =>
        services.providers.price(identity.teamId, model)
          ? null
          : 'No price list names this model; its cost is shown as unknown until somebody sets a price.',
    }),
    upcomingPrice: t.field({
      type: ModelPriceType,
      nullable: true,
      description: 'The next price with other rates that is known already; null when none is.',
      resolve: (model, _args, { services, identity }) =>
        upcomingPriceOf(services, identity.teamId, model)?.quote ?? null,
    }),
    priceChangesAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When `upcomingPrice` begins.',
      resolve: (model, _args, { services, identity }) => {
        const next = upcomingPriceOf(services, identity.teamId, model);
        return next ? new Date(next.fromMs) : null;
      },
    }),
    useCases: t.stringList({
      description: 'What it is often used for.',
      resolve: ({ catalog }) => [...catalog.useCases],
    }),
    equivalents: t.field({
      type: [ModelType],
      description: 'Models of other providers that do a comparable job, nearest first.',
      complexity: listCost(5),
      resolve: ({ catalog }, _args, { services, identity }) =>
        catalog.equivalents.flatMap((id) => services.providers.findModel(identity.teamId, id) ?? []),
    }),
    retiresOn: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'From when on the provider no longer serves it.',
      resolve: ({ catalog }) => (catalog.retiresOn === undefined ? null : new Date(catalog.retiresOn)),
    }),
    measured: t.field({
      type: ModelMeasurementsType,
      nullable: true,
      description: 'What your team measured; null when it made no call.',
      resolve: (model, _args, context) => measurementsOf(model, context),
    }),
  }),
});

const ModelFilterInput = builder.inputType('ModelFilter', {
  description: 'Which models to list; every condition given must hold.',
  fields: (t) => ({
    search: t.string({ description: 'Words in name, id or description.' }),
    providerSlugs: t.stringList({ description: 'Only models of these providers.' }),
    capabilities: t.field({ type: [ModelCapabilityEnum], description: 'Only models that can do all of these.' }),
    isAvailable: t.boolean({ description: 'Only models that can, or cannot, be called now.' }),
  }),
});

builder.queryField('models', (t) =>
  t.connection(
    {
      type: ModelType,
      description: 'The models that the providers offer, in catalogue order.',
      complexity: (args) => ({ field: 1, multiplier: args.first ?? args.last ?? defaultPageSize }),
      args: { filter: t.arg({ type: ModelFilterInput, description: 'Which models.' }) },
      resolve: (_root, args, { services, identity }) => {
        assertPageSize(args, 'models');
        const models = selectModels(services.providers.models(identity.teamId), (args.filter ?? {}) as ModelFilter);
        return {
          ...resolveArrayConnection({ args, defaultSize: defaultPageSize }, [...models]),
          totalCount: models.length,
        };
      },
    },
    {
      name: 'ModelConnection',
      description: 'A page of models.',
      fields: (connection) => ({
        totalCount: connection.int({
          description: 'How many models there are in all.',
          resolve: (page) => (page as unknown as { totalCount: number }).totalCount,
        }),
      }),
    },
    { name: 'ModelEdge' },
  ),
);
