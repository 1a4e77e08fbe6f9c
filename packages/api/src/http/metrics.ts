import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { mayDo } from '../auth/identity.ts';
import type { Services } from '../container.ts';
import { formatFamilies } from '../observability/metrics/format-families.ts';
import type { MetricFamily } from '../observability/metrics/metric-family.ts';
import { createNetworkCheck } from '../observability/metrics-access.ts';
import { createInstallationGauges, readTeamGauges } from '../observability/read-gauges.ts';
import { readCredential } from './credential.ts';
import { respondJson } from './respond.ts';
import type { GraphSockets } from './serve-sockets.ts';

/** How many teams there are is looked up so often. */
const countTeamsEveryMs = 60_000;

/** All that this process can tell a scraper. */
export interface MetricsSource {
  /** Of one team; of `undefined`, of the whole installation. Never rejects because the database is away. */
  read(teamId: string | undefined): Promise<readonly MetricFamily[]>;
  /** Node's own metrics of the process as Prometheus text. */
  readProcess(): Promise<string>;
}

export function createMetricsSource(
  services: Services,
  sockets: Pick<GraphSockets, 'socketCount' | 'operationCount'>,
): MetricsSource {
  const { observability, telemetry } = services;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const readInstallation = createInstallationGauges(services, sockets);
  const readAll = async (teamId: string | undefined): Promise<readonly MetricFamily[]> => {
    const gauges = await readTeamGauges(services, teamId);
    const ofProcess = teamId === undefined ? [...(await readInstallation()), ...observability.http.families()] : [];
    return [...telemetry.families(teamId), ...observability.runs.families(teamId), ...gauges, ...ofProcess];
  };
  /** Who asks while an answer is on its way gets the same one: scrapers cannot pile up queries. */
  const reading = new Map<string | undefined, Promise<readonly MetricFamily[]>>();
  return {
    read: (teamId) => {
      const found = reading.get(teamId) ?? readAll(teamId).finally(() => reading.delete(teamId));
      reading.set(teamId, found);
      return found;
    },
    // prom-client writes it in a way that the format does not know.
    readProcess: async () => (await registry.metrics()).replaceAll(/ Nan$/gm, ' NaN'),
  };
}

/**
 * Serves Prometheus metrics: the whole installation to the networks of `SWITCHYARD_METRICS_ALLOW`, and to the only team
 * there is; its own part to the key of one team among several.
 */
export function createMetricsHandler(services: Services, source: MetricsSource) {
  const { settings, clock, prisma } = services;
  const isAllowedNetwork = createNetworkCheck(settings.metricsNetworks);
  let isOnlyTeam = false;
  let countedAtMs = Number.NEGATIVE_INFINITY;
  const hasOneTeam = async () => {
    if (clock.monotonicMs() - countedAtMs < countTeamsEveryMs) return isOnlyTeam;
    const teams = await prisma.team.findMany({ select: { id: true }, take: 2 }).catch(() => undefined);
    if (!teams) return isOnlyTeam;
    // A second team must find its walls at once: only the answer "several" is kept, since teams rarely go.
    if (teams.length > 1) countedAtMs = clock.monotonicMs();
    isOnlyTeam = teams.length === 1;
    return isOnlyTeam;
  };
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let teamId: string | undefined;
    if (!isAllowedNetwork(request)) {
      const credential = readCredential(request.headers);
      const identity = credential && (await services.identities.resolve(credential));
      if (!identity || !mayDo(identity, 'READ', 'REPORTS')) {
        respondJson(
          response,
          401,
          { code: 'UNAUTHENTICATED', message: 'Send an API key with the scope READ: Authorization: Bearer sk-…' },
          { 'www-authenticate': 'Bearer' },
        );
        return;
      }
      teamId = (await hasOneTeam()) ? undefined : identity.teamId;
    }
    const process = teamId === undefined ? await source.readProcess() : '';
    const text = `${process}${formatFamilies(await source.read(teamId))}`;
    response.writeHead(200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.end(text);
  };
}
