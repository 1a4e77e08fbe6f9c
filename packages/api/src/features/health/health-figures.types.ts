import { knownShareOf, type StatusTimes, uptimeOf } from '@switchyard/core/health';
import { type ProviderErrorKind, providerErrorKinds } from '@switchyard/core/spec';
import type { HealthCheck } from '../../generated/prisma/client.ts';
import { builder } from '../../graphql/builder.ts';
import { ProviderErrorKindEnum } from '../../graphql/enums.ts';
import type { MinuteFigures, MinutePoint } from './health-minutes.ts';
import type { HealthDay } from './health-reading.ts';

interface UptimeFigure {
  readonly days: number;
  readonly times: StatusTimes;
}

export const UptimeFigureType = builder.objectRef<UptimeFigure>('UptimeFigure').implement({
  description: 'Uptime over the last days.',
  fields: (t) => ({
    days: t.exposeInt('days', { description: 'Over so many days up to now.' }),
    uptime: t.float({
      nullable: true,
      description:
        'Share of the time that is known in which it was not down, 0 to 1; maintenance of your team left out. Null: nothing is known.',
      resolve: ({ times }) => uptimeOf(times) ?? null,
    }),
    knownShare: t.float({
      description: 'Share of the time of which something is known, 0 to 1.',
      resolve: ({ times }) => knownShareOf(times),
    }),
  }),
});

export const HealthDayType = builder.objectRef<HealthDay>('HealthDay').implement({
  description: 'How a day (UTC) was spent; the milliseconds add up to the day, today to now.',
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'Its beginning.', resolve: ({ fromMs }) => new Date(fromMs) }),
    uptime: t.float({
      nullable: true,
      description: 'Share of the known time in which it was not down, 0 to 1; null when nothing is known.',
      resolve: (day) => uptimeOf(day) ?? null,
    }),
    healthyMs: t.exposeInt('healthyMs', { description: 'Time in which it was well.' }),
    degradedMs: t.exposeInt('degradedMs', { description: 'Time in which it was degraded.' }),
    downMs: t.exposeInt('downMs', { description: 'Time in which it was down.' }),
    maintenanceMs: t.exposeInt('maintenanceMs', { description: 'Time that your team had announced as maintenance.' }),
    unknownMs: t.exposeInt('unknownMs', { description: 'Time of which nothing is known.' }),
  }),
});

export const HealthPointType = builder.objectRef<MinutePoint>('HealthPoint').implement({
  description: 'One step of the series of a provider.',
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'Its beginning.', resolve: ({ atMs }) => new Date(atMs) }),
    calls: t.int({
      description: 'Calls that say something of the provider.',
      resolve: ({ counts }) => callsOf(counts),
    }),
    failures: t.int({
      description: 'Those of them that failed.',
      resolve: ({ counts }) => counts.faults + counts.limited,
    }),
    p50Ms: t.int({
      nullable: true,
      description: 'Median of the time to the first token of successes; null without any.',
      resolve: ({ p50Ms }) => rounded(p50Ms),
    }),
    p95Ms: t.int({
      nullable: true,
      description: '95th percentile of the time to the first token of successes; null without any.',
      resolve: ({ p95Ms }) => rounded(p95Ms),
    }),
  }),
});

interface FailureCount {
  readonly kind: string;
  readonly count: number;
  readonly share: number;
}

const FailureCountType = builder.objectRef<FailureCount>('HealthFailureCount').implement({
  description: 'Failures of one kind. Mistakes of callers are listed, but count against no provider.',
  fields: (t) => ({
    kind: t.field({
      type: ProviderErrorKindEnum,
      nullable: true,
      description: 'What went wrong; null: something else.',
      resolve: ({ kind }) => toErrorKind(kind),
    }),
    count: t.exposeInt('count', { description: 'How often.' }),
    share: t.exposeFloat('share', { description: 'As a share of all calls, 0 to 1.' }),
  }),
});

export const HealthFiguresType = builder.objectRef<MinuteFigures>('HealthFigures').implement({
  description: 'What calls came to. Counted over all teams for a provider of the installation.',
  fields: (t) => ({
    calls: t.int({
      description: 'Calls that say something of the provider.',
      resolve: ({ counts }) => callsOf(counts),
    }),
    errorRate: t.float({
      nullable: true,
      description: 'Share of them that failed, 0 to 1; null without calls.',
      resolve: ({ counts }) => (callsOf(counts) === 0 ? null : (counts.faults + counts.limited) / callsOf(counts)),
    }),
    p50Ms: t.int({
      nullable: true,
      description: 'Median of the time to the first token of successes; null without any.',
      resolve: ({ p50Ms }) => rounded(p50Ms),
    }),
    p95Ms: t.int({
      nullable: true,
      description: '95th percentile of the time to the first token of successes; null without any.',
      resolve: ({ p95Ms }) => rounded(p95Ms),
    }),
    failures: t.field({
      type: [FailureCountType],
      description: 'Failures by kind, the most frequent first.',
      resolve: ({ failures, counts, ignored }) => {
        const all = callsOf(counts) + ignored;
        return [...failures]
          .map(([kind, count]) => ({ kind, count, share: all === 0 ? 0 : count / all }))
          .sort((a, b) => b.count - a.count);
      },
    }),
  }),
});

const HealthCheckKindEnum = builder.enumType('HealthCheckKind', {
  description: 'What a check was.',
  values: {
    FREE: { value: 'free', description: 'A call that costs nothing, such as the list of models.' },
    PAID: { value: 'paid', description: 'A call of a model, where a team switched it on.' },
  } as const,
});

export const HealthCheckType = builder.objectRef<HealthCheck>('HealthCheck').implement({
  description: 'One active check.',
  fields: (t) => ({
    kind: t.field({
      type: HealthCheckKindEnum,
      description: 'What it was.',
      resolve: ({ kind }) => (kind === 'paid' ? 'paid' : 'free'),
    }),
    modelId: t.exposeString('modelId', { nullable: true, description: 'The model that a paid check called.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it ended.' }),
    isOk: t.exposeBoolean('isOk', { description: 'Whether the provider answered and took the key.' }),
    isManual: t.boolean({
      description: 'Whether a person asked for it.',
      resolve: ({ trigger }) => trigger === 'person',
    }),
    errorKind: t.field({
      type: ProviderErrorKindEnum,
      nullable: true,
      description: 'What went wrong; null when nothing did.',
      resolve: ({ errorKind }) => toErrorKind(errorKind ?? undefined),
    }),
    message: t.exposeString('message', { description: "The provider's own words where there are any." }),
    latencyMs: t.exposeInt('latencyMs', { description: 'How long the answer took.' }),
  }),
});

/** How many calls say something of a provider. */
export function callsOf({ successes, limited, faults }: MinuteFigures['counts']): number {
  return successes + limited + faults;
}

/** Null for what is not known. */
export function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value);
}

/** Null for what core does not name. */
export function toErrorKind(kind: string | undefined): ProviderErrorKind | null {
  return providerErrorKinds.find((known) => known === kind) ?? null;
}
