import type { ApiKeyScope, Identity } from '../../auth/identity.ts';
import { builder } from '../../graphql/builder.ts';
import { AccessRoleEnum, ApiKeyScopeEnum } from '../../graphql/enums.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { ForbiddenFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { createApiKey, revokeApiKey } from './api-keys.ts';

builder.prismaNode('User', {
  nullable: true,
  description: 'A person who can sign in.',
  id: { field: 'id' },
  // People are seen by those who share a team with them.
  findUnique: (id, context) => ({ id, memberships: { some: { teamId: context.identity.teamId } } }),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'How the person wants to be called.' }),
    email: t.exposeString('email', { description: 'The address the person signs in with.' }),
  }),
});

const ApiKeyType = builder.prismaNode('ApiKey', {
  nullable: true,
  description: 'A key for programs. Its secret is shown once, when it is made.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What the key is for.' }),
    prefix: t.exposeString('prefix', { description: 'How the secret begins.' }),
    lastFour: t.exposeString('lastFour', { description: 'The last four characters of the secret.' }),
    scopes: t.field({
      type: [ApiKeyScopeEnum],
      description: 'What the key may do.',
      select: { scopes: true },
      resolve: (key) => key.scopes as ApiKeyScope[],
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    createdBy: t.relation('createdBy', {
      nullable: true,
      description: 'Who made it; null for the installation itself.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true, description: 'From when on it is refused.' }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true, description: 'When it was ended.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, up to a minute late.',
    }),
  }),
});

const TeamType = builder.prismaNode('Team', {
  nullable: true,
  description: 'A workspace. Everything belongs to exactly one.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id, AND: { id: context.identity.teamId } }),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'How people call the team.' }),
    slug: t.exposeString('slug', { description: 'Short, for addresses.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the team was made.' }),
    apiKeys: t.relation('apiKeys', {
      description: 'The keys of the team, newest first; revoked ones stay for the record. At most 200.',
      query: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: 200 },
    }),
  }),
});

const ViewerType = builder.objectRef<Identity>('Viewer').implement({
  description: 'Who asks.',
  fields: (t) => ({
    user: t.prismaField({
      type: 'User',
      nullable: true,
      description: 'The signed-in person, or the maker of the key.',
      resolve: (query, identity, _args, { services }) =>
        identity.userId === undefined
          ? null
          : services.prisma.user.findUnique({ ...query, where: { id: identity.userId } }),
    }),
    team: t.prismaField({
      type: TeamType,
      description: 'The team that everything here belongs to.',
      resolve: (query, identity, _args, { services }) =>
        services.prisma.team.findUniqueOrThrow({ ...query, where: { id: identity.teamId } }),
    }),
    accessRole: t.expose('accessRole', { type: AccessRoleEnum, description: 'What you may do in the team.' }),
    apiKey: t.prismaField({
      type: ApiKeyType,
      nullable: true,
      description: 'The key that asks, when it is not a person.',
      resolve: (query, identity, _args, { services }) =>
        identity.apiKeyId === undefined
          ? null
          : services.prisma.apiKey.findUnique({
              ...query,
              where: { id_teamId: { id: identity.apiKeyId, teamId: identity.teamId } },
            }),
    }),
    scopes: t.field({
      type: [ApiKeyScopeEnum],
      description: 'What you may do, whoever you are.',
      resolve: (identity) => [...identity.scopes],
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerType,
    description: 'Who asks, for which team.',
    resolve: (_root, _args, { identity }) => identity,
  }),
);

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'A key to be made.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What the key is for, 1 to 100 characters.' }),
    scopes: t.field({
      type: [ApiKeyScopeEnum],
      required: true,
      description: 'What it may do; never more than you may.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'From when on it is refused; never when absent.' }),
  }),
});

const CreateApiKeySuccess = builder.objectRef<{ id: string; secret: string }>('CreateApiKeySuccess').implement({
  description: 'The key was made.',
  fields: (t) => ({
    apiKey: t.prismaField({
      type: ApiKeyType,
      description: 'The key as it is kept.',
      resolve: (query, made, _args, { services, identity }) =>
        services.prisma.apiKey.findUniqueOrThrow({
          ...query,
          where: { id_teamId: { id: made.id, teamId: identity.teamId } },
        }),
    }),
    secret: t.exposeString('secret', { description: 'The key itself. Shown this once and never again.' }),
  }),
});

const RevokeApiKeyInput = builder.inputType('RevokeApiKeyInput', {
  description: 'A key to be ended.',
  fields: (t) => ({ apiKeyId: t.id({ required: true, description: 'The key.' }) }),
});

const RevokeApiKeySuccess = builder.objectRef<{ id: string }>('RevokeApiKeySuccess').implement({
  description: 'The key is refused from now on; streams that it opened end within a second.',
  fields: (t) => ({
    apiKey: t.prismaField({
      type: ApiKeyType,
      description: 'The key as it is kept.',
      resolve: (query, revoked, _args, { services, identity }) =>
        services.prisma.apiKey.findUniqueOrThrow({
          ...query,
          where: { id_teamId: { id: revoked.id, teamId: identity.teamId } },
        }),
    }),
  }),
});

builder.mutationFields((t) => ({
  createApiKey: t.field({
    type: CreateApiKeySuccess,
    description: 'Makes an API key of the team. Needs to be signed in, or the scope MANAGE.',
    authScopes: { scope: 'RUN' },
    errors: {
      types: [ValidationFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'CreateApiKeyResult', description: 'The key, or why it was not made.' },
    },
    args: { input: t.arg({ type: CreateApiKeyInput, required: true, description: 'What to make.' }) },
    resolve: (_root, { input }, { services, identity }) => createApiKey(services, identity, input),
  }),
  revokeApiKey: t.field({
    type: RevokeApiKeySuccess,
    description: 'Ends an API key for good. Ending one that is ended already does nothing.',
    authScopes: { scope: 'RUN' },
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
