import type { IncomingMessage } from 'node:http';
import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { currentScope, type TracePlace } from '../request-scope.ts';
import { placeOf, type SpanMaker, toSpanContext } from './span-maker.ts';
import { readTraceParent, spanIdOf, traceIdOfRun } from './trace-ids.ts';
import type { RequestSpan } from './tracing.ts';

const knownMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Names that clients give their operations are theirs to choose, but not without end. */
const longestName = 100;

/** Spans of what clients ask, in the trace that the client is in. */
export class RequestSpans {
  readonly #maker: SpanMaker;
  /** Of requests that are being answered. */
  readonly #open = new WeakMap<TracePlace, Span>();

  constructor(maker: SpanMaker) {
    this.#maker = maker;
  }

  begin(request: Pick<IncomingMessage, 'method' | 'headers'>, route: string, requestId: string): RequestSpan {
    const { settings, clock } = this.#maker.parts;
    const method = request.method !== undefined && knownMethods.has(request.method) ? request.method : '_OTHER';
    const { traceparent, tracestate } = request.headers;
    const parent = settings.propagates ? readTraceParent(traceparent, tracestate) : undefined;
    const startMs = clock.nowMs();
    const beganMs = clock.monotonicMs();
    const attributes = { 'http.request.method': method, 'http.route': route, 'switchyard.request.id': requestId };
    const options = { kind: SpanKind.SERVER, startTime: startMs, attributes };
    const span = this.#maker.start(`${method} ${route}`, options, parent);
    const place = placeOf(span);
    this.#open.set(place, span);
    return {
      place,
      end: (status, teamId) => {
        span.setAttribute('http.response.status_code', status);
        if (teamId !== undefined) span.setAttribute('switchyard.team.id', teamId);
        if (status >= 500) {
          span.setAttribute('error.type', String(status));
          span.setStatus({ code: SpanStatusCode.ERROR });
        }
        span.end(startMs + clock.monotonicMs() - beganMs);
        this.#open.delete(place);
      },
    };
  }

  noteOperation(type: string, name: string | undefined): void {
    const span = this.#present;
    if (!span) return;
    span.setAttribute('graphql.operation.type', type);
    if (name !== undefined) span.setAttribute('graphql.operation.name', name.slice(0, longestName));
  }

  linkRun(runId: string): void {
    const place = { traceId: traceIdOfRun(runId), spanId: spanIdOf('run', runId), isSampled: true };
    this.#present?.addLink({ context: toSpanContext(place), attributes: { 'switchyard.run.id': runId } });
  }

  get #present(): Span | undefined {
    const place = currentScope()?.trace;
    return place && this.#open.get(place);
  }
}
