import { type AccessRole, parseAccessRole } from '../../auth/identity.ts';
import { builder } from '../../graphql/builder.ts';
import { AccessRoleEnum } from '../../graphql/enums.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { stateOfInvitation } from './invitations.ts';
import { TeamType, ViewerType } from './teams.schema.ts';

export const MemberType = builder.prismaNode('Member', {
  nullable: true,
  description: 'A person in your team.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    user: t.relation('user', { description: 'Who it is.' }),
    accessRole: t.field({
      type: AccessRoleEnum,
      description: 'What the person may do in the team.',
      select: { role: true },
      resolve: (member) => parseAccessRole(member.role),
    }),
    joinedAt: t.expose('createdAt', { type: 'DateTime', description: 'Since when the person is in the team.' }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the person last worked in this team, up to half a minute late.',
    }),
    isYou: t.boolean({
      description: 'Whether it is the signed-in person.',
      select: { userId: true },
      resolve: (member, _args, { identity }) => identity.apiKeyId === undefined && member.userId === identity.userId,
    }),
    hasTwoFactor: t.boolean({
      nullable: true,
      description: 'Whether a second factor is asked for at sign-in; null when only owners and admins may know.',
      select: { userId: true, user: { select: { twoFactorEnabled: true } } },
      resolve: (member, _args, { identity }) =>
        identity.accessRole === 'OWNER' || identity.accessRole === 'ADMIN' || member.userId === identity.userId
          ? member.user.twoFactorEnabled === true
          : null,
    }),
    apiKeys: t.prismaField({
      type: ['ApiKey'],
      description: 'Keys of the team that the person made and that still work, newest first. At most 200.',
      select: { userId: true, teamId: true },
      resolve: (query, member, _args, { services, identity }) =>
        services.prisma.apiKey.findMany({
          ...query,
          where: { teamId: identity.teamId, createdById: member.userId, revokedAt: null },
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
          take: 200,
        }),
    }),
  }),
});

const InvitationStateEnum = builder.enumType('InvitationState', {
  description: 'How an invitation stands.',
  values: {
    PENDING: { description: 'Its link works.' },
    ACCEPTED: { description: 'The person is, or was, a member by it.' },
    EXPIRED: { description: 'Its time is over; renew it for a new link.' },
    REVOKED: { description: 'It was taken back.' },
  } as const,
});

export const InvitationType = builder.prismaNode('Invitation', {
  nullable: true,
  description: 'A link by which somebody becomes a member of your team.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    email: t.exposeString('email', { description: 'Whom it is for.' }),
    accessRole: t.field({
      type: AccessRoleEnum,
      description: 'What the person will be allowed to do.',
      select: { role: true },
      resolve: (invitation) => parseAccessRole(invitation.role),
    }),
    state: t.field({
      type: InvitationStateEnum,
      description: 'How it stands now.',
      select: { acceptedAt: true, revokedAt: true, expiresAt: true },
      resolve: (invitation, _args, { services }) => stateOfInvitation(invitation, services.clock.nowMs()),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'From when on the link does not work.' }),
    acceptedAt: t.expose('acceptedAt', { type: 'DateTime', nullable: true, description: 'When the person came.' }),
    invitedBy: t.relation('invitedBy', { nullable: true, description: 'Who invited; null for an API key of nobody.' }),
  }),
});

builder.prismaObjectFields(TeamType, (t) => ({
  members: t.relation('members', {
    description: 'Who is in the team, in the order they came. At most 500.',
    query: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], take: 500 },
  }),
  invitations: t.relation('invitations', {
    description: 'Who was invited, newest first. At most 200.',
    query: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: 200 },
  }),
  requiresTwoFactor: t.exposeBoolean('requiresTwoFactor', {
    description: 'Whether members who sign in by password must have a second factor.',
  }),
}));

/** What a person may know of a team of theirs that they do not look at now. */
export interface TeamInBrief {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
}

export const TeamSummaryType = builder.objectRef<TeamInBrief>('TeamSummary').implement({
  description: 'A team of yours in brief. Switch to it to see more.',
  fields: (t) => ({
    id: t.id({ description: 'The id of the team.', resolve: (team) => encodeId('Team', team.id) }),
    name: t.exposeString('name', { description: 'How people call the team.' }),
    slug: t.exposeString('slug', { description: 'Short, for addresses.' }),
  }),
});

interface Membership {
  readonly team: TeamInBrief;
  readonly accessRole: AccessRole;
  readonly isCurrent: boolean;
  readonly joinedAt: Date;
}

const MembershipType = builder.objectRef<Membership>('Membership').implement({
  description: 'What you are in one of your teams.',
  fields: (t) => ({
    team: t.field({ type: TeamSummaryType, description: 'The team.', resolve: ({ team }) => team }),
    accessRole: t.expose('accessRole', { type: AccessRoleEnum, description: 'What you may do there.' }),
    isCurrent: t.exposeBoolean('isCurrent', { description: 'Whether you look at this team now.' }),
    joinedAt: t.expose('joinedAt', { type: 'DateTime', description: 'Since when you are in it.' }),
  }),
});

builder.objectFields(ViewerType, (t) => ({
  teams: t.field({
    type: [MembershipType],
    description: 'The teams that you are in, in the order you came; none for an API key, which belongs to one.',
    resolve: async (identity, _args, { services }) => {
      if (identity.apiKeyId !== undefined || identity.userId === undefined) return [];
      const memberships = await services.prisma.member.findMany({
        where: { userId: identity.userId, team: { deletedAt: null } },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        select: { role: true, createdAt: true, team: { select: { id: true, name: true, slug: true } } },
      });
      return memberships.map(({ role, createdAt, team }) => ({
        team,
        accessRole: parseAccessRole(role),
        isCurrent: team.id === identity.teamId,
        joinedAt: createdAt,
      }));
    },
  }),
  member: t.prismaField({
    type: MemberType,
    nullable: true,
    description: 'You as a member of the team; null for an API key.',
    resolve: (query, identity, _args, { services }) =>
      identity.memberId === undefined
        ? null
        : services.prisma.member.findUnique({
            ...query,
            where: { id_teamId: { id: identity.memberId, teamId: identity.teamId } },
          }),
  }),
  restriction: t.string({
    nullable: true,
    description: 'Why you may do nothing in this team yet, and what to do: it asks for a second factor. Else null.',
    resolve: (identity) => identity.restriction ?? null,
  }),
  hasTwoFactor: t.boolean({
    nullable: true,
    description: 'Whether a second factor is asked for when you sign in; null for an API key.',
    resolve: async (identity, _args, { services }) => {
      if (identity.apiKeyId !== undefined || identity.userId === undefined) return null;
      const user = await services.prisma.user.findUnique({ where: { id: identity.userId } });
      return user?.twoFactorEnabled === true;
    },
  }),
  hasPassword: t.boolean({
    nullable: true,
    description: 'Whether you can sign in by password; false when you came by single sign-on alone.',
    resolve: async (identity, _args, { services }) => {
      if (identity.apiKeyId !== undefined || identity.userId === undefined) return null;
      const where = { userId: identity.userId, providerId: 'credential' };
      return (await services.prisma.account.count({ where })) > 0;
    },
  }),
}));
