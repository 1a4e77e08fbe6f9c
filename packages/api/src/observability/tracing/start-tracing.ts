import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import type { DispatchTarget } from '@switchyard/core/dispatch';
import { type Clock, type Log, sleep } from '@switchyard/core/kernel';
import { version } from '../../version.ts';
import { currentScope } from '../request-scope.ts';
import type { DescribedProvider } from './call-attributes.ts';
import { CallSpans } from './call-spans.ts';
import { type NamedFamily, OtlpMetrics } from './otlp-metrics.ts';
import { RequestSpans } from './request-spans.ts';
import { RunSpans } from './run-spans.ts';
import { createSampler, SpanMaker } from './span-maker.ts';
import { SpanQueue } from './span-queue.ts';
import type { OtlpTarget, TelemetrySettings } from './telemetry-settings.ts';
import { ChosenIds, writeTraceParent } from './trace-ids.ts';
import type { Tracing } from './tracing.ts';

/** So long a stop waits for a collector that did not answer lately. */
const awayMs = 500;

export interface TracingParts {
  readonly settings: TelemetrySettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly instanceId: string;
  readonly describe: (target: DispatchTarget) => DescribedProvider | undefined;
  /** Whether a team lets prompts and answers be exported; every one does when absent. */
  readonly keepsContent?: (teamId: string) => boolean;
}

/** Begins to export. Loaded only when a collector is configured: nothing of OpenTelemetry is in memory without one. */
export function startTracing(parts: TracingParts): Tracing {
  const { settings, clock, log, instanceId, describe, keepsContent = () => true } = parts;
  const resource = resourceFromAttributes({
    'service.name': settings.serviceName,
    'service.version': version,
    'service.instance.id': instanceId,
    ...settings.resourceAttributes,
  });
  const queue =
    settings.traces &&
    new SpanQueue({ exporter: new OTLPTraceExporter(toConfig(settings.traces)), clock, log, ...settings.batch });
  const pusher =
    settings.metrics &&
    new OtlpMetrics({ exporter: new OTLPMetricExporter(toConfig(settings.metrics)), resource, clock, log, version });
  const ids = new ChosenIds();
  // Without a target for traces nothing is kept, whatever a client asks.
  const sampler = createSampler(queue ? settings : { ...settings, sampler: 'always_off' });
  const provider = new TracerProvider({ resource, sampler, idGenerator: ids, spanProcessors: queue ? [queue] : [] });
  const tracer = provider.getTracer('switchyard', version);
  const maker = new SpanMaker({ tracer, ids, sampler, clock, settings, describe, keepsContent });
  const requests = new RequestSpans(maker);
  const calls = new CallSpans(maker);
  const runs = new RunSpans(maker);
  const traced = new Set(settings.tracedProviders);
  let timer: ReturnType<Clock['startTimer']> | undefined;
  let read: (() => Promise<readonly NamedFamily[]>) | undefined;
  const push = async () => {
    if (pusher && read) await pusher.push(await read().catch(() => []));
  };
  const schedule = () => {
    timer = clock.startTimer(settings.metricsEveryMs, () => void push().finally(schedule));
  };
  return {
    get waitingCount() {
      return queue?.waitingCount ?? 0;
    },
    get lost() {
      return { traces: queue?.lostCount ?? 0, metrics: pusher?.lostCount ?? 0 };
    },
    beginRequest: (request, route, requestId) => requests.begin(request, route, requestId),
    noteOperation: (type, name) => requests.noteOperation(type, name),
    linkRun: (runId) => requests.linkRun(runId),
    noteDecision: ({ id, plan }) => calls.noteDecision(id, plan),
    beginChain: (resolution, purpose) => calls.beginChain(resolution, purpose),
    beginCall: (facts) => calls.begin(facts),
    endCall: (record) => calls.end(record),
    placeInRun: (runId, step) => runs.placeOf(runId, step),
    noteRun: (run, events, state) => runs.note(run, events, state),
    headersFor: (providerId) => {
      const place = traced.has(providerId) && settings.propagates ? currentScope()?.trace : undefined;
      return place && writeTraceParent(place);
    },
    exportMetrics: (source) => {
      read = source;
      if (pusher) schedule();
    },
    stop: async (withinMs) => {
      timer?.cancel();
      const limit = new AbortController();
      // A collector that was away a moment ago is not worth the wait.
      const isAway = queue?.isCollectorAway || pusher?.isCollectorAway;
      const late = sleep(clock, isAway ? Math.min(withinMs, awayMs) : withinMs, limit.signal).catch(() => {});
      const flushing = Promise.allSettled([
        queue ? provider.shutdown() : undefined,
        push().then(() => pusher?.shutdown()),
      ]);
      await Promise.race([flushing, late]);
      limit.abort();
      timer?.cancel();
    },
  };
}

function toConfig({ url, headers, timeoutMs }: OtlpTarget) {
  return { url, headers: { ...headers }, timeoutMillis: timeoutMs };
}
