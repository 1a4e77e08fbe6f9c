import type { AlertKind } from '@switchyard/core/guardrails';
import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { AlertChannelObject, AlertKindEnum, AlertSeverityEnum, AlertType } from './alert.types.ts';
import { countUnread } from './notifications.ts';

const deliveryStates = ['pending', 'sending', 'delivered', 'failed', 'cancelled'] as const;
type DeliveryState = (typeof deliveryStates)[number];

const AlertDeliveryStateEnum = builder.enumType('AlertDeliveryState', {
  description: 'Where a delivery stands.',
  values: {
    PENDING: { value: 'pending', description: 'It waits for its first or next try.' },
    SENDING: { value: 'sending', description: 'It is being tried now.' },
    DELIVERED: { value: 'delivered', description: 'The target took it.' },
    FAILED: { value: 'failed', description: 'All tries failed.' },
    CANCELLED: { value: 'cancelled', description: 'The channel was switched off or deleted before it got through.' },
  } as const satisfies Record<string, { value: DeliveryState; description: string }>,
});

const AlertAttemptType = builder.prismaObject('AlertAttempt', {
  description: 'One try of a delivery.',
  fields: (t) => ({
    attempt: t.exposeInt('attempt', { description: '1 for the first.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it began.' }),
    httpStatus: t.exposeInt('httpStatus', { nullable: true, description: 'What the target answered; null: nothing.' }),
    latencyMs: t.exposeInt('latencyMs', { description: 'How long it took.' }),
    responseExcerpt: t.exposeString('responseExcerpt', {
      description: 'The first 500 characters of the answer, without secrets.',
    }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed; null when it did not.' }),
  }),
});

const AlertDeliveryType = builder.prismaNode('AlertDelivery', {
  nullable: true,
  description: 'One alert on its way through one channel.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    alert: t.relation('alert', { type: AlertType, description: 'What is sent.' }),
    messageId: t.exposeString('id', { description: 'What the target sees as `webhook-id`, the same for every try.' }),
    channelId: t.id({
      description: 'The channel, which may be deleted by now.',
      select: { channelId: true },
      resolve: ({ channelId }) => encodeId('AlertChannel', channelId),
    }),
    channelName: t.exposeString('channelName', { description: "The channel's name at that time." }),
    state: t.field({
      type: AlertDeliveryStateEnum,
      description: 'Where it stands.',
      select: { state: true },
      resolve: ({ state }) => state as DeliveryState,
    }),
    attempts: t.exposeInt('attempts', { description: 'How often it was tried.' }),
    nextAttemptAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried next; null when it is not.',
      select: { state: true, nextAttemptAt: true },
      resolve: ({ state, nextAttemptAt }) => (state === 'pending' ? nextAttemptAt : null),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the alert was raised.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it got through or was given up; null while it is on its way.',
    }),
    tries: t.relation('tries', {
      type: AlertAttemptType,
      description: 'Every try, the first first.',
      query: { orderBy: { attempt: 'asc' } },
    }),
  }),
});

const NotificationFilterInput = builder.inputType('NotificationFilterInput', {
  description: 'Which notifications. Absent: all.',
  fields: (t) => ({
    kinds: t.field({ type: [AlertKindEnum], description: 'About any of these.' }),
    severities: t.field({ type: [AlertSeverityEnum], description: 'As urgent as any of these.' }),
    isUnread: t.boolean({ description: 'True: only those that you have not read.' }),
  }),
});

const AlertDeliveryFilterInput = builder.inputType('AlertDeliveryFilterInput', {
  description: 'Which deliveries. Absent: all.',
  fields: (t) => ({
    channelId: t.id({ description: 'Through this channel.' }),
    state: t.field({ type: AlertDeliveryStateEnum, description: 'In this state.' }),
  }),
});

const pageCost = (args: { first?: number | null | undefined; last?: number | null | undefined }) => ({
  field: 1,
  multiplier: args.first ?? args.last ?? defaultPageSize,
});

function toNotificationWhere(
  teamId: string,
  userId: string | undefined,
  filter: typeof NotificationFilterInput.$inferInput | null | undefined,
) {
  return {
    teamId,
    ...(filter?.kinds && { kind: { in: filter.kinds as AlertKind[] } }),
    ...(filter?.severities && { severity: { in: filter.severities } }),
    ...(filter?.isUnread && { reads: { none: { userId: userId ?? '' } } }),
  };
}

function toDeliveryWhere(teamId: string, filter: typeof AlertDeliveryFilterInput.$inferInput | null | undefined) {
  return {
    teamId,
    ...(filter?.channelId != null && { channelId: decodeId(filter.channelId, 'AlertChannel') ?? '' }),
    ...(filter?.state && { state: filter.state }),
  };
}

builder.queryFields((t) => ({
  alertChannels: t.field({
    type: [AlertChannelObject],
    description: "Where your team's alerts are sent: the operator's channels, then your own, oldest first.",
    resolve: async (_root, _args, { services, identity }) => [
      ...(await services.alerts.channels.list(identity.teamId)),
    ],
  }),
  unreadNotificationCount: t.int({
    description: 'How many notifications you have not read; 0 for keys that belong to no person.',
    resolve: (_root, _args, { services, identity }) => countUnread(services, identity),
  }),
  notifications: t.prismaConnection(
    {
      type: AlertType,
      cursor: 'id',
      description: 'What your team was told, newest first; kept for 30 days.',
      complexity: pageCost,
      args: { filter: t.arg({ type: NotificationFilterInput, description: 'Which notifications.' }) },
      totalCount: (_root, { filter }, { services, identity: { teamId, userId } }) =>
        services.prisma.alert.count({ where: toNotificationWhere(teamId, userId, filter) }),
      resolve: (query, _root, args, { services, identity: { teamId, userId } }) => {
        assertPageSize(args, 'notifications');
        return services.prisma.alert.findMany({
          ...query,
          where: toNotificationWhere(teamId, userId, args.filter),
          orderBy: [{ at: 'desc' }, { id: 'desc' }],
        });
      },
    },
    { name: 'NotificationConnection', description: 'A page of notifications.' },
    { name: 'NotificationEdge' },
  ),
  alertDeliveries: t.prismaConnection(
    {
      type: AlertDeliveryType,
      cursor: 'id',
      description: 'What was sent through channels and how it went, newest first; kept for 30 days.',
      complexity: pageCost,
      args: { filter: t.arg({ type: AlertDeliveryFilterInput, description: 'Which deliveries.' }) },
      totalCount: (_root, { filter }, { services, identity }) =>
        services.prisma.alertDelivery.count({ where: toDeliveryWhere(identity.teamId, filter) }),
      resolve: (query, _root, args, { services, identity }) => {
        assertPageSize(args, 'deliveries');
        return services.prisma.alertDelivery.findMany({
          ...query,
          where: toDeliveryWhere(identity.teamId, args.filter),
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        });
      },
    },
    { name: 'AlertDeliveryConnection', description: 'A page of deliveries.' },
    { name: 'AlertDeliveryEdge' },
  ),
}));

builder.subscriptionField('alerts', (t) =>
  t.field({
    type: AlertType,
    description:
      "Your team's alerts from now on, within about a second, each once. After a disconnection `notifications` has what was missed.",
    subscribe: (_root, _args, { services, identity }) => services.alerts.feed.subscribe(identity.teamId),
    resolve: (alert) => alert as never,
  }),
);
