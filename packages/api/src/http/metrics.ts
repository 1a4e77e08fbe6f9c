import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Services } from '../container.ts';
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
    response.writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' });
    response.end(`${await registry.metrics()}${await services.telemetry.registry.metrics()}`);
  };
}
