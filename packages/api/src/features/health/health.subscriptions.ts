import type { HealthStatus } from '@switchyard/core/health';
import type { HealthEvent } from '../../generated/prisma/client.ts';
import { builder } from '../../graphql/builder.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { RehearsalType } from '../failover/rehearsal.types.ts';
import { findIncident } from './add-incident-note.ts';
import { selectProviders } from './health.schema.ts';
import { HealthStatusEnum, MaintenanceWindowType, ProviderHealthType } from './health.types.ts';
import { readHealth } from './health-reading.ts';
import { IncidentType } from './incident.types.ts';

/** What the payload of an event holds, by its kind. */
interface Payload {
  readonly from?: HealthStatus;
  readonly to?: HealthStatus;
  readonly isOk?: boolean;
  readonly latencyMs?: number;
  readonly message?: string;
  readonly incidentId?: string;
  readonly maintenanceId?: string;
  readonly rehearsalId?: string;
}

const payloadOf = ({ payload }: HealthEvent) => payload as Payload;

const HealthEventInterface = builder.interfaceRef<HealthEvent>('HealthEventBase').implement({
  description: 'Something that happened to the health of a provider.',
  fields: (t) => ({
    providerId: t.id({
      description: 'The id of the provider.',
      resolve: ({ subjectId }) => encodeId('Provider', subjectId),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    health: t.field({
      type: ProviderHealthType,
      nullable: true,
      description: 'How the provider is now; null when it is gone.',
      resolve: ({ subjectId }, _args, { services, identity }) => {
        const instance = services.providers.find(identity.teamId, subjectId);
        return instance ? (readHealth(services, identity.teamId, [instance])[0] ?? null) : null;
      },
    }),
  }),
});

const StatusChanged = builder.objectRef<HealthEvent>('HealthStatusChanged').implement({
  description: 'The status of a provider changed.',
  interfaces: [HealthEventInterface],
  fields: (t) => ({
    from: t.field({
      type: HealthStatusEnum,
      description: 'How it was.',
      resolve: (event) => payloadOf(event).from ?? 'unknown',
    }),
    to: t.field({
      type: HealthStatusEnum,
      description: 'How it is.',
      resolve: (event) => payloadOf(event).to ?? 'unknown',
    }),
  }),
});

const ProviderChecked = builder.objectRef<HealthEvent>('ProviderChecked').implement({
  description: 'A provider was checked.',
  interfaces: [HealthEventInterface],
  fields: (t) => ({
    isOk: t.boolean({ description: 'Whether it answered.', resolve: (event) => payloadOf(event).isOk === true }),
    latencyMs: t.int({ description: 'How long the answer took.', resolve: (event) => payloadOf(event).latencyMs ?? 0 }),
    message: t.string({
      description: "The provider's own words where there are any.",
      resolve: (event) => payloadOf(event).message ?? '',
    }),
  }),
});

const IncidentChanged = builder.objectRef<HealthEvent>('IncidentChanged').implement({
  description: 'An incident was opened, got another step or a note, or was closed.',
  interfaces: [HealthEventInterface],
  fields: (t) => ({
    incident: t.field({
      type: IncidentType,
      nullable: true,
      description: 'The incident as it stands now.',
      resolve: (event, _args, { services, identity }) =>
        findIncident(services, identity.teamId, payloadOf(event).incidentId) as never,
    }),
  }),
});

const MaintenanceChanged = builder.objectRef<HealthEvent>('MaintenanceChanged').implement({
  description: 'Your team announced or ended maintenance.',
  interfaces: [HealthEventInterface],
  fields: (t) => ({
    window: t.field({
      type: MaintenanceWindowType,
      nullable: true,
      description: 'The maintenance window as it stands now.',
      resolve: (event, _args, { services, identity }) =>
        services.prisma.healthMaintenance.findUnique({
          where: { id_teamId: { id: payloadOf(event).maintenanceId ?? '?', teamId: identity.teamId } },
        }),
    }),
  }),
});

const RehearsalProgressed = builder.objectRef<HealthEvent>('RehearsalProgressed').implement({
  description: 'A rehearsal of your team entered its next phase, or is over.',
  interfaces: [HealthEventInterface],
  fields: (t) => ({
    rehearsal: t.field({
      type: RehearsalType,
      nullable: true,
      description: 'The rehearsal as it stands now.',
      resolve: async (event, _args, { services, identity }) =>
        (await services.prisma.failureRehearsal.findUnique({
          where: { id_teamId: { id: payloadOf(event).rehearsalId ?? '?', teamId: identity.teamId } },
        })) as never,
    }),
  }),
});

const typeByKind: Readonly<Record<string, string>> = {
  status: 'HealthStatusChanged',
  check: 'ProviderChecked',
  incident: 'IncidentChanged',
  maintenance: 'MaintenanceChanged',
  rehearsal: 'RehearsalProgressed',
};

const HealthEventType = builder.unionType('HealthEvent', {
  description: 'Something that happened to the health of a provider.',
  types: [StatusChanged, ProviderChecked, IncidentChanged, MaintenanceChanged, RehearsalProgressed],
  resolveType: (event) => typeByKind[(event as HealthEvent).kind] as never,
});

builder.subscriptionField('healthEvents', (t) =>
  t.field({
    type: HealthEventType,
    description:
      'What happens to the health of providers from now on, within about a second, whichever server process finds it out. After a disconnection `health` and `incidents` have what was missed.',
    args: { providers: t.arg.idList({ description: 'Only of these; of all of the team when absent.' }) },
    subscribe: (_root, { providers }, { services, identity }) => {
      const chosen = providers ? selectProviders(services, identity.teamId, providers) : undefined;
      return services.health.feed.subscribe(identity.teamId, chosen && new Set(chosen.map(({ id }) => id)));
    },
    resolve: (event) => event as never,
  }),
);
