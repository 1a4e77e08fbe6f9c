import {
  type HealthCause,
  type HealthStatus,
  type IncidentEntryKind,
  incidentEntryKinds,
} from '@switchyard/core/health';
import { formatUsd } from '@switchyard/core/kernel';
import { builder } from '../../graphql/builder.ts';
import { DataOriginEnum, valuesOf } from '../../graphql/enums.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { ProviderType } from '../providers/provider.types.ts';
import { HealthCauseEnum, HealthStatusEnum, ProviderHealthType } from './health.types.ts';
import { type IncidentEffects, type IncidentFallback, readIncidentEffects } from './outage-bill.ts';

export const IncidentSeverityEnum = builder.enumType('IncidentSeverity', {
  description: 'How bad an incident got.',
  values: {
    DEGRADED: { value: 'degraded', description: 'It answered, but not as it should.' },
    DOWN: { value: 'down', description: 'It did not answer.' },
  } as const,
});

const IncidentEntryKindEnum = builder.enumType('IncidentEntryKind', {
  description: 'What a step of an incident is.',
  values: valuesOf<IncidentEntryKind>(
    {
      opened: 'It was noticed.',
      worse: 'It got worse.',
      better: 'It got better, but is not over.',
      cause: 'Something else is wrong now.',
      models: 'More models are affected.',
      quiet: 'Nothing is heard of the provider any more.',
      back: 'The provider answers as it should again.',
      reopened: 'It came back soon after it was over.',
      closed: 'It is over.',
      note: 'Somebody of your team wrote something.',
      maintenance: 'Maintenance began or ended.',
    },
    incidentEntryKinds,
  ),
});

const IncidentEntryType = builder.prismaObject('HealthIncidentEntry', {
  name: 'IncidentEntry',
  description: 'A step of an incident.',
  fields: (t) => ({
    kind: t.field({
      type: IncidentEntryKindEnum,
      description: 'What it is.',
      select: { kind: true },
      resolve: ({ kind }) => kind as IncidentEntryKind,
    }),
    text: t.exposeString('text', { description: 'In words.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    authorName: t.string({
      nullable: true,
      description: 'Who wrote the note; null for other steps, and when the person is gone.',
      select: { createdById: true },
      resolve: async ({ createdById }, _args, { services }) =>
        createdById === null
          ? null
          : ((await services.prisma.user.findUnique({ where: { id: createdById }, select: { name: true } }))?.name ??
            null),
    }),
  }),
});

const IncidentFallbackType = builder.objectRef<IncidentFallback>('IncidentFallback').implement({
  description: 'A model that answered in place of the provider.',
  fields: (t) => ({
    modelId: t.exposeString('modelId', { description: '`provider/model`.' }),
    calls: t.exposeInt('calls', { description: 'How many answers it gave.' }),
    costUsd: t.field({
      type: 'Decimal',
      description: 'What they cost, as far as it is known.',
      resolve: ({ costNanoUsd }) => formatUsd(costNanoUsd),
    }),
    extraUsd: t.field({
      type: 'Decimal',
      description: 'What they cost above the price of the model that was asked for.',
      resolve: ({ extraNanoUsd }) => formatUsd(extraNanoUsd),
    }),
  }),
});

const IncidentEffectsType = builder.objectRef<IncidentEffects>('IncidentEffects').implement({
  description: 'What an incident did to your team, by the records of its calls as long as they are kept.',
  fields: (t) => ({
    failedCalls: t.exposeInt('failedCalls', { description: 'Calls of the provider that failed by its fault.' }),
    requests: t.exposeInt('requests', { description: 'Requests that such calls were part of.' }),
    lanes: t.exposeInt('lanes', { description: 'Lanes of comparisons among them.' }),
    runs: t.exposeInt('runs', { description: 'Runs of workflows among them.' }),
    fallbackCalls: t.int({
      description: 'Answers that others gave instead.',
      resolve: ({ fallbacks }) => fallbacks.reduce((sum, { calls }) => sum + calls, 0),
    }),
    fallbacks: t.field({
      type: [IncidentFallbackType],
      description: 'Who gave them, the most frequent first.',
      resolve: ({ fallbacks }) => [...fallbacks],
    }),
    failedAttemptsUsd: t.field({
      type: 'Decimal',
      description: 'Paid for attempts that gave no whole answer.',
      resolve: ({ failedNanoUsd }) => formatUsd(failedNanoUsd),
    }),
    fallbackExtraUsd: t.field({
      type: 'Decimal',
      description: 'What fallbacks cost above the price of what was asked for.',
      resolve: ({ fallbacks }) => formatUsd(fallbacks.reduce((sum, { extraNanoUsd }) => sum + extraNanoUsd, 0n)),
    }),
    billUsd: t.field({
      type: 'Decimal',
      description: 'What the incident cost: both together.',
      resolve: ({ failedNanoUsd, fallbacks }) =>
        formatUsd(fallbacks.reduce((sum, { extraNanoUsd }) => sum + extraNanoUsd, failedNanoUsd)),
    }),
    unknownCostCalls: t.exposeInt('unknownCostCalls', {
      description: 'Calls that are not in the bill, because a price or a count of tokens is not known.',
    }),
    isPartial: t.exposeBoolean('isPartial', {
      description: 'Whether only the first three days, or the first 5,000 answers of fallbacks, are added up.',
    }),
  }),
});

export const IncidentType = builder.prismaNode('HealthIncident', {
  name: 'Incident',
  nullable: true,
  description: 'Trouble of one provider, from its first fault until it was over.',
  id: { field: 'id' },
  findUnique: (id, { identity }) => ({ id, OR: [{ teamId: null }, { teamId: identity.teamId }] }),
  fields: (t) => ({
    isRehearsal: t.boolean({
      description: 'Whether a rehearsal brought it about: it counts in no uptime.',
      select: { rehearsalId: true },
      resolve: ({ rehearsalId }) => rehearsalId !== null,
    }),
    provider: t.field({
      type: ProviderType,
      nullable: true,
      description: 'The provider; null when it is gone.',
      select: { subjectId: true },
      resolve: ({ subjectId }, _args, { services, identity }) =>
        services.providers.find(identity.teamId, subjectId) ?? null,
    }),
    providerId: t.id({
      description: 'Its id.',
      select: { subjectId: true },
      resolve: ({ subjectId }) => encodeId('Provider', subjectId),
    }),
    providerSlug: t.exposeString('slug', { description: 'What stands before the slash of its model ids.' }),
    providerName: t.exposeString('displayName', { description: 'For people.' }),
    origin: t.expose('origin', { type: DataOriginEnum, description: 'Whether the provider is real.' }),
    severity: t.field({
      type: IncidentSeverityEnum,
      description: 'The worst so far.',
      select: { severity: true },
      resolve: ({ severity }) => severity as 'degraded' | 'down',
    }),
    status: t.field({
      type: HealthStatusEnum,
      description: 'How the provider stood when the incident last changed.',
      select: { status: true },
      resolve: ({ status }) => status as HealthStatus,
    }),
    cause: t.field({
      type: HealthCauseEnum,
      description: 'What is, or was last, wrong.',
      select: { cause: true },
      resolve: ({ cause }) => cause as HealthCause,
    }),
    models: t.exposeStringList('models', { description: '`provider/model`: those whose calls failed, at most 50.' }),
    isOpen: t.boolean({
      description: 'Whether it goes on.',
      select: { closedAt: true },
      resolve: ({ closedAt }) => closedAt === null,
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When the first fault happened.' }),
    detectedAt: t.expose('detectedAt', { type: 'DateTime', description: 'When it was noticed.' }),
    closedAt: t.expose('closedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was over; null: it goes on.',
    }),
    reopened: t.exposeInt('reopened', { description: 'How often it came back soon after it was over.' }),
    timeline: t.relation('entries', {
      type: IncidentEntryType,
      description: 'Its steps and the notes of your team, the oldest first; the first 500.',
      query: (_args, { identity }) => ({
        where: { OR: [{ teamId: null }, { teamId: identity.teamId }] },
        orderBy: [{ at: 'asc' as const }, { id: 'asc' as const }],
        take: 500,
      }),
    }),
    effects: t.field({
      type: IncidentEffectsType,
      description: 'What it did to your team and what it cost.',
      complexity: 20,
      select: { id: true },
      resolve: async (incident, _args, { services, identity }) => {
        const row = await services.prisma.healthIncident.findUniqueOrThrow({ where: { id: incident.id } });
        return readIncidentEffects(services, identity.teamId, row);
      },
    }),
  }),
});

builder.objectField(ProviderHealthType, 'incident', (t) =>
  t.field({
    type: IncidentType,
    nullable: true,
    description: 'The incident that goes on; null: none does.',
    resolve: async ({ instance, reading }) => ((await reading.openIncident(instance.id)) ?? null) as never,
  }),
);
