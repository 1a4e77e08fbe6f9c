import { defaultObjective } from '@switchyard/core/health';
import { formatUsd } from '@switchyard/core/kernel';
import type { HealthProbe } from '../../generated/prisma/client.ts';
import { builder } from '../../graphql/builder.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { connectionTestLimitMs } from '../providers/connection-test.ts';
import { ProviderHealthType } from './health.types.ts';
import { type ProviderHealth, readHealth } from './health-reading.ts';
import { ofFile } from './paid-probes.ts';
import { setPaidProbe } from './set-paid-probe.ts';

const dayMs = 86_400_000;

const PaidProbeType = builder.objectRef<HealthProbe>('PaidProbe').implement({
  description: 'A call that asks a model for one word now and then. It costs money, and your team pays for it.',
  fields: (t) => ({
    isEnabled: t.exposeBoolean('isEnabled', { description: 'Whether it is switched on.' }),
    isFromFile: t.boolean({
      description: 'Whether it stands in the configuration file and is changed only there.',
      resolve: ({ updatedById }) => updatedById === ofFile,
    }),
    modelId: t.exposeString('modelId', { description: '`provider/model` that is called.' }),
    everyMs: t.exposeInt('everyMs', { description: 'Between two calls.' }),
    maxPerDay: t.exposeInt('maxPerDay', { description: 'Calls in a day (UTC) at most.' }),
    maxUsdPerDay: t.field({
      type: 'Decimal',
      description: 'What they may cost in a day (UTC).',
      resolve: ({ maxNanoUsdPerDay }) => formatUsd(maxNanoUsdPerDay),
    }),
    usedCalls: t.int({
      description: 'Calls today (UTC).',
      resolve: ({ day, usedCalls }, _args, { services }) => (isToday(day, services.clock.nowMs()) ? usedCalls : 0),
    }),
    usedUsd: t.field({
      type: 'Decimal',
      description: 'What they cost today (UTC).',
      resolve: ({ day, usedNanoUsd }, _args, { services }) =>
        formatUsd(isToday(day, services.clock.nowMs()) ? usedNanoUsd : 0n),
    }),
    nextAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is called next; null when it is off or about to be called.',
      resolve: ({ isEnabled, nextAtMs }) => (isEnabled && nextAtMs > 0n ? new Date(Number(nextAtMs)) : null),
    }),
  }),
});

builder.objectField(ProviderHealthType, 'paidProbe', (t) =>
  t.field({
    type: PaidProbeType,
    nullable: true,
    description: "Your team's paid probe of it; null: never switched on.",
    resolve: ({ instance }, _args, { services, identity }) =>
      services.prisma.healthProbe.findUnique({
        where: { teamId_subjectId: { teamId: identity.teamId, subjectId: instance.id } },
      }),
  }),
);

interface HealthSettings {
  readonly checkEveryMs: number;
  readonly checkDeadlineMs: number;
  readonly successObjective: number;
  readonly firstTokenObjectiveMs: number | undefined;
}

const HealthSettingsType = builder.objectRef<HealthSettings>('HealthSettings').implement({
  description: 'How providers are looked after, as the configuration file says.',
  fields: (t) => ({
    checkEveryMs: t.exposeInt('checkEveryMs', { description: 'Between two checks of a provider that is well.' }),
    checkDeadlineMs: t.exposeInt('checkDeadlineMs', { description: 'After so long a check has failed.' }),
    successObjective: t.exposeFloat('successObjective', { description: 'Share of calls that should succeed.' }),
    firstTokenObjectiveMs: t.int({
      nullable: true,
      description: 'How soon answers should begin; null: nothing is said.',
      resolve: ({ firstTokenObjectiveMs }) => firstTokenObjectiveMs ?? null,
    }),
  }),
});

builder.queryField('healthSettings', (t) =>
  t.field({
    type: HealthSettingsType,
    description: 'How providers are looked after.',
    resolve: (_root, _args, { services }) => {
      const { deadlineMs, successObjective, firstTokenObjectiveMs } = services.providers.snapshot.configuration.health;
      return {
        checkEveryMs: services.health.times.checkEveryMs,
        checkDeadlineMs: deadlineMs ?? connectionTestLimitMs,
        successObjective: successObjective ?? defaultObjective,
        firstTokenObjectiveMs,
      };
    },
  }),
);

const SetPaidProbeInput = builder.inputType('SetPaidProbeInput', {
  description: 'Whether and how a provider is called now and then. What is absent stays, or is the default.',
  fields: (t) => ({
    providerId: t.id({ required: true, description: 'The provider.' }),
    isEnabled: t.boolean({ required: true, description: 'Whether it is to be on. It costs money.' }),
    modelId: t.string({ description: '`provider/model`; needed the first time. The cheapest does.' }),
    everyMs: t.int({ description: 'Between two calls, a minute to a day; 15 minutes by default.' }),
    maxPerDay: t.int({ description: 'Calls in a day (UTC) at most; 100 by default.' }),
    maxUsdPerDay: t.string({ description: 'What they may cost in a day (UTC); 0.05 by default.' }),
  }),
});

const SetPaidProbeSuccess = builder.objectRef<{ readonly health: ProviderHealth }>('SetPaidProbeSuccess').implement({
  description: 'It holds from now on.',
  fields: (t) => ({ health: t.expose('health', { type: ProviderHealthType, description: 'The provider.' }) }),
});

builder.mutationField('setPaidProbe', (t) =>
  t.field({
    type: SetPaidProbeSuccess,
    description: 'Switches the paid probe of a provider on or off. Needs the scope MANAGE.',
    errors: {
      types: [ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'SetPaidProbeResult', description: 'The provider, or why nothing was changed.' },
    },
    args: { input: t.arg({ type: SetPaidProbeInput, required: true, description: 'What to change.' }) },
    resolve: async (_root, { input: { providerId, ...rest } }, { services, identity }) => {
      const instance = await setPaidProbe(services, identity, decodeId(providerId, 'Provider'), rest);
      const [health] = readHealth(services, identity.teamId, [instance]);
      return { health: health! };
    },
  }),
);

function isToday(day: number, nowMs: number): boolean {
  return day === Math.floor(nowMs / dayMs);
}
