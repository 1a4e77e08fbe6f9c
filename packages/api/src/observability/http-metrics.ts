import { metrics } from './metrics/metric-catalogue.ts';
import type { MetricFamily } from './metrics/metric-family.ts';
import { gaugeFamily, SeriesStore } from './metrics/series-store.ts';

const knownMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Longest first among those with a common beginning. Everything else is a page or a file of the dashboard. */
const routes = [
  ...['/graphql', '/metrics', '/healthz', '/readyz', '/v1/chat/completions', '/v1/embeddings', '/v1/models'],
  ...['/api/auth', '/api/models'],
] as const;

/** The route of a path, one of few, so that no client can make a scraper pay for its paths. */
export function routeOf(path: string): string {
  const known = routes.find((route) => path === route || path.startsWith(`${route}/`));
  if (known !== undefined) return known;
  if (path.startsWith('/v1/')) return '/v1/other';
  return path.startsWith('/api/') ? '/api/other' : 'dashboard';
}

/** Rate, errors and duration of what clients ask, over HTTP and sockets. */
export class HttpMetrics {
  readonly #requests = new SeriesStore(metrics.httpRequests);
  readonly #seconds = new SeriesStore(metrics.httpSeconds);
  readonly #operations = new SeriesStore(metrics.graphOperations);
  readonly #operationSeconds = new SeriesStore(metrics.graphSeconds);
  readonly #closed = new SeriesStore(metrics.socketsClosed);
  #inFlight = 0;

  families(): readonly MetricFamily[] {
    const now = (value: number) => [{ values: [], value }];
    return [
      ...[this.#requests, this.#seconds, this.#operations, this.#operationSeconds, this.#closed].map((store) =>
        store.read(),
      ),
      gaugeFamily(metrics.httpInFlight, now(this.#inFlight)),
    ];
  }

  requestBegan(): void {
    this.#inFlight += 1;
  }

  requestEnded(route: string, method: string | undefined, status: number, durationMs: number): void {
    this.#inFlight -= 1;
    const known = method !== undefined && knownMethods.has(method) ? method : 'other';
    this.#requests.add('', [route, known, String(status)]);
    this.#seconds.observe('', [route], durationMs / 1_000);
  }

  /** An operation of the graph was executed, or its subscription began (without a duration). */
  operation(transport: string, type: string, isFailed: boolean, durationMs?: number): void {
    this.#operations.add('', [transport, type, isFailed ? 'error' : 'ok']);
    if (durationMs !== undefined) this.#operationSeconds.observe('', [type], durationMs / 1_000);
  }

  /** Close codes beyond the registered ranges were made up by a client. */
  socketClosed(code: number): void {
    const isKnown = (code >= 1_000 && code <= 1_015) || [4_400, 4_401, 4_403, 4_408, 4_409, 4_429].includes(code);
    this.#closed.add('', [isKnown ? String(code) : 'other']);
  }
}
