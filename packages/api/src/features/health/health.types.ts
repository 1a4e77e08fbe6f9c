import { type HealthCause, type HealthStatus, healthStatuses } from '@switchyard/core/health';
import type { HealthMaintenance } from '../../generated/prisma/client.ts';
import { builder } from '../../graphql/builder.ts';
import { ProviderErrorKindEnum, valuesOf } from '../../graphql/enums.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { ModelCircuitType, ProviderType } from '../providers/provider.types.ts';
import { type ModelCircuit, readCircuits } from '../providers/provider-condition.ts';
import {
  callsOf,
  HealthCheckType,
  HealthDayType,
  HealthFiguresType,
  HealthPointType,
  rounded,
  toErrorKind,
  UptimeFigureType,
} from './health-figures.types.ts';
import { daysShown, type ModelHealth, type ProviderHealth } from './health-reading.ts';
import type { LastFailure } from './outcome-window.ts';

const dayMs = 86_400_000;

export const HealthStatusEnum = builder.enumType('HealthStatus', {
  description: 'How a provider or model is.',
  values: valuesOf<HealthStatus>(
    {
      healthy: 'It answers as it should.',
      degraded: 'It answers, but too slowly, or too often not.',
      down: 'It does not answer.',
      unknown: 'Nothing was heard of it lately.',
    },
    healthStatuses,
  ),
});

export const HealthCauseEnum = builder.enumType('HealthCause', {
  description: 'What is wrong with a provider.',
  values: valuesOf<HealthCause>(
    {
      'no-answer': 'It does not answer at all.',
      errors: 'Too many calls fail.',
      latency: 'Answers take longer than usual.',
      mixed: 'Too many calls fail, and the others take longer than usual.',
    },
    ['no-answer', 'errors', 'latency', 'mixed'],
  ),
});

const HealthComponentsType = builder
  .objectRef<{ readonly uptime: number; readonly latency: number; readonly errorRate: number }>('HealthComponents')
  .implement({
    description: 'The parts of a score, each from 0 (worst) to 100.',
    fields: (t) => ({
      uptime: t.exposeFloat('uptime', { description: 'Whether it answers at all; 40 % of the score.' }),
      latency: t.exposeFloat('latency', { description: 'Whether answers come in the usual time; 30 % of the score.' }),
      errorRate: t.exposeFloat('errorRate', { description: 'Whether calls succeed; 30 % of the score.' }),
    }),
  });

const HealthFailureType = builder.objectRef<LastFailure>('HealthFailure').implement({
  description: 'The last failure that was the fault of a provider.',
  fields: (t) => ({
    kind: t.field({
      type: ProviderErrorKindEnum,
      nullable: true,
      description: 'What went wrong; null when nobody knows.',
      resolve: ({ kind }) => toErrorKind(kind),
    }),
    message: t.exposeString('message', { description: "In the provider's own words, without secrets." }),
    modelId: t.string({
      nullable: true,
      description: '`provider/model` that was called; null when a check failed.',
      resolve: ({ modelId }) => modelId ?? null,
    }),
    at: t.field({ type: 'DateTime', description: 'When.', resolve: ({ atMs }) => new Date(atMs) }),
  }),
});

export const MaintenanceWindowType = builder.objectRef<HealthMaintenance>('MaintenanceWindow');

builder.node(MaintenanceWindowType, {
  description: 'A time in which your team expects a provider to be away: no alerts, and no loss of uptime.',
  id: { resolve: ({ id }) => id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'startsAt' in value && 'subjectId' in value,
  loadOne: (id, { services, identity }) =>
    services.prisma.healthMaintenance.findUnique({ where: { id_teamId: { id, teamId: identity.teamId } } }),
  fields: (t) => ({
    provider: t.field({
      type: ProviderType,
      nullable: true,
      description: 'The provider; null when it is gone.',
      resolve: ({ subjectId }, _args, { services, identity }) =>
        services.providers.find(identity.teamId, subjectId) ?? null,
    }),
    providerId: t.id({ description: 'Its id.', resolve: ({ subjectId }) => encodeId('Provider', subjectId) }),
    note: t.exposeString('note', { description: 'For people; may be empty.' }),
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'When it begins.' }),
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'When it ends, or ended.' }),
    isActive: t.boolean({
      description: 'Whether it holds now.',
      resolve: ({ startsAt, endsAt }, _args, { services }) => {
        const nowMs = services.clock.nowMs();
        return startsAt.getTime() <= nowMs && nowMs < endsAt.getTime();
      },
    }),
  }),
});

export const ModelHealthType = builder.objectRef<ModelHealth>('ModelHealth').implement({
  description: 'How one model is, by its own calls.',
  fields: (t) => ({
    modelId: t.exposeString('modelId', { description: '`provider/model`.' }),
    status: t.field({
      type: HealthStatusEnum,
      description: 'By the calls of the last five minutes; that of its provider when there were none.',
      resolve: ({ status }) => status,
    }),
    score: t.int({
      nullable: true,
      description: '0 to 100, by the same calls; null without any.',
      resolve: ({ score }) => rounded(score?.score),
    }),
    components: t.field({
      type: HealthComponentsType,
      nullable: true,
      description: 'The parts of the score.',
      resolve: ({ score }) => score ?? null,
    }),
    figures: t.field({
      type: HealthFiguresType,
      description: 'What its calls of the last 24 hours came to.',
      resolve: ({ figures }) => figures,
    }),
    circuit: t.field({
      type: ModelCircuitType,
      nullable: true,
      description: 'Whether calls of it are let through; null when it was not called since this server process began.',
      resolve: ({ instance, modelId }, _args, { services }) =>
        readCircuits(services, instance).find((circuit: ModelCircuit) => circuit.modelId === modelId) ?? null,
    }),
  }),
});

export const ProviderHealthType = builder.objectRef<ProviderHealth>('ProviderHealth');

ProviderHealthType.implement({
  description: 'How a provider is: by real calls first, and by checks that cost nothing.',
  fields: (t) => ({
    provider: t.expose('instance', { type: ProviderType, description: 'The provider.' }),
    status: t.field({
      type: HealthStatusEnum,
      description: 'How it is now.',
      resolve: ({ subject }) => subject?.state.status ?? 'unknown',
    }),
    cause: t.field({
      type: HealthCauseEnum,
      nullable: true,
      description: 'What is wrong; null when nothing is, or nothing is known.',
      resolve: ({ subject }) => subject?.cause ?? null,
    }),
    statusReason: t.string({
      nullable: true,
      description: 'Why nothing can be known of it, for example because it is switched off; null otherwise.',
      resolve: ({ instance }) => instance.block?.message ?? null,
    }),
    since: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when; null until it was looked at.',
      resolve: ({ subject }) => (subject ? new Date(subject.state.sinceMs) : null),
    }),
    score: t.int({
      nullable: true,
      description: '0 (worst) to 100; null when nothing is known.',
      resolve: ({ subject }) => (isUnknown(subject?.state.status) ? null : rounded(subject?.score?.score)),
    }),
    components: t.field({
      type: HealthComponentsType,
      nullable: true,
      description: 'The parts of the score.',
      resolve: ({ subject }) => (isUnknown(subject?.state.status) ? null : (subject?.score ?? null)),
    }),
    sampleCount: t.int({
      description: 'How many calls and checks the score stands on.',
      resolve: ({ subject }) => (subject?.score ? callsOf(subject.score.counts) : 0),
    }),
    errorRate: t.float({
      nullable: true,
      description: 'Share of them that failed, 0 to 1; null when nothing is known.',
      resolve: ({ subject }) => subject?.errorRate ?? null,
    }),
    lastError: t.field({
      type: HealthFailureType,
      nullable: true,
      description: 'Its last failure, however long ago.',
      resolve: ({ subject }) => subject?.lastFailure ?? null,
    }),
    lastSuccessAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When a call or check last succeeded.',
      resolve: ({ subject }) => dateOf(subject?.lastSuccessAtMs),
    }),
    lastCheckAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was last checked.',
      resolve: async ({ instance, reading }) => (await reading.checkTimes(instance.id))?.lastCheckAt ?? null,
    }),
    nextCheckAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it will be checked next.',
      resolve: async ({ instance, reading }) => {
        const at = (await reading.checkTimes(instance.id))?.nextCheckAtMs;
        return at === undefined || at === 0n ? null : new Date(Number(at));
      },
    }),
    uptimes: t.field({
      type: [UptimeFigureType],
      description: 'Uptime over 1, 7, 30 and 90 days.',
      resolve: ({ instance, reading }) =>
        Promise.all(
          [1, 7, 30, daysShown].map(async (days) => ({ days, times: await reading.times(instance.id, days * dayMs) })),
        ),
    }),
    days: t.field({
      type: [HealthDayType],
      description: 'The last days one by one, the oldest first.',
      args: { count: t.arg.int({ defaultValue: daysShown, description: 'How many, 1 to 90.' }) },
      complexity: ({ count }) => Math.ceil((count ?? daysShown) / 10),
      resolve: async ({ instance, reading }, { count }) => [
        ...(await reading.days(instance.id, Math.min(daysShown, Math.max(1, count ?? daysShown)))),
      ],
    }),
    figures: t.field({
      type: HealthFiguresType,
      description: 'What its calls of the last hours came to.',
      args: { hours: t.arg.int({ defaultValue: 24, description: 'Over how many hours, 1 to 48.' }) },
      resolve: ({ instance, reading }, { hours }) => reading.figures(instance.id, hoursOf(hours)),
    }),
    series: t.field({
      type: [HealthPointType],
      description: 'Its calls of the last hours in about fifty steps.',
      args: { hours: t.arg.int({ defaultValue: 24, description: 'Over how many hours, 1 to 48.' }) },
      complexity: 5,
      resolve: async ({ instance, reading }, { hours }) => [...(await reading.series(instance.id, hoursOf(hours)))],
    }),
    circuits: t.field({
      type: [ModelCircuitType],
      description: 'Its models that were called since this server process began, and whether calls are let through.',
      resolve: ({ instance }, _args, { services }) => [...readCircuits(services, instance)],
    }),
    models: t.field({
      type: [ModelHealthType],
      description: 'Its models that were called within 24 hours, by name.',
      resolve: async (health) => [...(await health.reading.models(health))],
    }),
    checks: t.field({
      type: [HealthCheckType],
      description: 'Its last checks, the newest first; kept for 30 days.',
      args: { first: t.arg.int({ defaultValue: 10, description: 'How many, 1 to 50.' }) },
      resolve: ({ instance }, { first }, { services }) =>
        services.prisma.healthCheck.findMany({
          where: { subjectId: instance.id },
          orderBy: { at: 'desc' },
          take: Math.min(50, Math.max(1, first ?? 10)),
        }),
    }),
    maintenance: t.field({
      type: MaintenanceWindowType,
      nullable: true,
      description: "Your team's maintenance that holds now.",
      resolve: async ({ instance, reading }) => (await reading.maintenanceNow(instance.id)) ?? null,
    }),
  }),
});

builder.objectField(ProviderType, 'healthStatus', (t) =>
  t.field({
    type: HealthStatusEnum,
    description: 'How it is now; `health` tells more.',
    resolve: ({ id, adapter, block }, _args, { services }) =>
      adapter && !block ? (services.health.find(id)?.state.status ?? 'unknown') : 'unknown',
  }),
);

function dateOf(atMs: number | undefined): Date | null {
  return atMs === undefined ? null : new Date(atMs);
}

function hoursOf(hours: number | null | undefined): number {
  return Math.min(48, Math.max(1, hours ?? 24));
}

function isUnknown(status: HealthStatus | undefined): boolean {
  return status === undefined || status === 'unknown';
}
