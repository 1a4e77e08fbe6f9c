import type { Services } from '../../container.ts';
import { builder, defaultPageSize, listCost } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import type { ProviderInstance } from '../providers/provider-instance.ts';
import { MaintenanceWindowType, ModelHealthType, ProviderHealthType } from './health.types.ts';
import { HealthReading, readHealth } from './health-reading.ts';
import { IncidentType } from './incident.types.ts';

const mostProviders = 100;
/** How many providers a team is taken to have when it asks for all. */
const usualProviders = 10;

/** The providers of the team that are named, or all. Throws when one is not among them. */
export function selectProviders(
  services: Services,
  teamId: string,
  ids: readonly string[] | null | undefined,
): readonly ProviderInstance[] {
  if (!ids) return services.providers.instancesOf(teamId);
  if (ids.length > mostProviders) throw badInput(`Ask for at most ${mostProviders} providers at once.`);
  return [...new Set(ids)].map((globalId) => {
    const id = decodeId(globalId, 'Provider');
    const instance = id === undefined ? undefined : services.providers.find(teamId, id);
    if (!instance) throw badInput('There is no such provider in your team.');
    return instance;
  });
}

const IncidentFilterInput = builder.inputType('IncidentFilterInput', {
  description: 'Which incidents. Absent: all.',
  fields: (t) => ({
    providerId: t.id({ description: 'Of this provider.' }),
    isOpen: t.boolean({ description: 'True: those that go on. False: those that are over.' }),
    isRehearsal: t.boolean({ description: 'True: those of rehearsals. False: the others.' }),
    from: t.field({ type: 'DateTime', description: 'That were not over before then.' }),
    to: t.field({ type: 'DateTime', description: 'That began before then.' }),
  }),
});

function toWhere(teamId: string, filter: typeof IncidentFilterInput.$inferInput | null | undefined) {
  return {
    AND: [
      { OR: [{ teamId: null }, { teamId }] },
      ...(filter?.from ? [{ OR: [{ closedAt: null }, { closedAt: { gte: filter.from } }] }] : []),
    ],
    ...(filter?.providerId != null && { subjectId: decodeId(filter.providerId, 'Provider') ?? '?' }),
    ...(filter?.isOpen != null && { closedAt: filter.isOpen ? null : { not: null } }),
    ...(filter?.isRehearsal != null && { rehearsalId: filter.isRehearsal ? { not: null } : null }),
    ...(filter?.to && { startedAt: { lt: filter.to } }),
  };
}

builder.queryFields((t) => ({
  health: t.field({
    type: [ProviderHealthType],
    description: 'How providers are, now and lately.',
    args: { providers: t.arg.idList({ description: 'Only these; all of the team when absent.' }) },
    complexity: ({ providers }) => listCost(providers?.length ?? usualProviders),
    resolve: (_root, { providers }, { services, identity }) => [
      ...readHealth(services, identity.teamId, selectProviders(services, identity.teamId, providers)),
    ],
  }),
  healthOfModel: t.field({
    type: ModelHealthType,
    nullable: true,
    description: 'How one model is; null when your team knows none of that name.',
    args: { modelId: t.arg.string({ required: true, description: '`provider/model`.' }) },
    resolve: (_root, { modelId }, { services, identity }) => {
      const model = services.providers.findModel(identity.teamId, modelId);
      if (!model) return null;
      const { instance } = model;
      const reading = new HealthReading(services, identity.teamId, [instance.id]);
      return reading.model(instance, services.health.find(instance.id), modelId);
    },
  }),
  maintenanceWindows: t.field({
    type: [MaintenanceWindowType],
    description: "Your team's maintenance that goes on or is ahead, the earliest first; at most 200.",
    resolve: (_root, _args, { services, identity }) =>
      services.prisma.healthMaintenance.findMany({
        where: { teamId: identity.teamId, endsAt: { gt: new Date(services.clock.nowMs()) } },
        orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
        take: 200,
      }),
  }),
  incident: t.prismaField({
    type: IncidentType,
    nullable: true,
    description: 'One incident; null when your team sees no such.',
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (query, _root, { id }, { services, identity }) =>
      services.prisma.healthIncident.findFirst({
        ...query,
        where: { id: decodeId(id, 'Incident') ?? '?', OR: [{ teamId: null }, { teamId: identity.teamId }] },
      }),
  }),
  incidents: t.prismaConnection(
    {
      type: IncidentType,
      cursor: 'id',
      description:
        "Incidents of your team's providers and of those of the installation, newest first; kept for a year.",
      complexity: (args) => ({ field: 1, multiplier: args.first ?? args.last ?? defaultPageSize }),
      args: { filter: t.arg({ type: IncidentFilterInput, description: 'Which incidents.' }) },
      totalCount: (_root, { filter }, { services, identity }) =>
        services.prisma.healthIncident.count({ where: toWhere(identity.teamId, filter) }),
      resolve: (query, _root, args, { services, identity }) => {
        assertPageSize(args, 'incidents');
        return services.prisma.healthIncident.findMany({
          ...query,
          where: toWhere(identity.teamId, args.filter),
          orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
        });
      },
    },
    { name: 'IncidentConnection', description: 'A page of incidents.' },
    { name: 'IncidentEdge' },
  ),
}));
