import type { Session } from '../../generated/prisma/client.ts';
import { builder } from '../../graphql/builder.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import { ForbiddenFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { describeDevice } from './describe-device.ts';
import { revokeOtherSessions, revokeSession } from './end-own-sessions.ts';
import { updateProfile } from './update-profile.ts';

/** Never the token. */
type SessionRow = Pick<
  Session,
  'id' | 'createdAt' | 'updatedAt' | 'expiresAt' | 'lastSeenAt' | 'ipAddress' | 'userAgent' | 'signInMethod'
>;

const SessionType = builder.objectRef<SessionRow>('Session').implement({
  description: 'A place where you are signed in.',
  fields: (t) => ({
    id: t.id({ description: 'The id, opaque: keep it as it is.', resolve: ({ id }) => encodeId('Session', id) }),
    isCurrent: t.boolean({
      description: 'Whether it is the one that asks.',
      resolve: ({ id }, _args, { identity }) => id === identity.subject,
    }),
    device: t.string({
      description: 'The browser and system, as it says itself.',
      resolve: ({ userAgent }) => describeDevice(userAgent ?? ''),
    }),
    ipAddress: t.string({
      nullable: true,
      description: 'From where you signed in; null when nobody knows.',
      resolve: ({ ipAddress }) => ipAddress || null,
    }),
    signInMethod: t.string({
      description: '`password` or `sso`.',
      resolve: ({ signInMethod }) => signInMethod ?? 'password',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When you signed in.' }),
    lastSeenAt: t.field({
      type: 'DateTime',
      description: 'When it was last used, up to half a minute late.',
      resolve: ({ lastSeenAt, createdAt }) => lastSeenAt ?? createdAt,
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When you will be asked to sign in again.' }),
  }),
});

builder.queryField('sessions', (t) =>
  t.field({
    type: [SessionType],
    description: 'Where you are signed in, last used first. At most 100.',
    resolve: (_root, _args, { services, identity }) =>
      services.prisma.session.findMany({
        where: { userId: identity.userId ?? '', expiresAt: { gt: new Date(services.clock.nowMs()) } },
        orderBy: [{ lastSeenAt: { sort: 'desc', nulls: 'last' } }, { createdAt: 'desc' }],
        take: 100,
        omit: { token: true },
      }),
  }),
);

const RevokeSessionInput = builder.inputType('RevokeSessionInput', {
  description: 'A session to be ended.',
  fields: (t) => ({ sessionId: t.id({ required: true, description: 'The session.' }) }),
});

const RevokeSessionSuccess = builder.objectRef<{ id: string }>('RevokeSessionSuccess').implement({
  description: 'The session has ended; what it had open ends within a second.',
  fields: (t) => ({
    sessionId: t.id({ description: 'Which one it was.', resolve: ({ id }) => encodeId('Session', id) }),
  }),
});

const RevokeOtherSessionsSuccess = builder.objectRef<{ count: number }>('RevokeOtherSessionsSuccess').implement({
  description: 'You are signed in here alone; trusted devices ask for the second factor again.',
  fields: (t) => ({ count: t.exposeInt('count', { description: 'How many sessions ended.' }) }),
});

const UpdateProfileInput = builder.inputType('UpdateProfileInput', {
  description: 'What others see of you.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'How you want to be called, 1 to 80 characters.' }),
  }),
});

const UpdateProfileSuccess = builder.objectRef<{ userId: string }>('UpdateProfileSuccess').implement({
  description: 'Your profile as it is now.',
  fields: (t) => ({
    user: t.prismaField({
      type: 'User',
      description: 'You.',
      resolve: (query, { userId }, _args, { services }) =>
        services.prisma.user.findUniqueOrThrow({ ...query, where: { id: userId } }),
    }),
  }),
});

builder.mutationFields((t) => ({
  revokeSession: t.field({
    type: RevokeSessionSuccess,
    description: 'Ends one of your sessions.',
    errors: {
      types: [NotFoundFailure],
      directResult: true,
      union: { name: 'RevokeSessionResult', description: 'The session, or why it was not ended.' },
    },
    args: { input: t.arg({ type: RevokeSessionInput, required: true, description: 'What to end.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await revokeSession(services, identity, decodeId(input.sessionId, 'Session')),
    }),
  }),
  revokeOtherSessions: t.field({
    type: RevokeOtherSessionsSuccess,
    description: 'Ends all your sessions but this one, and forgets the devices that you trusted.',
    errors: {
      types: [ForbiddenFailure],
      directResult: true,
      union: { name: 'RevokeOtherSessionsResult', description: 'How many ended, or why none did.' },
    },
    resolve: async (_root, _args, { services, identity }) => ({ count: await revokeOtherSessions(services, identity) }),
  }),
  updateProfile: t.field({
    type: UpdateProfileSuccess,
    description: 'Changes what others see of you.',
    errors: {
      types: [ValidationFailure],
      directResult: true,
      union: { name: 'UpdateProfileResult', description: 'Your profile, or why it was not changed.' },
    },
    args: { input: t.arg({ type: UpdateProfileInput, required: true, description: 'The new values.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      userId: await updateProfile(services, identity, input),
    }),
  }),
}));
