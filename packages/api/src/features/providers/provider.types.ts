import type { CatalogModel } from '@switchyard/core/catalog';
import type { Deadlines, RetrySettings } from '@switchyard/core/policies';
import type { ProviderLimits } from '@switchyard/core/provisioning';
import { builder } from '../../graphql/builder.ts';
import { CircuitStateEnum, DataOriginEnum, ProviderStateEnum, ProviderTypeEnum } from '../../graphql/enums.ts';
import { ModelCapabilitiesType, ModelType } from '../catalog/catalog.schema.ts';
import { type ModelCircuit, readCircuits, readLoad } from './provider-condition.ts';
import type { ProviderInstance } from './provider-instance.ts';

export const ProviderSourceEnum = builder.enumType('ProviderSource', {
  description: 'Where a provider was described.',
  values: {
    ENVIRONMENT: { value: 'environment', description: 'In environment variables, for the whole installation.' },
    FILE: { value: 'file', description: 'In the configuration file, for the whole installation.' },
    TEAM: { value: 'team', description: 'In the dashboard or the API, for your team alone.' },
    SIMULATOR: { value: 'simulator', description: 'By the simulator.' },
  } as const,
});

const ProviderLimitsType = builder.objectRef<ProviderLimits>('ProviderLimits').implement({
  description: 'How many calls a provider takes. Null: any number.',
  fields: (t) => ({
    maxConcurrent: t.int({
      nullable: true,
      description: 'Calls at a time, per server process.',
      resolve: ({ maxConcurrent }) => maxConcurrent ?? null,
    }),
    maxQueued: t.int({
      nullable: true,
      description: 'Calls that may wait for a slot; one more is refused at once.',
      resolve: ({ maxQueued }) => maxQueued ?? null,
    }),
    queueMs: t.int({
      nullable: true,
      description: 'Longest wait for a slot.',
      resolve: ({ queueMs }) => queueMs ?? null,
    }),
    requestsPerMinute: t.int({
      nullable: true,
      description: 'Calls begun within a minute.',
      resolve: ({ requestsPerMinute }) => requestsPerMinute ?? null,
    }),
    tokensPerMinute: t.int({
      nullable: true,
      description: 'Tokens within a minute.',
      resolve: ({ tokensPerMinute }) => tokensPerMinute ?? null,
    }),
  }),
});

const ProviderRetryType = builder.objectRef<Partial<RetrySettings>>('ProviderRetry').implement({
  description: 'When the same model is asked again. Null: as for all providers.',
  fields: (t) => ({
    maxAttempts: t.int({
      nullable: true,
      description: 'Calls of one model for one answer, the first included.',
      resolve: ({ maxAttempts }) => maxAttempts ?? null,
    }),
    patienceMs: t.int({
      nullable: true,
      description: 'The longest wait for a model while another one could answer at once.',
      resolve: ({ patienceMs }) => patienceMs ?? null,
    }),
    maxTotalWaitMs: t.int({
      nullable: true,
      description: 'All waits for one answer together.',
      resolve: ({ maxTotalWaitMs }) => maxTotalWaitMs ?? null,
    }),
  }),
});

const ProviderDeadlinesType = builder.objectRef<Partial<Deadlines>>('ProviderDeadlines').implement({
  description: 'How long one call may take. Null: as for all providers.',
  fields: (t) => ({
    firstTokenMs: t.int({
      nullable: true,
      description: 'Until the first token.',
      resolve: ({ firstTokenMs }) => firstTokenMs ?? null,
    }),
    idleMs: t.int({
      nullable: true,
      description: 'Between two tokens.',
      resolve: ({ idleMs }) => idleMs ?? null,
    }),
    totalMs: t.int({
      nullable: true,
      description: 'Until the whole answer.',
      resolve: ({ totalMs }) => totalMs ?? null,
    }),
  }),
});

const ConfiguredModelType = builder.objectRef<CatalogModel>('ConfiguredModel').implement({
  description: 'A model that was described by hand, because the catalogue does not know it or knows it differently.',
  fields: (t) => ({
    vendorModelId: t.exposeString('vendorModelId', { description: "The provider's own name of it." }),
    displayName: t.exposeString('displayName', { description: 'For people.' }),
    capabilities: t.expose('capabilities', { type: ModelCapabilitiesType, description: 'What it can take and give.' }),
    contextWindowTokens: t.int({
      nullable: true,
      description: 'How much it can read at once; null when unknown.',
      resolve: ({ contextWindowTokens }) => contextWindowTokens ?? null,
    }),
    maxOutputTokens: t.int({
      nullable: true,
      description: 'How much it can write at once; null when unknown.',
      resolve: ({ maxOutputTokens }) => maxOutputTokens ?? null,
    }),
  }),
});

const ProviderLoadType = builder
  .objectRef<{ readonly active: number; readonly queued: number }>('ProviderLoad')
  .implement({
    description: 'How busy a provider is in this server process.',
    fields: (t) => ({
      active: t.exposeInt('active', { description: 'Calls at work.' }),
      queued: t.exposeInt('queued', { description: 'Calls that wait for a slot.' }),
    }),
  });

export const ModelCircuitType = builder.objectRef<ModelCircuit>('ModelCircuit').implement({
  description: 'Whether calls of one model are let through, after what the last ones met.',
  fields: (t) => ({
    modelId: t.exposeString('modelId', { description: '`provider/model`.' }),
    state: t.expose('state', { type: CircuitStateEnum, description: 'Whether calls are let through.' }),
    retryAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the next call may find out whether the model is back; null when calls are let through.',
      resolve: ({ retryAtMs }) => (retryAtMs === undefined ? null : new Date(retryAtMs)),
    }),
  }),
});

export const ProviderType = builder.objectRef<ProviderInstance>('Provider');

builder.node(ProviderType, {
  description: 'A provider of models that this installation or your team knows, configured or not.',
  id: { resolve: (provider) => provider.id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'slug' in value && 'adapter' in value,
  loadOne: (id, { services, identity }) => services.providers.find(identity.teamId, id) ?? null,
  fields: (t) => ({
    slug: t.exposeString('slug', { description: 'What stands before the slash of a model id, for example `openai`.' }),
    type: t.expose('type', { type: ProviderTypeEnum, description: 'The kind of provider.' }),
    displayName: t.exposeString('displayName', { description: 'For people.' }),
    origin: t.field({
      type: DataOriginEnum,
      description: 'Whether its answers are real.',
      resolve: (provider) => (provider.origin === 'live' ? 'LIVE' : 'SIMULATED'),
    }),
    source: t.expose('source', { type: ProviderSourceEnum, description: 'Where it was described.' }),
    sourceDetail: t.string({
      nullable: true,
      description: 'The place, for example `switchyard.yaml:12` or `OPENAI_API_KEY`.',
      resolve: ({ sourceDetail }) => sourceDetail ?? null,
    }),
    isReadOnly: t.boolean({
      description: 'Whether it can be changed only where it was described, not here.',
      resolve: ({ source }) => source !== 'team',
    }),
    readOnlyReason: t.string({
      nullable: true,
      description: 'Where to change it instead.',
      resolve: explainReadOnly,
    }),
    isEnabled: t.exposeBoolean('isEnabled', { description: 'Whether it is switched on.' }),
    state: t.field({
      type: ProviderStateEnum,
      description: 'Whether it can be called.',
      resolve: (provider, _args, { services }) => services.providers.status(provider).state,
    }),
    stateMessage: t.string({
      nullable: true,
      description: "What to do when it is not ready, in the provider's own words where there are any.",
      resolve: (provider, _args, { services }) => services.providers.status(provider).message ?? null,
    }),
    baseUrl: t.string({
      nullable: true,
      description: 'Where it is called; null when nothing is configured and there is no default.',
      resolve: (provider) => provider.baseUrl ?? null,
    }),
    keyVariable: t.string({
      nullable: true,
      description: 'The environment variable that holds its key.',
      resolve: (provider) => provider.keyVariable ?? null,
    }),
    keyPageUrl: t.string({
      nullable: true,
      description: 'Where to get a key.',
      resolve: (provider) => provider.keyPageUrl ?? null,
    }),
    keyLastFour: t.string({
      nullable: true,
      description: 'The last four characters of the key, never more.',
      resolve: (provider) => provider.keyLastFour ?? null,
    }),
    hasKey: t.boolean({
      description: 'Whether a key is kept for it.',
      resolve: ({ hasKey }) => hasKey,
    }),
    headerNames: t.stringList({
      description: 'Names of the headers that are sent beside the key; their values are never shown.',
      resolve: ({ headerNames }) => [...headerNames],
    }),
    limits: t.expose('limits', { type: ProviderLimitsType, description: 'How many calls it takes.' }),
    retry: t.expose('retry', { type: ProviderRetryType, description: 'When the same model is asked again.' }),
    deadlines: t.expose('deadlines', { type: ProviderDeadlinesType, description: 'How long one call may take.' }),
    load: t.field({
      type: ProviderLoadType,
      nullable: true,
      description: 'How busy it is in this server process; null when it was not called yet.',
      resolve: (provider, _args, { services }) => readLoad(services, provider) ?? null,
    }),
    circuits: t.field({
      type: [ModelCircuitType],
      description: 'Its models that were called lately, and whether calls of them are let through.',
      resolve: (provider, _args, { services }) => [...readCircuits(services, provider)],
    }),
    lastTestedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the connection was last tested.',
      resolve: (provider, _args, { services }) => {
        const { testedAtMs } = services.providers.status(provider);
        return testedAtMs === undefined ? null : new Date(testedAtMs);
      },
    }),
    configuredModels: t.field({
      type: [ConfiguredModelType],
      description: 'The models that were described by hand.',
      resolve: ({ configuredModels }) => [...configuredModels],
    }),
    models: t.field({
      type: [ModelType],
      description: 'The models it offers.',
      resolve: (provider, _args, { services }) => [...services.providers.modelsOf(provider)],
    }),
  }),
});

builder.objectField(ModelType, 'provider', (t) =>
  t.field({ type: ProviderType, description: 'Who offers it.', resolve: ({ instance }) => instance }),
);

/** Undefined for what can be changed here. */
export function explainReadOnly({ source, sourceDetail, adapter }: ProviderInstance): string | null {
  switch (source) {
    case 'team':
      return null;
    case 'file':
      return `It is described in ${sourceDetail}: change it there.`;
    case 'environment':
      return adapter
        ? `It is set up for the whole installation by ${sourceDetail}: the operator changes it there.`
        : `Nothing is set up yet: the operator sets ${sourceDetail}, or you add a provider of your own.`;
    case 'simulator':
      return 'It is simulated: the operator switches the simulator on and off by SWITCHYARD_SIMULATOR.';
  }
}
