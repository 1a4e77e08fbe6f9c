import { mayDo } from '../../auth/identity.ts';
import { builder } from '../../graphql/builder.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { ForbiddenFailure, NotFoundFailure } from '../../user-errors.ts';
import type { ConnectionReport } from './connection-test.ts';
import { ProviderType } from './provider.types.ts';
import type { ProviderInstance } from './provider-instance.ts';

builder.queryField('providers', (t) =>
  t.field({
    type: [ProviderType],
    description: 'All providers that this installation knows, configured or not.',
    resolve: (_root, _args, { services, identity }) => [...services.providers.instancesOf(identity.teamId)],
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
    errors: {
      types: [NotFoundFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'TestProviderResult', description: 'How the test went, or why it was not made.' },
    },
    args: { input: t.arg({ type: TestProviderInput, required: true, description: 'What to test.' }) },
    resolve: async (_root, { input }, { services, identity }) => {
      if (!mayDo(identity, 'MANAGE', 'MODELS')) throw new ForbiddenFailure('Only admins may test connections.');
      const id = decodeId(input.providerId, 'Provider');
      const provider = id === undefined ? undefined : services.providers.find(identity.teamId, id);
      if (!provider) throw new NotFoundFailure('provider', ['input', 'providerId']);
      return { provider, ...(await services.providers.testConnection(provider)) };
    },
  }),
);
