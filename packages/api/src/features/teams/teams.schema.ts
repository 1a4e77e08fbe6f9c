import type { Identity } from '../../auth/identity.ts';
import { builder } from '../../graphql/builder.ts';
import { AccessRoleEnum, ApiKeyScopeEnum } from '../../graphql/enums.ts';
import { ApiKeyType } from './keys/api-key.types.ts';
import { permissionsOf, ViewerPermissionType } from './keys/viewer-permission.types.ts';
import './keys/api-keys.schema.ts';

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

export const TeamType = builder.prismaNode('Team', {
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
      // Old secrets stand with the key that goes on.
      query: { where: { rotatedToId: null }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: 200 },
    }),
  }),
});

export const ViewerType = builder.objectRef<Identity>('Viewer').implement({
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
    permissions: t.field({
      type: [ViewerPermissionType],
      description: 'Every level in every area: whether you have it, and if not, why and who can help.',
      complexity: 1,
      resolve: (identity) => [...permissionsOf(identity)],
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
