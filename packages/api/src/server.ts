import type { AddressInfo } from 'node:net';
import type { ProviderType } from '@switchyard/core/catalog';
import type { ChainPolicy } from '@switchyard/core/dispatch';
import type { Log } from '@switchyard/core/kernel';
import type { Deadlines } from '@switchyard/core/policies';
import { needsFirstOwner, undoUnfinishedFirstOwner } from './auth/first-owner.ts';
import { createServices, type Services } from './container.ts';
import { pruneAudit } from './features/audit/prune-audit.ts';
import { recoverComparisons } from './features/comparisons/recover-comparisons.ts';
import { followConfiguration } from './features/guardrails/follow-configuration.ts';
import { ForecastWatch } from './features/guardrails/forecast-watch.ts';
import type { HealthTimes } from './features/health/health-times.ts';
import { pruneHealth } from './features/health/prune-health.ts';
import type { ProviderState } from './features/providers/provider-instance.ts';
import type { SimulatorControl } from './features/providers/simulated-failures.ts';
import { makeWeeklyReports } from './features/reports/weekly-reports.ts';
import { closeBudgetRequests } from './features/runs/close-budget-requests.ts';
import { followBudgetDecisions } from './features/runs/follow-budget-decisions.ts';
import { pruneRuns } from './features/runs/prune-runs.ts';
import { pruneComparisons, removeContent } from './features/settings/remove-content.ts';
import { createOwnerFromSettings } from './features/teams/create-first-owner.ts';
import { purgeDeletedTeams } from './features/teams/purge-deleted-teams.ts';
import { beginClosing } from './http/close-server.ts';
import { createHttpServer, type RequestHandler } from './http/http-server.ts';
import { createLog } from './log.ts';
import { actAs } from './observability/acting.ts';
import { secretsOf } from './observability/redact-line.ts';
import { toOtlpFamilies } from './observability/tracing/otlp-families.ts';
import { openDatabase } from './persistence/database.ts';
import type { ApiSettings } from './settings.ts';
import { beat, findLiveInstances, heartbeatEveryMs } from './workers/instance-heartbeat.ts';
import { runPeriodically } from './workers/periodic.ts';

/** What was measured last is sent to a collector within this time even when nothing else is waited for. */
const minFlushMs = 1_000;

/** What the server is composed of beside itself. */
export interface ServerParts {
  /** Serves every path that is not the API's. */
  readonly fallback?: RequestHandler;
  /** Base URLs of simulated vendors; those vendors become simulated providers. */
  readonly simulatorBaseUrls?: Readonly<Partial<Record<ProviderType, string>>>;
  /** The simulator's levers, when it runs beside this server. */
  readonly simulatorControl?: SimulatorControl;
  /** Documents that clients may name by id instead of sending their text. */
  readonly persistedDocuments?: ReadonlyMap<string, string>;
  readonly log?: Log;
  /** How long one call of a model may take; core's defaults when absent. */
  readonly deadlines?: Deadlines;
  /** How chains survive failure where nothing else is configured; core's defaults when absent. */
  readonly policy?: Partial<ChainPolicy>;
  /** How long a run of a workflow belongs to a process that is silent, in milliseconds. */
  readonly runLeaseMs?: number;
  /** How often providers are checked; the defaults when absent. */
  readonly health?: Partial<HealthTimes>;
  /** Told what the start is doing, for people who wait. */
  readonly onProgress?: (step: string) => void;
}

export interface ProviderSummary {
  readonly slug: string;
  readonly displayName: string;
  readonly origin: 'live' | 'simulated';
  readonly state: ProviderState;
  readonly message: string | undefined;
}

export interface StartedServer {
  readonly url: string;
  readonly port: number;
  readonly providers: readonly ProviderSummary[];
  /** Nobody has signed up yet: the first visitor becomes the owner. */
  readonly needsOwner: boolean;
  readonly services: Services;
}

export interface ApiServer {
  /** Opens the database, migrates it, ends what a dead process left, and listens. Throws with what to do. */
  start(): Promise<StartedServer>;
  /** Takes no new work, lets calls in flight finish for `drainMs`, stores everything and closes. */
  stop(drainMs?: number): Promise<void>;
}

export function createApiServer(settings: ApiSettings, parts: ServerParts = {}): ApiServer {
  const log = parts.log ?? createLog(settings.logLevel, secretsOf(settings));
  /** Undone in reverse order. */
  const cleanups: ((drainMs: number) => Promise<void>)[] = [];

  const start = async (): Promise<StartedServer> => {
    parts.onProgress?.('opening the database');
    const database = await openDatabase(
      settings.databaseUrl === undefined
        ? { kind: 'embedded', dataDir: settings.dataDir }
        : { kind: 'server', url: settings.databaseUrl },
    );
    cleanups.push(() => database.close());
    const services = await createServices(settings, database, log, {
      ...(parts.simulatorBaseUrls && { simulatorBaseUrls: parts.simulatorBaseUrls }),
      ...(parts.simulatorControl && { simulatorControl: parts.simulatorControl }),
      ...(parts.deadlines && { deadlines: parts.deadlines }),
      ...(parts.policy && { policy: parts.policy }),
      ...(parts.runLeaseMs !== undefined && { runLeaseMs: parts.runLeaseMs }),
      ...(parts.health && { health: parts.health }),
    });
    // After everything that it tells of, before the database.
    cleanups.push(async (drainMs) =>
      services.observability.tracing?.stop(Math.max(minFlushMs, Math.min(drainMs, 5_000))),
    );
    await services.prices.start();
    cleanups.push(async () => services.prices.stop());
    await services.provisioner.start();
    await services.teamSettings.reload();
    await services.roles.reload();
    await services.failover.refresh();
    await beat(services);
    const recover = async () => {
      const { prisma, clock, comparisonEvents: store } = services;
      await recoverComparisons({ prisma, clock, log, store }, await findLiveInstances(services));
    };
    await recover();
    const adoptRecords = async () => {
      const alive = new Set(await findLiveInstances(services));
      await services.callRecords.adopt((owner) => !alive.has(owner));
    };
    await adoptRecords();
    await undoUnfinishedFirstOwner(database.prisma, services.clock, database.kind === 'embedded');
    if (settings.firstOwner) await createOwnerFromSettings(services, settings.firstOwner);
    await followConfiguration(services);
    startWorkers(
      services,
      async () => {
        await recover();
        await adoptRecords();
      },
      cleanups,
    );
    parts.onProgress?.('checking the providers');
    await services.providers.testAll();
    cleanups.push(async () => services.provisioner.stop());

    const { engine, feed, journal, pool } = services.runParts;
    await services.liveSplits.start();
    cleanups.push(() => services.liveSplits.stop());
    await engine.start();
    const { engine: tests } = services.experiments;
    await tests.start();
    cleanups.push(async () => {
      await tests.shutDown(0);
      await engine.shutDown(0);
      feed.close();
      await journal.close(5_000);
      await pool.close();
    });

    const { server, sockets, metrics } = createHttpServer(
      services,
      parts.fallback,
      parts.persistedDocuments ?? new Map(),
    );
    services.observability.tracing?.exportMetrics(async () =>
      toOtlpFamilies(await metrics.read(undefined), services.telemetry),
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(settings.port, settings.host, resolve);
    });
    cleanups.push(async (drainMs) => {
      const { clock, runner } = services;
      const untilMs = clock.monotonicMs() + drainMs;
      // Nobody decides within a drain: calls that wait for people end now, their requests stay.
      services.approvals.stop();
      const finishClosing = beginClosing(server, clock);
      await Promise.all([runner.shutDown(drainMs), engine.shutDown(drainMs), tests.shutDown(drainMs)]);
      await sockets.close();
      await finishClosing(untilMs - clock.monotonicMs());
    });
    const { port } = server.address() as AddressInfo;
    return {
      url: settings.publicUrl ?? `http://${settings.host === '0.0.0.0' ? 'localhost' : settings.host}:${port}`,
      port,
      providers: services.providers.instances.map((instance) => {
        const { state, message } = services.providers.status(instance);
        return { slug: instance.slug, displayName: instance.displayName, origin: instance.origin, state, message };
      }),
      needsOwner: await needsFirstOwner(database.prisma),
      services,
    };
  };

  const stop = async (drainMs = 0) => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup(drainMs);
  };
  return {
    start: () =>
      start().catch(async (error: unknown) => {
        await stop().catch(() => {});
        throw error;
      }),
    stop,
  };
}

/** Its multiples, less their whole parts, never come close to each other. */
const goldenRatio = 0.618_034;

function startWorkers(
  services: Services,
  recover: () => Promise<void>,
  cleanups: ((drainMs: number) => Promise<void>)[],
): void {
  const { clock, log, prisma, instanceId } = services;
  let started = 0;
  // Workers of one period begin at different times of it: all at once they held up requests for tens of milliseconds.
  const start = (name: string, everyMs: number, work: () => Promise<void>) => {
    started += 1;
    const firstAfterMs = everyMs * (1 - ((started * goldenRatio) % 1) / 2);
    const kind = name === 'file-budgets' ? 'FILE' : 'SYSTEM';
    const actor = { kind, reason: `The worker "${name}".` } as const;
    return runPeriodically({ name, everyMs, firstAfterMs, clock, log }, () => actAs(actor, work));
  };
  const forecasts = new ForecastWatch({
    ...services,
    // Of several processes the eldest looks.
    isOnDuty: async () => (await findLiveInstances(services)).toSorted()[0] === instanceId,
  });
  const stops = [
    start('heartbeat', heartbeatEveryMs, () => beat(services)),
    start('recovery', 15_000, recover),
    start('rollups', 5_000, async () => {
      await services.metrics.rollups.tick();
      await services.metrics.weeks.tick();
    }),
    start('old-metrics', 600_000, () => services.metrics.pruner.tick()),
    start('weekly-reports', 300_000, async () => {
      await makeWeeklyReports(services);
    }),
    start('providers', 1_000, () => services.provisioner.reloadRows()),
    start('prices', 1_000, () => services.prices.reloadRows()),
    start('roles', 1_000, () => services.roles.reload()),
    start('team-settings', 1_000, () => services.teamSettings.reload()),
    start('routing', 1_000, () => services.routing.tick()),
    start('routing-load', 250, async () => services.routing.renewLoads()),
    start('old-decisions', 3_600_000, () => services.routing.prune()),
    start('file-budgets', 2_000, () => services.fileBudgets.tick()),
    start('forecasts', 60_000, () => forecasts.tick()),
    start('key-use', 30_000, () => services.identities.writeLastUse()),
    start('health', 1_000, () => services.health.tick()),
    start('rehearsals', 1_000, () => services.rehearsals.tick()),
    start('paid-probes', 5_000, () => services.paidProbes.tick()),
    start('alert-rules', 5_000, () => services.health.ruleWatch.tick()),
    start('failover', 1_000, () => services.failover.tick()),
    start('old-health', 3_600_000, () => pruneHealth(prisma, clock)),
    start('alerts', 1_000, () => services.alerts.tick()),
    start('old-alerts', 3_600_000, () => services.alerts.prune()),
    start('approvals', 15_000, () => services.approvals.expire()),
    start('content', 15_000, async () => {
      await removeContent(services);
    }),
    start('old-comparisons', 900_000, async () => {
      await pruneComparisons(services);
    }),
    start('old-audit', 3_600_000, () => pruneAudit(services)),
    start('old-runs', 900_000, async () => {
      await pruneRuns({ prisma, clock, log, keepDays: services.settings.runDays });
    }),
    start('run-budgets', 1_000, async () => {
      await followBudgetDecisions(services.runParts);
      await closeBudgetRequests(services);
    }),
    start('old-breaches', 3_600_000, async () => {
      await services.breaches.prune();
      await services.approvals.prune();
    }),
    start('deleted-teams', 60_000, () => purgeDeletedTeams(services)),
    start('idempotency', 3_600_000, async () => {
      const before = new Date(clock.nowMs() - 24 * 60 * 60 * 1000);
      await prisma.idempotencyRecord.deleteMany({ where: { createdAt: { lt: before } } });
    }),
  ];
  const { circuitLedger } = services;
  if (circuitLedger) {
    stops.push(
      start('circuits', 500, () => circuitLedger.poll()),
      start('circuit-messages', 300_000, () => circuitLedger.prune()),
    );
  }
  cleanups.push(async (drainMs) => {
    await services.rehearsals.stop();
    await Promise.all(stops.map((stopWorker) => stopWorker()));
    services.budgetFeed.close();
    await services.failover.stop();
    await services.health.stop();
    services.approvals.stop();
    await services.breaches.stop();
    await services.alerts.stop(Math.min(drainMs, 5_000));
    await services.callRecords.close();
    await services.routing.decisions.flush();
    await services.budgets.stop();
    await services.identities.writeLastUse().catch(() => {});
    services.mailer.close();
    await prisma.serverInstance.deleteMany({ where: { id: instanceId } }).catch(() => {});
  });
}
