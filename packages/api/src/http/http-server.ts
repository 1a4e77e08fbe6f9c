import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Services } from '../container.ts';
import { GraphBuckets } from '../graphql/limits/graph-bucket.ts';
import { createGraph, graphPath } from '../graphql/yoga.ts';
import { actAs } from '../observability/acting.ts';
import { createRequestObserver } from '../observability/observe-request.ts';
import { createMetricsHandler, createMetricsSource, type MetricsSource } from './metrics.ts';
import { createOpenAiHandler, openAiPath } from './openai/serve-openai.ts';
import type { PersistedDocuments } from './persisted-documents.ts';
import { respondJson } from './respond.ts';
import { auditExportPath, createAuditExportHandler } from './serve-audit-export.ts';
import { authPath, createAuthHandler } from './serve-auth.ts';
import {
  createMemberExportHandler,
  createTeamExportHandler,
  memberExportPath,
  teamExportPath,
} from './serve-data-exports.ts';
import { createDatasetExportHandler, datasetExportPath } from './serve-dataset-export.ts';
import { createFeedbackHandler, feedbackPath } from './serve-feedback.ts';
import { createGraphHandler } from './serve-graph.ts';
import { createModelPerformanceHandler, modelPerformancePath } from './serve-model-performance.ts';
import { createRebalanceHandler, rebalancePath } from './serve-rebalance.ts';
import { type GraphSockets, serveGraphSockets } from './serve-sockets.ts';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface HttpServer {
  readonly server: Server;
  readonly sockets: GraphSockets;
  readonly metrics: MetricsSource;
}

/** One server for everything with a path; what it does not know goes to `fallback`, which is the dashboard. */
export function createHttpServer(
  services: Services,
  fallback: RequestHandler | undefined,
  persistedDocuments: PersistedDocuments,
): HttpServer {
  const buckets = new GraphBuckets(services.clock, services.settings.limits);
  const yoga = createGraph(services);
  const serveGraph = createGraphHandler(services, yoga, buckets, persistedDocuments);
  const serveAuth = createAuthHandler(services);
  const serveOpenAi = createOpenAiHandler(services);
  const serveFeedback = createFeedbackHandler(services);
  const serveRebalance = createRebalanceHandler(services);
  const serveModelPerformance = createModelPerformanceHandler(services);
  const serveDatasetExport = createDatasetExportHandler(services);
  const serveAuditExport = createAuditExportHandler(services);
  const serveTeamExport = createTeamExportHandler(services);
  const serveMemberExport = createMemberExportHandler(services);
  const serveHealth: RequestHandler = (_request, response) => respondJson(response, 200, { status: 'ok' });
  const serveReadiness: RequestHandler = async (_request, response) => {
    try {
      await services.database.ping();
      respondJson(response, 200, { status: 'ready' });
    } catch {
      respondJson(
        response,
        503,
        { status: 'unavailable', message: 'The database does not answer.' },
        { 'retry-after': '2' },
      );
    }
  };
  const observe = createRequestObserver(services);
  const isHttps = services.settings.publicUrl?.startsWith('https:') === true;
  const server = createServer((request, response) => {
    // For every answer, whoever writes it; more for the dashboard's pages is with them.
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('cross-origin-resource-policy', 'same-origin');
    if (isHttps) response.setHeader('strict-transport-security', 'max-age=31536000');
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const handler = findHandler(path) ?? fallback ?? notFound;
    const serve = async () => handler(request, response);
    observe(request, response, path, serve).catch((error: unknown) => {
      services.log.error({ path, error: error instanceof Error ? error.stack : String(error) }, 'a request failed');
      const message = 'Something went wrong on our side; try again in a moment.';
      respondJson(response, 503, { errors: [{ message, extensions: { code: 'INTERNAL' } }] }, { 'retry-after': '2' });
      if (!response.writableEnded) response.destroy();
    });
  });
  const sockets = serveGraphSockets(server, services, yoga, buckets, persistedDocuments);
  const metrics = createMetricsSource(services, sockets);
  const serveMetrics = createMetricsHandler(services, metrics);
  const findHandler = (path: string): RequestHandler | undefined => {
    if (path === graphPath) return serveGraph;
    if (path.startsWith(authPath)) {
      // Who it is, the rows that are written say: a session, an account, a member.
      const action = path.slice(authPath.length);
      return (request, response) => actAs({ kind: 'PERSON', action }, async () => serveAuth(request, response));
    }
    if (path.startsWith(openAiPath)) return serveOpenAi;
    if (path === modelPerformancePath) return serveModelPerformance;
    if (path === rebalancePath) return serveRebalance;
    if (path === feedbackPath) return serveFeedback;
    if (path === datasetExportPath) return serveDatasetExport;
    if (path === auditExportPath) return serveAuditExport;
    if (path === teamExportPath) return serveTeamExport;
    if (path === memberExportPath) return serveMemberExport;
    if (path === '/healthz') return serveHealth;
    if (path === '/readyz') return serveReadiness;
    return path === '/metrics' ? serveMetrics : undefined;
  };
  // Slow clients may not hold a connection without asking; streams are not affected by either.
  server.headersTimeout = 15_000;
  // Longer than clients and proxies keep idle connections, so that none is closed while a request is on its way.
  server.keepAliveTimeout = 75_000;
  server.requestTimeout = 120_000;
  return { server, sockets, metrics };
}

const notFound: RequestHandler = (_request, response) =>
  respondJson(response, 404, { code: 'NOT_FOUND', message: 'There is nothing here.' });
