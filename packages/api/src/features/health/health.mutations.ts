import type { HealthIncident, HealthMaintenance } from '../../generated/prisma/client.ts';
import { builder } from '../../graphql/builder.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import type { ConnectionReport } from '../providers/connection-test.ts';
import { addIncidentNote } from './add-incident-note.ts';
import { MaintenanceWindowType, ProviderHealthType } from './health.types.ts';
import { type ProviderHealth, readHealth } from './health-reading.ts';
import { IncidentType } from './incident.types.ts';
import { createMaintenance, endMaintenance } from './maintenance.ts';

const CheckProviderNowInput = builder.inputType('CheckProviderNowInput', {
  description: 'What to check.',
  fields: (t) => ({ providerId: t.id({ required: true, description: 'The provider.' }) }),
});

const CheckProviderNowSuccess = builder
  .objectRef<ConnectionReport & { readonly health: ProviderHealth }>('CheckProviderNowSuccess')
  .implement({
    description: 'The check was made; `isOk` tells how it went, and `health` what it means.',
    fields: (t) => ({
      isOk: t.exposeBoolean('isOk', { description: 'Whether the provider answered and took the key.' }),
      message: t.exposeString('message', {
        description: "The provider's own words where there are any, and what to do.",
      }),
      latencyMs: t.exposeInt('latencyMs', { description: 'How long the answer took.' }),
      health: t.expose('health', { type: ProviderHealthType, description: 'The same that `health` tells.' }),
    }),
  });

const AddIncidentNoteInput = builder.inputType('AddIncidentNoteInput', {
  description: 'A note on an incident.',
  fields: (t) => ({
    incidentId: t.id({ required: true, description: 'The incident.' }),
    text: t.string({ required: true, description: 'At most 2,000 characters.' }),
  }),
});

const AddIncidentNoteSuccess = builder
  .objectRef<{ readonly incident: HealthIncident }>('AddIncidentNoteSuccess')
  .implement({
    description: 'The note is in the timeline, for your team.',
    fields: (t) => ({
      incident: t.field({
        type: IncidentType,
        description: 'The incident.',
        resolve: ({ incident }) => incident as never,
      }),
    }),
  });

const CreateMaintenanceWindowInput = builder.inputType('CreateMaintenanceWindowInput', {
  description: 'A time in which a provider is expected to be away.',
  fields: (t) => ({
    providerId: t.id({ required: true, description: 'The provider.' }),
    startsAt: t.field({ type: 'DateTime', description: 'When it begins; now when absent or past.' }),
    endsAt: t.field({ type: 'DateTime', required: true, description: 'When it ends; at most 30 days later.' }),
    note: t.string({ description: 'For people, at most 1,000 characters.' }),
  }),
});

const EndMaintenanceWindowInput = builder.inputType('EndMaintenanceWindowInput', {
  description: 'Which maintenance to end.',
  fields: (t) => ({ maintenanceId: t.id({ required: true, description: 'The maintenance window.' }) }),
});

const windowFields = { type: MaintenanceWindowType, description: 'The maintenance window.' } as const;

const CreateMaintenanceWindowSuccess = builder
  .objectRef<{ readonly window: HealthMaintenance }>('CreateMaintenanceWindowSuccess')
  .implement({
    description: 'While it holds, your team hears no alerts of the provider and loses no uptime.',
    fields: (t) => ({ window: t.expose('window', windowFields) }),
  });

const EndMaintenanceWindowSuccess = builder
  .objectRef<{ readonly window: HealthMaintenance }>('EndMaintenanceWindowSuccess')
  .implement({
    description: 'It is over; trouble that goes on is told within a minute.',
    fields: (t) => ({ window: t.expose('window', windowFields) }),
  });

builder.mutationFields((t) => ({
  checkProviderNow: t.field({
    type: CheckProviderNowSuccess,
    description: 'Checks a provider now, by a call that costs nothing, and judges it as the page Health does.',
    errors: {
      types: [NotFoundFailure, ConflictFailure],
      directResult: true,
      union: { name: 'CheckProviderNowResult', description: 'How the check went, or why it was not made.' },
    },
    args: { input: t.arg({ type: CheckProviderNowInput, required: true, description: 'What to check.' }) },
    resolve: async (_root, { input }, { services, identity }) => {
      const path = ['input', 'providerId'];
      const id = decodeId(input.providerId, 'Provider');
      const instance = id === undefined ? undefined : services.providers.find(identity.teamId, id);
      if (!instance) throw new NotFoundFailure('provider', path);
      if (!instance.adapter) {
        throw new ConflictFailure('HEALTH.NOT_CALLABLE', instance.block?.message ?? 'It is not set up.', path);
      }
      const report = await services.health.checks.checkNow(instance);
      const [health] = readHealth(services, identity.teamId, [instance]);
      return { ...report, health: health! };
    },
  }),
  addIncidentNote: t.field({
    type: AddIncidentNoteSuccess,
    description: 'Writes a note into the timeline of an incident; only your team sees it.',
    errors: {
      types: [ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'AddIncidentNoteResult', description: 'The incident, or why nothing was written.' },
    },
    args: { input: t.arg({ type: AddIncidentNoteInput, required: true, description: 'What to write.' }) },
    resolve: async (_root, { input: { incidentId, ...note } }, { services, identity }) => ({
      incident: await addIncidentNote(services, identity, decodeId(incidentId, 'Incident'), note),
    }),
  }),
  createMaintenanceWindow: t.field({
    type: CreateMaintenanceWindowSuccess,
    description: 'Announces that a provider will be away. Needs the scope MANAGE.',
    errors: {
      types: [ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'CreateMaintenanceWindowResult', description: 'The window, or why none was made.' },
    },
    args: { input: t.arg({ type: CreateMaintenanceWindowInput, required: true, description: 'What to announce.' }) },
    resolve: async (_root, { input: { providerId, ...window } }, { services, identity }) => ({
      window: await createMaintenance(services, identity, decodeId(providerId, 'Provider'), window),
    }),
  }),
  endMaintenanceWindow: t.field({
    type: EndMaintenanceWindowSuccess,
    description: 'Ends a maintenance now, or takes back one that is ahead. Needs the scope MANAGE.',
    errors: {
      types: [NotFoundFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'EndMaintenanceWindowResult', description: 'The window, or why it was not ended.' },
    },
    args: { input: t.arg({ type: EndMaintenanceWindowInput, required: true, description: 'What to end.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      window: await endMaintenance(services, identity, decodeId(input.maintenanceId, 'MaintenanceWindow')),
    }),
  }),
}));
