import { builder } from '../../../graphql/builder.ts';
import { ApiKeyScopeEnum } from '../../../graphql/enums.ts';
import { decodeId } from '../../../graphql/global-id.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure, ValidationFailure } from '../../../user-errors.ts';
import { BudgetWindowKindEnum } from '../../guardrails/budget.enums.ts';
import { ApiKeyOriginEnum, ApiKeyType } from './api-key.types.ts';
import { createApiKey } from './create-api-key.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { rotateApiKey } from './rotate-api-key.ts';
import { updateApiKey } from './update-api-key.ts';

const ApiKeyBudgetInput = builder.inputType('ApiKeyBudgetInput', {
  description: 'What a key may spend.',
  fields: (t) => ({
    limit: t.field({ type: 'Decimal', required: true, description: 'In USD, above 0.' }),
    window: t.field({
      type: BudgetWindowKindEnum,
      required: true,
      description: 'HOUR, DAY, WEEK, MONTH or LIFETIME. Another window begins to count anew.',
    }),
  }),
});

const limitDescriptions = {
  allowedModels: 'The models it may call: `provider/model`, or `provider/*` for all of a provider; null: all.',
  allowedRoles: 'The roles it may call by, without `role:`; null: all. Given without `allowedModels`: by these only.',
  defaultModel: 'What `auto`, or no model, means for it: a model, an alias, a chain or `role:name`.',
  requestsPerMinute: 'Calls of models in a minute, 1 to 1,000,000; null: not limited.',
  tokensPerMinute: 'Tokens in a minute, input and output together; null: not limited.',
  dataOrigin: 'Which providers it may call; null: live and simulated ones.',
  budget: 'What it may spend; null: no budget of its own.',
  expiresAt: 'From when on it is refused; null: never.',
};

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'A key to be made.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What the key is for, 1 to 100 characters.' }),
    scopes: t.field({
      type: [ApiKeyScopeEnum],
      required: true,
      description: 'What it may do; never more than you may.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: limitDescriptions.expiresAt }),
    allowedModels: t.stringList({ description: limitDescriptions.allowedModels }),
    allowedRoles: t.stringList({ description: limitDescriptions.allowedRoles }),
    defaultModel: t.string({ description: limitDescriptions.defaultModel }),
    requestsPerMinute: t.int({ description: limitDescriptions.requestsPerMinute }),
    tokensPerMinute: t.int({ description: limitDescriptions.tokensPerMinute }),
    dataOrigin: t.field({ type: ApiKeyOriginEnum, description: limitDescriptions.dataOrigin }),
    budget: t.field({ type: ApiKeyBudgetInput, description: limitDescriptions.budget }),
  }),
});

const UpdateApiKeyInput = builder.inputType('UpdateApiKeyInput', {
  description: 'What to change of a key: what is absent stays, null takes a limit away.',
  fields: (t) => ({
    apiKeyId: t.id({ required: true, description: 'The key.' }),
    name: t.string({ description: 'What the key is for, 1 to 100 characters.' }),
    scopes: t.field({ type: [ApiKeyScopeEnum], description: 'What it may do; never more than you may.' }),
    expiresAt: t.field({ type: 'DateTime', description: limitDescriptions.expiresAt }),
    allowedModels: t.stringList({ description: limitDescriptions.allowedModels }),
    allowedRoles: t.stringList({ description: limitDescriptions.allowedRoles }),
    defaultModel: t.string({ description: limitDescriptions.defaultModel }),
    requestsPerMinute: t.int({ description: limitDescriptions.requestsPerMinute }),
    tokensPerMinute: t.int({ description: limitDescriptions.tokensPerMinute }),
    dataOrigin: t.field({ type: ApiKeyOriginEnum, description: limitDescriptions.dataOrigin }),
    budget: t.field({ type: ApiKeyBudgetInput, description: limitDescriptions.budget }),
  }),
});

const RotateApiKeyInput = builder.inputType('RotateApiKeyInput', {
  description: 'A key that is to get a new secret.',
  fields: (t) => ({
    apiKeyId: t.id({ required: true, description: 'The key.' }),
    overlapMinutes: t.int({
      description:
        'How long the old secret stays good beside the new one, up to 10080; 0 when absent: refused at once.',
    }),
  }),
});

const RevokeApiKeyInput = builder.inputType('RevokeApiKeyInput', {
  description: 'A key to be ended.',
  fields: (t) => ({ apiKeyId: t.id({ required: true, description: 'The key.' }) }),
});

const successOf = <Extra extends object>(name: string, description: string) =>
  builder.objectRef<{ readonly id: string } & Extra>(name).implement({
    description,
    fields: (t) => ({
      apiKey: t.prismaField({
        type: ApiKeyType,
        description: 'The key as it is kept.',
        resolve: (query, { id }, _args, { services, identity: { teamId } }) =>
          services.prisma.apiKey.findUniqueOrThrow({ ...query, where: { id_teamId: { id, teamId } } }),
      }),
    }),
  });

const CreateApiKeySuccess = successOf<{ readonly secret: string }>('CreateApiKeySuccess', 'The key was made.');
const RotateApiKeySuccess = successOf<{ readonly secret: string }>(
  'RotateApiKeySuccess',
  'The key has a new secret. It stays the same key: id, scopes, limits, budget and records go on.',
);
const UpdateApiKeySuccess = successOf('UpdateApiKeySuccess', 'The key was changed; it holds within a second.');
const RevokeApiKeySuccess = successOf(
  'RevokeApiKeySuccess',
  'The key is refused from now on; streams that it opened end within a second.',
);
for (const type of [CreateApiKeySuccess, RotateApiKeySuccess]) {
  builder.objectField(type, 'secret', (t) =>
    t.exposeString('secret', { description: 'The key itself. Shown this once and never again.' }),
  );
}

builder.mutationFields((t) => ({
  createApiKey: t.field({
    type: CreateApiKeySuccess,
    description: 'Makes an API key of the team. Needs to be signed in, or the scope MANAGE.',
    errors: {
      types: [ValidationFailure, ForbiddenFailure, ConflictFailure],
      directResult: true,
      union: { name: 'CreateApiKeyResult', description: 'The key, or why it was not made.' },
    },
    args: { input: t.arg({ type: CreateApiKeyInput, required: true, description: 'What to make.' }) },
    resolve: (_root, { input }, { services, identity }) => createApiKey(services, identity, input),
  }),
  updateApiKey: t.field({
    type: UpdateApiKeySuccess,
    description: 'Changes the name, scopes or limits of a key in force; for people their own, for admins any.',
    errors: {
      types: [ValidationFailure, NotFoundFailure, ForbiddenFailure, ConflictFailure],
      directResult: true,
      union: { name: 'UpdateApiKeyResult', description: 'The key, or why it was not changed.' },
    },
    args: { input: t.arg({ type: UpdateApiKeyInput, required: true, description: 'What to change.' }) },
    resolve: async (_root, { input: { apiKeyId, ...input } }, { services, identity }) => ({
      id: await updateApiKey(services, identity, decodeId(apiKeyId, 'ApiKey'), input),
    }),
  }),
  rotateApiKey: t.field({
    type: RotateApiKeySuccess,
    description: 'Gives a key a new secret; the old one may stay good for a while, so that nothing stands still.',
    errors: {
      types: [ValidationFailure, NotFoundFailure, ForbiddenFailure, ConflictFailure],
      directResult: true,
      union: { name: 'RotateApiKeyResult', description: 'The new secret, or why there is none.' },
    },
    args: { input: t.arg({ type: RotateApiKeyInput, required: true, description: 'What to rotate.' }) },
    resolve: (_root, { input: { apiKeyId, ...input } }, { services, identity }) =>
      rotateApiKey(services, identity, decodeId(apiKeyId, 'ApiKey'), input),
  }),
  revokeApiKey: t.field({
    type: RevokeApiKeySuccess,
    description: 'Ends an API key for good, or one old secret of it. Ending one that is ended already does nothing.',
    errors: {
      types: [NotFoundFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'RevokeApiKeyResult', description: 'The key, or why it was not ended.' },
    },
    args: { input: t.arg({ type: RevokeApiKeyInput, required: true, description: 'What to end.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await revokeApiKey(services, identity, decodeId(input.apiKeyId, 'ApiKey')),
    }),
  }),
}));
