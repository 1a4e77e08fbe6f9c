import type { RehearsalAlert, RehearsalCheck, RehearsalReport } from '@switchyard/core/failover';
import { formatUsd } from '@switchyard/core/kernel';
import { builder } from '../../graphql/builder.ts';
import { DataOriginEnum } from '../../graphql/enums.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { AlertStatusEnum } from '../alerts/alert.types.ts';
import { IncidentType } from '../health/incident.types.ts';
import { ProviderType } from '../providers/provider.types.ts';
import { nameOf } from './failover.types.ts';
import type { RehearsalFault, RehearsalSettings } from './rehearsal-settings.ts';

export const RehearsalFaultEnum = builder.enumType('RehearsalFaultKind', {
  description: 'How a provider is broken.',
  values: {
    OUTAGE: { value: 'outage', description: 'It does not answer.' },
    ERROR: { value: 'error', description: 'It answers with an error status.' },
    LATENCY: { value: 'latency', description: 'It answers late. Simulated providers only.' },
    CUT: { value: 'cut', description: 'Its answers break off. Simulated providers only.' },
  } as const,
});

const RehearsalModeEnum = builder.enumType('RehearsalMode', {
  description: 'Whom the fault reaches.',
  values: {
    SIMULATOR: { value: 'simulator', description: 'Everybody who calls the simulated provider.' },
    INJECTED: { value: 'injected', description: 'The calls of the rehearsal alone; nothing is broken for others.' },
  } as const,
});

const RehearsalStateEnum = builder.enumType('RehearsalState', {
  description: 'Where a rehearsal stands.',
  values: {
    RUNNING: { value: 'running', description: 'It goes on.' },
    FINISHED: { value: 'finished', description: 'It went to its end, or its time was over.' },
    CANCELLED: { value: 'cancelled', description: 'Somebody stopped it.' },
    FAILED: { value: 'failed', description: 'The rehearsal itself went wrong; see `failure`.' },
    INTERRUPTED: { value: 'interrupted', description: 'The server stopped or died while it ran.' },
  } as const,
});

const RehearsalPhaseEnum = builder.enumType('RehearsalPhase', {
  description: 'What a rehearsal does now.',
  values: {
    STARTING: { value: 'starting', description: 'It is about to begin.' },
    BASELINE: { value: 'baseline', description: 'Calls while all is well.' },
    BROKEN: { value: 'broken', description: 'The provider is broken.' },
    RESTORED: { value: 'restored', description: 'The provider is restored; its recovery is watched.' },
    DONE: { value: 'done', description: 'It is over.' },
  } as const,
});

const RehearsalFaultType = builder.objectRef<RehearsalFault>('RehearsalFault').implement({
  description: 'What was broken.',
  fields: (t) => ({
    kind: t.expose('kind', { type: RehearsalFaultEnum, description: 'How.' }),
    status: t.exposeInt('status', { description: 'HTTP status, of ERROR.' }),
    share: t.exposeFloat('share', { description: 'Share of calls, of ERROR.' }),
    delayMs: t.exposeInt('delayMs', { description: 'Before every answer, of LATENCY.' }),
    afterTokens: t.exposeInt('afterTokens', { description: 'After so many tokens, of CUT.' }),
  }),
});

const RehearsalAlertType = builder.objectRef<RehearsalAlert>('RehearsalAlert').implement({
  description: 'An alert that a rehearsal brought about.',
  fields: (t) => ({
    alertId: t.id({ description: 'The alert.', resolve: ({ id }) => encodeId('Alert', id) }),
    kind: t.exposeString('kind', { description: 'What it is about, such as `provider.down`.' }),
    status: t.expose('status', { type: AlertStatusEnum, description: 'Whether trouble began or ended.' }),
    title: t.exposeString('title', { description: 'In one line.' }),
    at: t.field({ type: 'DateTime', description: 'When.', resolve: ({ atMs }) => new Date(atMs) }),
  }),
});

const RehearsalCheckType = builder.objectRef<RehearsalCheck>('RehearsalCheck').implement({
  description: 'A promise, and what was measured of it.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What.' }),
    target: t.exposeString('target', { description: 'What is promised.' }),
    measured: t.exposeString('measured', { description: 'What was measured.' }),
    isMet: t.boolean({
      nullable: true,
      description: 'Whether it was kept; null: it could not be measured.',
      resolve: ({ isMet }) => isMet ?? null,
    }),
  }),
});

const ms = (description: string) => ({ nullable: true, description: `${description} Null: not measured.` }) as const;

const RehearsalReportType = builder.objectRef<RehearsalReport>('RehearsalReport').implement({
  description: 'What a rehearsal showed.',
  fields: (t) => ({
    timeToDetectMs: t.exposeFloat('timeToDetectMs', ms('From the first failed attempt until the status changed.')),
    failedCallsUntilDetected: t.exposeInt('failedCallsUntilDetected', ms('Attempts that failed until then.')),
    eventDelayMs: t.exposeFloat('eventDelayMs', ms('From the last of them until subscribers were told.')),
    failovers: t.exposeInt('failovers', { description: 'Failures after which another model was asked.' }),
    failoverP50Ms: t.exposeFloat('failoverP50Ms', ms('From such a failure until the other was asked: median.')),
    failoverP95Ms: t.exposeFloat('failoverP95Ms', ms('The same: 95th percentile.')),
    failoverMaxMs: t.exposeFloat('failoverMaxMs', ms('The same: the longest.')),
    callsMade: t.exposeInt('callsMade', { description: 'Calls in all.' }),
    callsRescued: t.exposeInt('callsRescued', { description: 'Calls that another provider answered.' }),
    callsLost: t.exposeInt('callsLost', { description: 'Calls that nobody answered.' }),
    failedAttempts: t.exposeInt('failedAttempts', { description: 'Attempts at the broken provider that failed.' }),
    normalUsd: t.field({
      type: 'Decimal',
      description: 'What its calls would have cost without the failure.',
      resolve: ({ normalNanoUsd }) => formatUsd(BigInt(normalNanoUsd)),
    }),
    extraUsd: t.field({
      type: 'Decimal',
      description: 'Paid above the price of the models that were asked for.',
      resolve: ({ extraNanoUsd }) => formatUsd(BigInt(extraNanoUsd)),
    }),
    wastedUsd: t.field({
      type: 'Decimal',
      description: 'Paid for attempts without a whole answer.',
      resolve: ({ wastedNanoUsd }) => formatUsd(BigInt(wastedNanoUsd)),
    }),
    unknownCosts: t.exposeInt('unknownCosts', { description: 'Calls whose cost is not known.' }),
    alerts: t.field({
      type: [RehearsalAlertType],
      description: 'The alerts that it brought about, in order.',
      resolve: ({ alerts }) => [...alerts],
    }),
    timeToRecoverMs: t.exposeFloat('timeToRecoverMs', ms('From the repair until the status was healthy.')),
    firstOwnAnswerMs: t.exposeFloat('firstOwnAnswerMs', ms('From the repair until the provider answered itself.')),
    checks: t.field({
      type: [RehearsalCheckType],
      description: 'What is promised, and whether it was kept.',
      resolve: ({ checks }) => [...checks],
    }),
    errors: t.stringList({
      description: 'What lost calls ended with, at most 5.',
      resolve: ({ errors }) => [...errors],
    }),
    incident: t.prismaField({
      type: IncidentType,
      nullable: true,
      description: 'The incident that it brought about.',
      resolve: (query, { incidentId }, _args, { services, identity }) =>
        incidentId === null
          ? null
          : services.prisma.healthIncident.findFirst({
              ...query,
              where: { id: incidentId, OR: [{ teamId: null }, { teamId: identity.teamId }] },
            }),
    }),
  }),
});

export const RehearsalType = builder.prismaNode('FailureRehearsal', {
  nullable: true,
  description: 'A failure that was brought about on purpose, to see what it does.',
  id: { field: 'id' },
  findUnique: (id, { identity }) => ({ id_teamId: { id, teamId: identity.teamId } }),
  fields: (t) => ({
    provider: t.field({
      type: ProviderType,
      nullable: true,
      description: 'The provider that was broken; null when it is gone.',
      select: { subjectId: true },
      resolve: ({ subjectId }, _args, { services, identity }) =>
        services.providers.find(identity.teamId, subjectId) ?? null,
    }),
    providerName: t.exposeString('displayName', { description: 'Its name at that time.' }),
    origin: t.expose('origin', { type: DataOriginEnum, description: 'Whether the provider is real.' }),
    mode: t.field({
      type: RehearsalModeEnum,
      description: 'Whom the fault reached.',
      select: { mode: true },
      resolve: ({ mode }) => mode as 'simulator' | 'injected',
    }),
    state: t.field({
      type: RehearsalStateEnum,
      description: 'Where it stands.',
      select: { state: true },
      resolve: ({ state }) => state as 'running',
    }),
    phase: t.field({
      type: RehearsalPhaseEnum,
      description: 'What it does now.',
      select: { phase: true },
      resolve: ({ phase }) => phase as 'done',
    }),
    model: t.string({
      description: 'What its calls ask for.',
      select: { settings: true },
      resolve: ({ settings }) => (settings as unknown as RehearsalSettings).model,
    }),
    fallbacks: t.stringList({
      description: 'Who stands in beside the plans.',
      select: { settings: true },
      resolve: ({ settings }) => [...(settings as unknown as RehearsalSettings).fallbacks],
    }),
    fault: t.field({
      type: RehearsalFaultType,
      description: 'What was broken.',
      select: { settings: true },
      resolve: ({ settings }) => (settings as unknown as RehearsalSettings).fault,
    }),
    calls: t.exposeInt('calls', { description: 'Calls so far.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it began.' }),
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'By then everything is restored.' }),
    brokenAt: t.expose('brokenAt', { type: 'DateTime', nullable: true, description: 'When the provider was broken.' }),
    restoredAt: t.expose('restoredAt', { type: 'DateTime', nullable: true, description: 'When it was restored.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it was over.' }),
    isCancelling: t.boolean({
      description: 'Whether somebody asked it to end and it has not ended yet.',
      select: { cancelRequestedAt: true, state: true },
      resolve: ({ cancelRequestedAt, state }) => cancelRequestedAt !== null && state === 'running',
    }),
    failure: t.exposeString('failure', { nullable: true, description: 'Why it ended early.' }),
    startedByName: t.string({
      nullable: true,
      description: 'Who began it; null for an API key, and when the person is gone.',
      select: { createdById: true },
      resolve: ({ createdById }, _args, { services }) => nameOf(services.prisma, createdById),
    }),
    report: t.field({
      type: RehearsalReportType,
      nullable: true,
      description: 'What it showed; null while it goes on.',
      select: { report: true },
      resolve: ({ report }) => (report as unknown as RehearsalReport | null) ?? null,
    }),
  }),
});
