import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Services } from '../container.ts';
import { readLiveWindows } from '../features/guardrails/read-live-windows.ts';
import { formatBudgetGauges } from '../features/metrics/budget-gauges.ts';
import { readCredential } from './credential.ts';
import { respondJson } from './respond.ts';

/** Serves Prometheus metrics to identified scrapers (`Authorization: Bearer sk-…`). */
export function createMetricsHandler(services: Services, socketCount: () => number) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge(
    'switchyard_running_lanes',
    'Comparison lanes that are calling a model now.',
    () => services.runner.runningLaneCount,
  );
  gauge(
    'switchyard_event_subscribers',
    'Subscribers of live event streams.',
    () => services.comparisonHub.subscriberCount,
  );
  gauge('switchyard_graph_sockets', 'Open WebSockets of the graph.', socketCount);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const credential = readCredential(request.headers);
    const identity = credential && (await services.identities.resolve(credential));
    if (!identity?.scopes.has('READ')) {
      respondJson(
        response,
        401,
        { code: 'UNAUTHENTICATED', message: 'Send an API key with the scope READ: Authorization: Bearer sk-…' },
        { 'www-authenticate': 'Bearer' },
      );
      return;
    }
    // Of the scraper's own team alone; while the database is away the rest is told all the same.
    const windows = await readLiveWindows(services, identity.teamId).catch(() => new Map<string, never>());
    const budgets = await formatBudgetGauges([...windows.values()].flat());
    response.writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' });
    response.end(`${await registry.metrics()}${await services.telemetry.registry.metrics()}${budgets}`);
  };
}
