import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock, Ids } from '@switchyard/core/kernel';
import { routeOf } from './http-metrics.ts';
import type { Observability } from './observability.ts';
import { inScope, placeOf, type RequestScope } from './request-scope.ts';

/** What a client that went away before its answer was complete is counted as. */
const clientGoneStatus = 499;
/** What is asked all day by machines, and the files of the dashboard, are counted but not traced. */
const quietRoutes: ReadonlySet<string> = new Set(['dashboard', '/healthz', '/readyz', '/metrics']);

/** Counts and traces a request from its arrival to the end of its answer, and gives everything done for it one scope. */
export function createRequestObserver(parts: {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly observability: Observability;
}) {
  const { clock, ids, observability } = parts;
  return <Result>(request: IncomingMessage, response: ServerResponse, path: string, serve: () => Result): Result => {
    const route = routeOf(path);
    const beganMs = clock.monotonicMs();
    const requestId = ids.next('req');
    observability.http.requestBegan();
    const span = quietRoutes.has(route) ? undefined : observability.tracing?.beginRequest(request, route, requestId);
    const scope: RequestScope = {
      requestId,
      transport: 'http',
      client: placeOf(request),
      ...(span && { trace: span.place }),
    };
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : clientGoneStatus;
      observability.http.requestEnded(route, request.method, status, clock.monotonicMs() - beganMs);
      span?.end(status, scope.teamId);
    });
    return inScope(scope, serve);
  };
}
