import { builder } from '../../graphql/builder.ts';
import { AccessRoleEnum } from '../../graphql/enums.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { changeMemberRole, leaveTeam, removeMember, transferOwnership } from './change-members.ts';
import { createResetLink } from './create-reset-link.ts';
import type { KeysOfLeaver } from './end-sessions.ts';
import { inviteMember, type MadeInvitation, renewInvitation, revokeInvitation } from './invitations.ts';
import { InvitationType, MemberType } from './members.types.ts';

const memberIdInput = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({ memberId: t.id({ required: true, description: 'The member.' }) }),
  });

const ChangeMemberRoleInput = builder.inputType('ChangeMemberRoleInput', {
  description: 'What a member may do from now on.',
  fields: (t) => ({
    memberId: t.id({ required: true, description: 'The member.' }),
    accessRole: t.field({ type: AccessRoleEnum, required: true, description: 'The new access role.' }),
  }),
});

const KeysOfLeaverEnum = builder.enumType('KeysOfLeaver', {
  description: 'What happens to the API keys that somebody made who goes.',
  values: {
    REVOKE: { description: 'They are refused from now on.' },
    KEEP: { description: 'They belong to the team and go on.' },
  } as const,
});

const RemoveMemberInput = builder.inputType('RemoveMemberInput', {
  description: 'A member to be taken out of the team.',
  fields: (t) => ({
    memberId: t.id({ required: true, description: 'The member.' }),
    keys: t.field({ type: KeysOfLeaverEnum, defaultValue: 'REVOKE', description: 'What happens to their API keys.' }),
  }),
});

const LeaveTeamInput = builder.inputType('LeaveTeamInput', {
  description: 'How you leave the team.',
  fields: (t) => ({
    keys: t.field({ type: KeysOfLeaverEnum, defaultValue: 'REVOKE', description: 'What happens to your API keys.' }),
  }),
});

const TransferOwnershipInput = memberIdInput('TransferOwnershipInput', 'Who becomes an owner in your place.');
const CreatePasswordResetLinkInput = memberIdInput('CreatePasswordResetLinkInput', 'Whose password is forgotten.');

const MemberSuccess = (name: string, description: string) =>
  builder.objectRef<{ id: string }>(name).implement({
    description,
    fields: (t) => ({
      member: t.prismaField({
        type: MemberType,
        description: 'The member as they are now.',
        resolve: (query, { id }, _args, { services, identity }) =>
          services.prisma.member.findUniqueOrThrow({
            ...query,
            where: { id_teamId: { id, teamId: identity.teamId } },
          }),
      }),
    }),
  });

const RemoveMemberSuccess = builder.objectRef<{ id: string; userId: string }>('RemoveMemberSuccess').implement({
  description: 'The person is out of the team; what they had open ends within a second.',
  fields: (t) => ({
    memberId: t.id({ description: 'Which member it was.', resolve: ({ id }) => encodeId('Member', id) }),
    apiKeys: t.prismaField({
      type: ['ApiKey'],
      description: 'The keys they made in this team, as they are now, newest first. At most 200.',
      resolve: (query, { userId }, _args, { services, identity }) =>
        services.prisma.apiKey.findMany({
          ...query,
          where: { teamId: identity.teamId, createdById: userId },
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
          take: 200,
        }),
    }),
  }),
});

const LeaveTeamSuccess = builder.objectRef<{ name: string }>('LeaveTeamSuccess').implement({
  description: 'You are out of the team. If you are in another one you look at it now; else you are signed out.',
  fields: (t) => ({ teamName: t.exposeString('name', { description: 'Which team it was.' }) }),
});

const ResetLinkSuccess = builder
  .objectRef<{ link: string; expiresAt: Date }>('CreatePasswordResetLinkSuccess')
  .implement({
    description: 'A link by which the member chooses a new password. Works once.',
    fields: (t) => ({
      link: t.exposeString('link', { description: 'Pass it on by a way that you trust. Shown this once.' }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'From when on it does not work.' }),
    }),
  });

const InviteMemberInput = builder.inputType('InviteMemberInput', {
  description: 'Somebody to be invited.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'Their e-mail address.' }),
    accessRole: t.field({ type: AccessRoleEnum, required: true, description: 'Never more than your own.' }),
    expiresInDays: t.int({ description: 'How long the link works, 1 to 30; 7 when absent.' }),
  }),
});

const RenewInvitationInput = builder.inputType('RenewInvitationInput', {
  description: 'An invitation that gets a new link.',
  fields: (t) => ({
    invitationId: t.id({ required: true, description: 'The invitation.' }),
    expiresInDays: t.int({ description: 'How long the new link works, 1 to 30; 7 when absent.' }),
  }),
});

const RevokeInvitationInput = builder.inputType('RevokeInvitationInput', {
  description: 'An invitation to be taken back.',
  fields: (t) => ({ invitationId: t.id({ required: true, description: 'The invitation.' }) }),
});

const InvitationSuccess = builder.objectRef<MadeInvitation>('InvitationSuccess').implement({
  description: 'The invitation with its link.',
  fields: (t) => ({
    invitation: t.prismaField({
      type: InvitationType,
      description: 'The invitation as it is kept.',
      resolve: (query, { id }, _args, { services, identity }) =>
        services.prisma.invitation.findUniqueOrThrow({
          ...query,
          where: { id_teamId: { id, teamId: identity.teamId } },
        }),
    }),
    link: t.exposeString('link', { description: 'Whoever has it can accept. Shown this once and never again.' }),
    isMailSent: t.exposeBoolean('isMailSent', { description: 'Whether it is on its way by mail.' }),
    mailProblem: t.string({
      nullable: true,
      description: 'Why no mail was sent and what to do; null when one was.',
      resolve: ({ mailProblem }) => mailProblem ?? null,
    }),
  }),
});

const RevokeInvitationSuccess = builder.objectRef<{ id: string }>('RevokeInvitationSuccess').implement({
  description: 'Its link does not work any more.',
  fields: (t) => ({
    invitation: t.prismaField({
      type: InvitationType,
      description: 'The invitation as it is kept.',
      resolve: (query, { id }, _args, { services, identity }) =>
        services.prisma.invitation.findUniqueOrThrow({
          ...query,
          where: { id_teamId: { id, teamId: identity.teamId } },
        }),
    }),
  }),
});

const ChangeMemberRoleSuccess = MemberSuccess('ChangeMemberRoleSuccess', 'The member has the new access role.');
const TransferOwnershipSuccess = MemberSuccess('TransferOwnershipSuccess', 'The member is an owner, you are an admin.');

builder.mutationFields((t) => ({
  inviteMember: t.field({
    type: InvitationSuccess,
    description: 'Invites somebody to the team: by mail where that is set up, else by a link that you pass on.',
    errors: {
      types: [ValidationFailure, ForbiddenFailure, ConflictFailure],
      directResult: true,
      union: { name: 'InviteMemberResult', description: 'The invitation, or why there is none.' },
    },
    args: { input: t.arg({ type: InviteMemberInput, required: true, description: 'Whom to invite.' }) },
    resolve: (_root, { input }, { services, identity }) => inviteMember(services, identity, input),
  }),
  renewInvitation: t.field({
    type: InvitationSuccess,
    description: 'Gives an invitation a new link and a new end. The former link is void.',
    errors: {
      types: [ValidationFailure, NotFoundFailure, ForbiddenFailure, ConflictFailure],
      directResult: true,
      union: { name: 'RenewInvitationResult', description: 'The invitation, or why it has no new link.' },
    },
    args: { input: t.arg({ type: RenewInvitationInput, required: true, description: 'What to renew.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      renewInvitation(services, identity, decodeId(input.invitationId, 'Invitation'), {
        expiresInDays: input.expiresInDays,
      }),
  }),
  revokeInvitation: t.field({
    type: RevokeInvitationSuccess,
    description: 'Takes an invitation back.',
    errors: {
      types: [NotFoundFailure, ForbiddenFailure, ConflictFailure],
      directResult: true,
      union: { name: 'RevokeInvitationResult', description: 'The invitation, or why it stands.' },
    },
    args: { input: t.arg({ type: RevokeInvitationInput, required: true, description: 'What to take back.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await revokeInvitation(services, identity, decodeId(input.invitationId, 'Invitation')),
    }),
  }),
  changeMemberRole: t.field({
    type: ChangeMemberRoleSuccess,
    description: 'Changes what a member may do, at once. Only owners make and unmake owners; the last owner stays one.',
    errors: {
      types: [ValidationFailure, NotFoundFailure, ForbiddenFailure, ConflictFailure],
      directResult: true,
      union: { name: 'ChangeMemberRoleResult', description: 'The member, or why nothing changed.' },
    },
    args: { input: t.arg({ type: ChangeMemberRoleInput, required: true, description: 'Who and what.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await changeMemberRole(services, identity, decodeId(input.memberId, 'Member'), {
        accessRole: input.accessRole,
      }),
    }),
  }),
  removeMember: t.field({
    type: RemoveMemberSuccess,
    description: 'Takes somebody out of the team. Their sessions here end within a second.',
    errors: {
      types: [NotFoundFailure, ForbiddenFailure, ConflictFailure],
      directResult: true,
      union: { name: 'RemoveMemberResult', description: 'Who went, or why they stay.' },
    },
    args: { input: t.arg({ type: RemoveMemberInput, required: true, description: 'Who goes.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      removeMember(services, identity, decodeId(input.memberId, 'Member'), keysChoice(input.keys)),
  }),
  leaveTeam: t.field({
    type: LeaveTeamSuccess,
    description: 'Takes you out of the team that you look at. Its last owner cannot leave.',
    errors: {
      types: [NotFoundFailure, ForbiddenFailure, ConflictFailure],
      directResult: true,
      union: { name: 'LeaveTeamResult', description: 'The team that was, or why you are still in it.' },
    },
    args: { input: t.arg({ type: LeaveTeamInput, description: 'What happens to your keys.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      name: await leaveTeam(services, identity, keysChoice(input?.keys)),
    }),
  }),
  transferOwnership: t.field({
    type: TransferOwnershipSuccess,
    description: 'Makes another member an owner in your place; you become an admin.',
    errors: {
      types: [NotFoundFailure, ForbiddenFailure, ConflictFailure],
      directResult: true,
      union: { name: 'TransferOwnershipResult', description: 'The new owner, or why nothing changed.' },
    },
    args: { input: t.arg({ type: TransferOwnershipInput, required: true, description: 'To whom.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await transferOwnership(services, identity, decodeId(input.memberId, 'Member')),
    }),
  }),
  createPasswordResetLink: t.field({
    type: ResetLinkSuccess,
    description: 'Makes a link by which a member with a lower access role than yours chooses a new password.',
    errors: {
      types: [NotFoundFailure, ForbiddenFailure, ConflictFailure],
      directResult: true,
      union: { name: 'CreatePasswordResetLinkResult', description: 'The link, or why there is none.' },
    },
    args: { input: t.arg({ type: CreatePasswordResetLinkInput, required: true, description: 'For whom.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      createResetLink(services, identity, decodeId(input.memberId, 'Member')),
  }),
}));

function keysChoice(choice: KeysOfLeaver | null | undefined): KeysOfLeaver {
  return choice ?? 'REVOKE';
}
