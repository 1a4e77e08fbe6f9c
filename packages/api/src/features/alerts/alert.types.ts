import {
  type AlertFact,
  type AlertKind,
  type AlertSeverity,
  alertKinds,
  alertSeverities,
  type Alert as DomainAlert,
} from '@switchyard/core/guardrails';
import { builder } from '../../graphql/builder.ts';
import { DataOriginEnum, valuesOf } from '../../graphql/enums.ts';
import type { AlertChannelType, ChannelView } from './alert-target.ts';

const kindDescriptions: Readonly<Record<AlertKind, string>> = {
  'budget.threshold': 'A share of a budget is used.',
  'budget.forecast': 'A budget will be used up before its window ends, at the present pace.',
  'budget.breached': 'A budget is used up: calls are refused, or would be if it were hard.',
  'budget.approvalRequested': 'A call asks for more than a budget has.',
  'model.latencyWarning': 'A model answered slower than its target, several times in a row.',
  'provider.down': 'A provider does not answer.',
  'provider.degraded': 'A provider answers worse than it should.',
  'provider.latency': 'A provider answers slower than it should.',
  'provider.errorRate': 'Too many calls of a provider fail.',
  'provider.recovered': 'A provider is well again.',
  'provider.burnRate': 'Calls fail so often that an objective of success is missed.',
  'report.weekly': 'The report of a week is there. Sent only to channels that name this kind.',
  'channel.disabled': 'An alert channel was switched off because nothing got through.',
  'channel.test': 'The message of the test button.',
};

/** `model.latencyWarning` → `MODEL_LATENCY_WARNING`. */
const kindName = (kind: AlertKind) => kind.replace(/[A-Z]/g, '_$&').replaceAll('.', '_').toUpperCase();

export const AlertKindEnum = builder.enumType('AlertKind', {
  description: 'What an alert is about.',
  values: Object.fromEntries(
    alertKinds.map((kind) => [kindName(kind), { value: kind, description: kindDescriptions[kind] }]),
  ) as Record<string, { value: AlertKind; description: string }>,
});

export const AlertSeverityEnum = builder.enumType('AlertSeverity', {
  description: 'How urgent an alert is.',
  values: valuesOf<AlertSeverity>(
    { info: 'Good to know.', warning: 'Look at it soon.', critical: 'Something fails now.' },
    alertSeverities,
  ),
});

export const AlertStatusEnum = builder.enumType('AlertStatus', {
  description: 'Whether trouble began or ended.',
  values: {
    FIRING: { value: 'firing', description: 'It is so now.' },
    RESOLVED: { value: 'resolved', description: 'What an earlier alert told of is over.' },
  } as const,
});

export const AlertChannelTypeEnum = builder.enumType('AlertChannelType', {
  description: 'What the target of a channel understands.',
  values: {
    SLACK: { value: 'slack', description: 'An incoming webhook of Slack.' },
    TEAMS: { value: 'teams', description: 'A workflow webhook of Microsoft Teams.' },
    WEBHOOK: { value: 'webhook', description: 'JSON for programs, signed as Standard Webhooks say.' },
  } as const satisfies Record<string, { value: AlertChannelType; description: string }>,
});

const AlertFactType = builder.objectRef<AlertFact>('AlertFact').implement({
  description: 'One figure or name behind an alert.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'For programs, for example `spentUsd`.' }),
    label: t.exposeString('label', { description: 'For people.' }),
    value: t.string({
      nullable: true,
      description: 'The value as text; null when it is unknown.',
      resolve: ({ value }) => (value === null ? null : String(value)),
    }),
  }),
});

export const AlertType = builder.prismaNode('Alert', {
  nullable: true,
  description: 'Something that people of your team should know.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    kind: t.field({
      type: AlertKindEnum,
      description: 'What it is about.',
      select: { kind: true },
      resolve: ({ kind }) => kind as AlertKind,
    }),
    severity: t.field({
      type: AlertSeverityEnum,
      description: 'How urgent it is.',
      select: { severity: true },
      resolve: ({ severity }) => severity as AlertSeverity,
    }),
    status: t.field({
      type: AlertStatusEnum,
      description: 'Whether the trouble began or ended.',
      select: { status: true },
      resolve: ({ status }) => status as DomainAlert['status'],
    }),
    origin: t.expose('origin', { type: DataOriginEnum, description: 'Whether real calls brought it about.' }),
    title: t.exposeString('title', { description: 'One line.' }),
    message: t.exposeString('message', { description: 'What happened, what it means and what to do.' }),
    link: t.exposeString('link', { description: 'Where to look at it: a path of the dashboard.' }),
    facts: t.field({
      type: [AlertFactType],
      description: 'The figures behind it.',
      select: { facts: true },
      resolve: ({ facts }) => facts as unknown as AlertFact[],
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    isRead: t.boolean({
      description: 'Whether you marked it as read; false for keys that belong to no person.',
      select: (_args, { identity }) => ({
        reads: { where: { userId: identity.userId ?? '' }, select: { readAt: true }, take: 1 },
      }),
      resolve: ({ reads }) => reads.length > 0,
    }),
  }),
});

export const AlertChannelObject = builder.objectRef<ChannelView>('AlertChannel');

builder.node(AlertChannelObject, {
  description: 'Where alerts of your team are sent.',
  id: { resolve: (channel) => channel.id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'isSigned' in value && 'origin' in value,
  loadOne: async (id, { services, identity }) => (await services.alerts.channels.find(identity.teamId, id)) ?? null,
  fields: (t) => ({
    name: t.exposeString('name', { description: 'For people.' }),
    type: t.expose('type', { type: AlertChannelTypeEnum, description: 'What the target understands.' }),
    targetOrigin: t.exposeString('origin', {
      description: 'Where it leads, for example `https://hooks.slack.com`. The rest of the address is never shown.',
    }),
    kinds: t.field({
      type: [AlertKindEnum],
      description: 'What is sent; empty: everything.',
      resolve: ({ kinds }) => [...kinds],
    }),
    isEnabled: t.exposeBoolean('isEnabled', { description: 'Whether it is switched on.' }),
    disabledReason: t.string({
      nullable: true,
      description: 'Why it was switched off by itself; null when a person did it, or when it is on.',
      resolve: ({ disabledReason }) => disabledReason ?? null,
    }),
    failingSince: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when nothing got through; null while the last try succeeded.',
      resolve: ({ failingSinceMs }) => (failingSinceMs === undefined ? null : new Date(failingSinceMs)),
    }),
    isSigned: t.exposeBoolean('isSigned', { description: 'Whether what it is sent is signed.' }),
    isReadOnly: t.exposeBoolean('isReadOnly', {
      description: 'Whether the operator set it up for every team, so that it can be changed only there.',
    }),
    createdAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was made; null for channels of the operator.',
      resolve: ({ createdAtMs }) => (createdAtMs === undefined ? null : new Date(createdAtMs)),
    }),
  }),
});
