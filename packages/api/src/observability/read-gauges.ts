import { performance } from 'node:perf_hooks';
import type { HealthStatus } from '@switchyard/core/health';
import { type Clock, sleep } from '@switchyard/core/kernel';
import type { Services } from '../container.ts';
import { readLiveWindows } from '../features/guardrails/read-live-windows.ts';
import { budgetFamilies } from '../features/metrics/budget-gauges.ts';
import { version } from '../version.ts';
import { metrics } from './metrics/metric-catalogue.ts';
import type { MetricFamily, NumberSample } from './metrics/metric-family.ts';
import { gaugeFamily } from './metrics/series-store.ts';

/** A scraper must never wait for a database that is away. */
const databaseWithinMs = 1_000;
const statuses: readonly HealthStatus[] = ['healthy', 'degraded', 'down', 'unknown'];
const circuitStates = ['closed', 'open', 'half_open'] as const;
/** The budgets of so many teams are shown to the operator. */
const mostTeams = 100;

const one = (value: number): readonly NumberSample[] => [{ values: [], value }];

/** What is read at the moment of a scrape. `teamId`: only what that team may see. */
export async function readTeamGauges(services: Services, teamId: string | undefined): Promise<readonly MetricFamily[]> {
  const { clock } = services;
  const [budgets, runs] = await Promise.all([
    within(clock, readBudgets(services, teamId)),
    within(clock, readRuns(services, teamId)),
  ]);
  return [...readHealth(services, teamId), ...readCircuits(services, teamId), ...(budgets ?? []), ...(runs ?? [])];
}

/** What this process uses, and what waits in it. */
export function createInstallationGauges(
  services: Services,
  sockets: { readonly socketCount: () => number; readonly operationCount: () => number },
) {
  let before = performance.eventLoopUtilization();
  return async (): Promise<readonly MetricFamily[]> => {
    const { database, clock } = services;
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    const isUp = await within(
      clock,
      database.ping().then(() => true),
    );
    const { busy, idle, waiting } = database.readUse();
    const { bytes, waiting: records } = services.callRecords.backlog;
    const depths = {
      call_records: records,
      run_events: services.runParts.journal.waitingCount,
      decisions: services.routing.decisions.waitingCount,
      spans: services.observability.tracing?.waitingCount ?? 0,
    };
    return [
      gaugeFamily(metrics.info, [{ values: [version, database.kind], value: 1 }]),
      gaugeFamily(metrics.eventLoop, one(utilization)),
      gaugeFamily(metrics.databaseUp, one(isUp ? 1 : 0)),
      gaugeFamily(metrics.databaseConnections, [
        { values: ['busy'], value: busy },
        { values: ['idle'], value: idle },
      ]),
      gaugeFamily(metrics.databaseWaiting, one(waiting)),
      gaugeFamily(
        metrics.queueDepth,
        Object.entries(depths).map(([queue, value]) => ({ values: [queue], value })),
      ),
      gaugeFamily(
        metrics.telemetryLost,
        Object.entries(services.observability.tracing?.lost ?? {}).map(([signal, value]) => ({
          values: [signal],
          value,
        })),
      ),
      gaugeFamily(metrics.spillBytes, one(bytes)),
      gaugeFamily(metrics.runsExecuting, one(services.runParts.engine.runCount)),
      gaugeFamily(metrics.lanes, one(services.runner.runningLaneCount)),
      gaugeFamily(metrics.subscribers, one(services.comparisonHub.subscriberCount)),
      gaugeFamily(metrics.sockets, one(sockets.socketCount())),
      gaugeFamily(metrics.subscriptions, one(sockets.operationCount())),
    ];
  };
}

function readHealth({ health, providers }: Services, teamId: string | undefined): readonly MetricFamily[] {
  const { installation, ofTeams } = providers.snapshot;
  const instances = teamId === undefined ? [...installation, ...ofTeams] : providers.snapshot.instancesOf(teamId);
  const status: NumberSample[] = [];
  const score: NumberSample[] = [];
  const incidents: NumberSample[] = [];
  const successes: NumberSample[] = [];
  for (const { id, slug, origin, adapter, block } of instances) {
    if (!adapter || block) continue;
    const subject = health.find(id);
    const is = subject?.state.status ?? 'unknown';
    const values = [slug, origin];
    for (const each of statuses) status.push({ values: [...values, each], value: each === is ? 1 : 0 });
    if (subject?.score && is !== 'unknown') score.push({ values, value: subject.score.score });
    incidents.push({ values, value: health.openIncidentOf(id) ? 1 : 0 });
    if (subject?.lastSuccessAtMs !== undefined) successes.push({ values, value: subject.lastSuccessAtMs / 1_000 });
  }
  // Providers of several teams may have one name: the operator sees the worst of them.
  return [
    gaugeFamily(metrics.providerStatus, status, Math.max),
    gaugeFamily(metrics.providerScore, score, Math.min),
    gaugeFamily(metrics.openIncidents, incidents),
    gaugeFamily(metrics.lastSuccess, successes, Math.min),
  ];
}

function readCircuits({ dispatcher, providers }: Services, teamId: string | undefined): readonly MetricFamily[] {
  const samples: NumberSample[] = [];
  for (const { key, status } of dispatcher.chain.circuits.list()) {
    const slash = key.indexOf('/');
    const instance = providers.snapshot.findInstance(key.slice(0, slash));
    if (!instance || (teamId !== undefined && (instance.teamId ?? teamId) !== teamId)) continue;
    const is = status === 'half-open' ? 'half_open' : status;
    const values = [instance.slug, `${instance.slug}/${key.slice(slash + 1)}`];
    for (const state of circuitStates) samples.push({ values: [...values, state], value: state === is ? 1 : 0 });
    if (samples.length >= 3 * 1_000) break;
  }
  return [gaugeFamily(metrics.circuits, samples, Math.max)];
}

async function readBudgets(services: Services, teamId: string | undefined): Promise<readonly MetricFamily[]> {
  const { prisma } = services;
  const teams =
    teamId === undefined ? await prisma.team.findMany({ select: { id: true }, take: mostTeams }) : undefined;
  const windows = [];
  for (const id of teams?.map((team) => team.id) ?? [teamId as string]) {
    windows.push(...[...(await readLiveWindows(services, id)).values()].flat());
  }
  return budgetFamilies(windows);
}

async function readRuns({ prisma }: Services, teamId: string | undefined): Promise<readonly MetricFamily[]> {
  const counts = await prisma.run.groupBy({
    by: ['state'],
    // Null exactly when a run has ended: the index on it holds the others.
    where: { ...(teamId !== undefined && { teamId }), wakeAt: { not: null } },
    _count: true,
  });
  return [
    gaugeFamily(
      metrics.runsByState,
      counts.map(({ state, _count: value }) => ({ values: [state], value })),
    ),
  ];
}

/** The answer of `work`, or nothing when it fails or takes too long. */
async function within<Value>(clock: Clock, work: Promise<Value>): Promise<Value | undefined> {
  const limit = new AbortController();
  const late = sleep(clock, databaseWithinMs, limit.signal).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([work, late]);
  } catch {
    return undefined;
  } finally {
    limit.abort();
  }
}
