import {
  type HealthPeriod,
  type HealthStatus,
  judgeModel,
  type StatusTimes,
  scoreHealth,
  sumPeriods,
  type TimeSpan,
} from '@switchyard/core/health';
import type { Services } from '../../container.ts';
import type { HealthIncident, HealthMaintenance } from '../../generated/prisma/client.ts';
import type { ProviderInstance } from '../providers/provider-instance.ts';
import {
  addMinutes,
  type MinuteFigures,
  type MinutePoint,
  readMinutes,
  readModelMinutes,
  seriesOf,
} from './health-minutes.ts';
import type { HealthSubject } from './health-subject.ts';

const dayMs = 86_400_000;
/** How far the figures go back. */
export const daysShown = 90;
/** The status of a model is that of its last minutes. */
const modelWindowMs = 300_000;

/** What one provider's health is shown by. */
export interface ProviderHealth {
  readonly instance: ProviderInstance;
  /** Undefined until it was looked at for the first time, and for what cannot be called. */
  readonly subject: HealthSubject | undefined;
  readonly reading: HealthReading;
}

/** One model of a provider. */
export interface ModelHealth {
  readonly modelId: string;
  readonly status: HealthStatus;
  readonly figures: MinuteFigures;
  readonly score: ReturnType<typeof scoreHealth>;
  readonly instance: ProviderInstance;
}

export interface HealthDay extends StatusTimes {
  /** The beginning of the day in UTC. */
  readonly fromMs: number;
}

/** Reads the health of several providers for one team, each table at most once for all of them. */
export class HealthReading {
  readonly #services: Services;
  readonly #teamId: string;
  readonly #ids: readonly string[];
  readonly #nowMs: number;
  #periods: Promise<ReadonlyMap<string, readonly HealthPeriod[]>> | undefined;
  #maintenance: Promise<ReadonlyMap<string, readonly HealthMaintenance[]>> | undefined;
  #incidents: Promise<ReadonlyMap<string, HealthIncident>> | undefined;
  #checkTimes:
    | Promise<ReadonlyMap<string, { readonly lastCheckAt: Date | null; readonly nextCheckAtMs: bigint }>>
    | undefined;
  #rehearsals:
    | Promise<ReadonlyMap<string, readonly { readonly brokenAt: Date | null; readonly finishedAt: Date | null }[]>>
    | undefined;
  #flushed: Promise<void> | undefined;

  constructor(services: Services, teamId: string, ids: readonly string[]) {
    this.#services = services;
    this.#teamId = teamId;
    this.#ids = ids;
    this.#nowMs = services.clock.nowMs();
  }

  /** How the last `lengthMs` of a provider were spent, as this team sees it. */
  async times(subjectId: string, lengthMs: number): Promise<StatusTimes> {
    const [periods, pauses] = await this.#history(subjectId);
    return sumPeriods(periods, pauses, this.#nowMs - lengthMs, this.#nowMs);
  }

  /** The last days, the oldest first and today last. */
  async days(subjectId: string, count: number): Promise<readonly HealthDay[]> {
    const [periods, pauses] = await this.#history(subjectId);
    const todayMs = Math.floor(this.#nowMs / dayMs) * dayMs;
    return Array.from({ length: count }, (_, index) => {
      const fromMs = todayMs - (count - 1 - index) * dayMs;
      return { fromMs, ...sumPeriods(periods, pauses, fromMs, Math.min(this.#nowMs, fromMs + dayMs)) };
    });
  }

  /** The maintenance of this team that holds now. */
  async maintenanceNow(subjectId: string): Promise<HealthMaintenance | undefined> {
    const all = (await this.#readMaintenance()).get(subjectId) ?? [];
    return all.find(({ startsAt, endsAt }) => startsAt.getTime() <= this.#nowMs && this.#nowMs < endsAt.getTime());
  }

  async openIncident(subjectId: string): Promise<HealthIncident | undefined> {
    const { prisma } = this.#services;
    this.#incidents ??= prisma.healthIncident
      .findMany({ where: { openKey: { in: [...this.#ids] } } })
      .then((rows) => new Map(rows.map((row) => [row.subjectId, row])));
    return (await this.#incidents).get(subjectId);
  }

  /** When it was checked last, and when it will be next. */
  async checkTimes(
    subjectId: string,
  ): Promise<{ readonly lastCheckAt: Date | null; readonly nextCheckAtMs: bigint } | undefined> {
    const { prisma } = this.#services;
    this.#checkTimes ??= prisma.healthSubject
      .findMany({
        where: { id: { in: [...this.#ids] } },
        select: { id: true, lastCheckAt: true, nextCheckAtMs: true },
      })
      .then((rows) => new Map(rows.map((row) => [row.id, row])));
    return (await this.#checkTimes).get(subjectId);
  }

  /** What the calls of the last hours came to. */
  async figures(subjectId: string, hours: number): Promise<MinuteFigures> {
    await this.#flush();
    const sinceMs = this.#nowMs - hours * 3_600_000;
    return addMinutes(await readMinutes(this.#services.prisma, { subjectId, sinceMs }));
  }

  async series(subjectId: string, hours: number): Promise<readonly MinutePoint[]> {
    await this.#flush();
    const sinceMs = this.#nowMs - hours * 3_600_000;
    const rows = await readMinutes(this.#services.prisma, { subjectId, sinceMs });
    // About fifty steps.
    const stepMs = hours <= 1 ? 60_000 : hours <= 6 ? 600_000 : hours <= 24 ? 1_800_000 : 3_600_000;
    return seriesOf(rows, sinceMs, this.#nowMs, stepMs);
  }

  /** The models that were called within the last day, by name. */
  async models({ instance, subject }: ProviderHealth): Promise<readonly ModelHealth[]> {
    await this.#flush();
    const byModel = await readModelMinutes(this.#services.prisma, instance.id, this.#nowMs - dayMs);
    return [...byModel]
      .map(([modelId, rows]) => this.#judge(instance, subject, modelId, rows))
      .sort((a, b) => (a.modelId < b.modelId ? -1 : 1));
  }

  async model(instance: ProviderInstance, subject: HealthSubject | undefined, modelId: string): Promise<ModelHealth> {
    await this.#flush();
    const where = { subjectId: instance.id, modelId, sinceMs: this.#nowMs - dayMs };
    return this.#judge(instance, subject, modelId, await readMinutes(this.#services.prisma, where));
  }

  #judge(
    instance: ProviderInstance,
    subject: HealthSubject | undefined,
    modelId: string,
    rows: Parameters<typeof addMinutes>[0],
  ): ModelHealth {
    const providerStatus = instance.adapter ? (subject?.state.status ?? 'unknown') : 'unknown';
    // What an outage did says nothing of a model once its provider is back.
    const backMs = providerStatus === 'healthy' ? (subject?.state.recoveredAtMs ?? 0) : 0;
    const sinceMinute = Math.floor(Math.max(this.#nowMs - modelWindowMs, backMs) / 60_000);
    const recent = addMinutes(
      rows.filter(({ minute }) => minute > sinceMinute || (backMs === 0 && minute === sinceMinute)),
    );
    return {
      modelId,
      status: judgeModel(recent.counts, providerStatus),
      figures: addMinutes(rows),
      score: scoreHealth(recent.counts),
      instance,
    };
  }

  async #history(subjectId: string): Promise<readonly [readonly HealthPeriod[], readonly TimeSpan[]]> {
    const { prisma } = this.#services;
    this.#periods ??= prisma.healthPeriod
      .findMany({
        where: { subjectId: { in: [...this.#ids] }, toMs: { gt: BigInt(this.#nowMs - (daysShown + 1) * dayMs) } },
      })
      .then((rows) =>
        Map.groupBy(
          rows.map((row) => ({
            subjectId: row.subjectId,
            fromMs: Number(row.fromMs),
            toMs: Number(row.toMs),
            status: row.status as HealthStatus,
          })),
          (row) => row.subjectId,
        ),
      );
    // What was broken on purpose is no downtime, for nobody.
    this.#rehearsals ??= prisma.failureRehearsal
      .findMany({
        where: {
          subjectId: { in: [...this.#ids] },
          mode: 'simulator',
          startedAt: { gt: new Date(this.#nowMs - (daysShown + 1) * dayMs) },
        },
        select: { subjectId: true, brokenAt: true, finishedAt: true },
      })
      .then((rows) => Map.groupBy(rows, (row) => row.subjectId));
    const rehearsed = ((await this.#rehearsals).get(subjectId) ?? []).flatMap(({ brokenAt, finishedAt }) =>
      brokenAt ? [{ fromMs: brokenAt.getTime(), toMs: finishedAt?.getTime() ?? this.#nowMs }] : [],
    );
    const pauses = (await this.#readMaintenance()).get(subjectId) ?? [];
    const announced = pauses.map(({ startsAt, endsAt }) => ({ fromMs: startsAt.getTime(), toMs: endsAt.getTime() }));
    return [(await this.#periods).get(subjectId) ?? [], [...announced, ...rehearsed]];
  }

  #readMaintenance(): Promise<ReadonlyMap<string, readonly HealthMaintenance[]>> {
    const { prisma } = this.#services;
    const since = new Date(this.#nowMs - (daysShown + 1) * dayMs);
    this.#maintenance ??= prisma.healthMaintenance
      .findMany({ where: { teamId: this.#teamId, subjectId: { in: [...this.#ids] }, endsAt: { gt: since } } })
      .then((rows) => Map.groupBy(rows, ({ subjectId }) => subjectId));
    return this.#maintenance;
  }

  /** Figures are complete up to the moment, for the calls of this process. */
  #flush(): Promise<void> {
    this.#flushed ??= this.#services.health.flush();
    return this.#flushed;
  }
}

/** The health of providers, as a team sees it. */
export function readHealth(
  services: Services,
  teamId: string,
  instances: readonly ProviderInstance[],
): readonly ProviderHealth[] {
  const reading = new HealthReading(
    services,
    teamId,
    instances.map(({ id }) => id),
  );
  return instances.map((instance) => ({
    instance,
    subject: instance.adapter && !instance.block ? services.health.find(instance.id) : undefined,
    reading,
  }));
}
