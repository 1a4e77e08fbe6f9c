import { builder } from '../../graphql/builder.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import {
  ConflictFailure,
  ForbiddenFailure,
  IdempotencyFailure,
  NotFoundFailure,
  ValidationFailure,
} from '../../user-errors.ts';
import { createProvider } from './create-provider.ts';
import { deleteProvider } from './delete-provider.ts';
import {
  CreateProviderInput,
  DeleteProviderInput,
  SetProviderEnabledInput,
  TestProviderConnectionInput,
  UpdateProviderInput,
} from './provider.inputs.ts';
import { ProviderType } from './provider.types.ts';
import type { ProviderInstance } from './provider-instance.ts';
import { setProviderEnabled } from './set-provider-enabled.ts';
import { testProviderConnection, type UnsavedConnectionReport } from './test-provider-connection.ts';
import { updateProvider } from './update-provider.ts';

const provider = { type: ProviderType, nullable: true } as const;

interface Changed {
  /** Null when somebody deleted it at the same moment. */
  readonly provider: ProviderInstance | null;
}

const CreateProviderSuccess = builder.objectRef<Changed>('CreateProviderSuccess').implement({
  description: 'The provider was made, and its connection was tested: see its state.',
  fields: (t) => ({
    provider: t.expose('provider', {
      ...provider,
      description: 'The provider; null when somebody deleted it at the same moment.',
    }),
  }),
});

const UpdateProviderSuccess = builder
  .objectRef<Changed & { readonly isKeyDropped: boolean; readonly areHeadersDropped: boolean }>('UpdateProviderSuccess')
  .implement({
    description: 'The provider was changed, and its connection was tested: see its state.',
    fields: (t) => ({
      provider: t.expose('provider', {
        ...provider,
        description: 'The provider; null when somebody deleted it at the same moment.',
      }),
      isKeyDropped: t.exposeBoolean('isKeyDropped', {
        description: 'The address changed and no new key came with it: the key of the old address was thrown away.',
      }),
      areHeadersDropped: t.exposeBoolean('areHeadersDropped', {
        description: 'The address changed and no new headers came with it: the old ones were thrown away.',
      }),
    }),
  });

const DeleteProviderSuccess = builder
  .objectRef<{ readonly id: string; readonly slug: string }>('DeleteProviderSuccess')
  .implement({
    description: 'The provider is gone, and its key with it. What it answered is kept.',
    fields: (t) => ({
      providerId: t.id({ description: 'What its id was.', resolve: ({ id }) => encodeId('Provider', id) }),
      slug: t.exposeString('slug', { description: 'What its slug was.' }),
    }),
  });

const SetProviderEnabledSuccess = builder.objectRef<Changed>('SetProviderEnabledSuccess').implement({
  description: 'The provider is as it was asked for. Calls that are running go on.',
  fields: (t) => ({
    provider: t.expose('provider', {
      ...provider,
      description: 'The provider; null when somebody deleted it at the same moment.',
    }),
  }),
});

const TestProviderConnectionSuccess = builder
  .objectRef<UnsavedConnectionReport>('TestProviderConnectionSuccess')
  .implement({
    description: 'The test was made and nothing was kept; `isOk` tells how it went.',
    fields: (t) => ({
      isOk: t.exposeBoolean('isOk', { description: 'Whether the provider answered and took the key.' }),
      message: t.exposeString('message', {
        description: "The provider's own words where there are any, and what to do.",
      }),
      modelCount: t.int({
        nullable: true,
        description: 'How many models it listed.',
        resolve: (report) => report.modelCount ?? null,
      }),
      listedModels: t.stringList({
        description: "The provider's own names of its models, at most 500.",
        resolve: (report) => [...report.listedModels],
      }),
      latencyMs: t.exposeInt('latencyMs', { description: 'How long the answer took.' }),
    }),
  });

builder.mutationFields((t) => ({
  createProvider: t.field({
    type: CreateProviderSuccess,
    description: 'Makes a provider of your team and tests its connection. Needs the scope MANAGE.',
    errors: {
      types: [ValidationFailure, ConflictFailure, ForbiddenFailure, IdempotencyFailure],
      directResult: true,
      union: { name: 'CreateProviderResult', description: 'The provider, or why it was not made.' },
    },
    args: { input: t.arg({ type: CreateProviderInput, required: true, description: 'What to make.' }) },
    resolve: async (_root, { input }, { services, identity }) => {
      const id = await createProvider(services, identity, input);
      return { provider: services.providers.find(identity.teamId, id) ?? null };
    },
  }),
  updateProvider: t.field({
    type: UpdateProviderSuccess,
    description: 'Changes a provider of your team and tests its connection. Needs the scope MANAGE.',
    errors: {
      types: [ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'UpdateProviderResult', description: 'The provider, or why it was not changed.' },
    },
    args: { input: t.arg({ type: UpdateProviderInput, required: true, description: 'What to change.' }) },
    resolve: async (_root, { input: { providerId, ...changes } }, { services, identity }) => {
      const done = await updateProvider(services, identity, decodeId(providerId, 'Provider'), changes);
      return { ...done, provider: services.providers.find(identity.teamId, done.id) ?? null };
    },
  }),
  deleteProvider: t.field({
    type: DeleteProviderSuccess,
    description: 'Deletes a provider of your team. Needs the scope MANAGE.',
    errors: {
      types: [NotFoundFailure, ConflictFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'DeleteProviderResult', description: 'That it is gone, or why not.' },
    },
    args: { input: t.arg({ type: DeleteProviderInput, required: true, description: 'What to delete.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      deleteProvider(services, identity, decodeId(input.providerId, 'Provider')),
  }),
  setProviderEnabled: t.field({
    type: SetProviderEnabledSuccess,
    description: 'Switches a provider of your team on or off. Needs the scope MANAGE.',
    errors: {
      types: [NotFoundFailure, ConflictFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'SetProviderEnabledResult', description: 'The provider, or why it was not switched.' },
    },
    args: { input: t.arg({ type: SetProviderEnabledInput, required: true, description: 'What to switch.' }) },
    resolve: async (_root, { input: { providerId, isEnabled } }, { services, identity }) => {
      const id = await setProviderEnabled(services, identity, decodeId(providerId, 'Provider'), isEnabled);
      return { provider: services.providers.find(identity.teamId, id) ?? null };
    },
  }),
  testProviderConnection: t.field({
    type: TestProviderConnectionSuccess,
    description:
      "Tries values of a form by the provider's cheapest free call and keeps nothing. Needs the scope MANAGE.",
    errors: {
      types: [ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'TestProviderConnectionResult', description: 'How the test went, or why it was not made.' },
    },
    args: { input: t.arg({ type: TestProviderConnectionInput, required: true, description: 'What to try.' }) },
    resolve: (_root, { input: { providerId, ...values } }, { services, identity }) =>
      testProviderConnection(
        services,
        identity,
        providerId === undefined || providerId === null ? null : decodeId(providerId, 'Provider'),
        values,
      ),
  }),
}));
