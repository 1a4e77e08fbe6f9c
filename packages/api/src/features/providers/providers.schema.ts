import { builder } from '../../graphql/builder.ts';
import { DataOriginEnum, ProviderStateEnum, ProviderTypeEnum } from '../../graphql/enums.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { ForbiddenFailure, NotFoundFailure } from '../../user-errors.ts';
import { ModelType } from '../catalog/catalog.schema.ts';
import type { ProviderInstance } from './provider-instance.ts';
import type { ConnectionReport } from './provider-registry.ts';

const ProviderType = builder.objectRef<ProviderInstance>('Provider');

builder.node(ProviderType, {
  description: 'A provider of models that this installation knows, configured or not.',
  id: { resolve: (provider) => provider.slug },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'slug' in value && 'adapter' in value,
  loadOne: (id, { services }) => services.providers.find(id) ?? null,
  fields: (t) => ({
    slug: t.exposeString('slug', { description: 'What stands before the slash of a model id, for example `openai`.' }),
    type: t.expose('type', { type: ProviderTypeEnum, description: 'The kind of provider.' }),
    displayName: t.exposeString('displayName', { description: 'For people.' }),
    origin: t.field({
      type: DataOriginEnum,
      description: 'Whether its answers are real.',
      resolve: (provider) => (provider.origin === 'live' ? 'LIVE' : 'SIMULATED'),
    }),
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
    lastTestedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the connection was last tested.',
      resolve: (provider, _args, { services }) => {
        const { testedAtMs } = services.providers.status(provider);
        return testedAtMs === undefined ? null : new Date(testedAtMs);
      },
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

builder.queryField('providers', (t) =>
  t.field({
    type: [ProviderType],
    description: 'All providers that this installation knows, configured or not.',
    authScopes: { scope: 'READ' },
    resolve: (_root, _args, { services }) => [...services.providers.instances],
  }),
);

const TestProviderInput = builder.inputType('TestProviderInput', {
  description: 'A connection to test.',
  fields: (t) => ({ providerId: t.id({ required: true, description: 'The provider.' }) }),
});

const TestProviderSuccess = builder
  .objectRef<ConnectionReport & { readonly provider: ProviderInstance }>('TestProviderSuccess')
  .implement({
    description: 'The test was made; `isOk` tells how it went.',
    fields: (t) => ({
      provider: t.expose('provider', { type: ProviderType, description: 'The provider as it stands after the test.' }),
      isOk: t.exposeBoolean('isOk', { description: 'Whether the provider answered and took the key.' }),
      message: t.exposeString('message', {
        description: "The provider's own words where there are any, and what to do.",
      }),
      modelCount: t.int({
        nullable: true,
        description: 'How many models it listed.',
        resolve: (report) => report.modelCount ?? null,
      }),
      latencyMs: t.exposeInt('latencyMs', { description: 'How long the answer took.' }),
    }),
  });

builder.mutationField('testProvider', (t) =>
  t.field({
    type: TestProviderSuccess,
    description: "Tests a connection by the provider's cheapest free call: its list of models.",
    authScopes: { scope: 'RUN' },
    errors: {
      types: [NotFoundFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'TestProviderResult', description: 'How the test went, or why it was not made.' },
    },
    args: { input: t.arg({ type: TestProviderInput, required: true, description: 'What to test.' }) },
    resolve: async (_root, { input }, { services, identity }) => {
      if (!identity.scopes.has('MANAGE')) throw new ForbiddenFailure('Only admins may test connections.');
      const slug = decodeId(input.providerId, 'Provider');
      const provider = slug === undefined ? undefined : services.providers.find(slug);
      if (!provider) throw new NotFoundFailure('provider', ['input', 'providerId']);
      return { provider, ...(await services.providers.testConnection(provider)) };
    },
  }),
);
