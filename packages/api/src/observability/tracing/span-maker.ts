import { ROOT_CONTEXT, type Span, type SpanOptions, type Tracer, type TraceState, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { DispatchTarget } from '@switchyard/core/dispatch';
import type { Clock } from '@switchyard/core/kernel';
import type { TracePlace } from '../request-scope.ts';
import type { DescribedProvider } from './call-attributes.ts';
import type { TelemetrySettings } from './telemetry-settings.ts';
import { type ChosenIds, newTraceId } from './trace-ids.ts';

/** A sampling decision that keeps a span and sends it. */
const recordAndSample = 2;

/** What spans are made with. */
export interface SpanMakerParts {
  readonly tracer: Tracer;
  readonly ids: ChosenIds;
  readonly sampler: Sampler;
  readonly clock: Clock;
  readonly settings: TelemetrySettings;
  readonly describe: (target: DispatchTarget) => DescribedProvider | undefined;
  readonly keepsContent: (teamId: string) => boolean;
}

/** Makes spans whose ids are known beforehand, below a place that may be in another process or of another day. */
export class SpanMaker {
  readonly parts: SpanMakerParts;

  constructor(parts: SpanMakerParts) {
    this.parts = parts;
  }

  /** `at`: the ids that the span gets. Without a parent it begins a trace. */
  start(
    name: string,
    options: SpanOptions,
    parent: TracePlace | undefined,
    at: { readonly traceId?: string; readonly spanId?: string } = {},
  ): Span {
    const { tracer, ids } = this.parts;
    const context = parent ? trace.setSpan(ROOT_CONTEXT, trace.wrapSpanContext(toSpanContext(parent))) : ROOT_CONTEXT;
    ids.next = at;
    try {
      return tracer.startSpan(name, options, context);
    } finally {
      ids.next = undefined;
    }
  }

  /** Whether a trace that begins here is kept. */
  isSampled(traceId: string): boolean {
    return this.parts.sampler.shouldSample(ROOT_CONTEXT, traceId, '', 0, {}, []).decision === recordAndSample;
  }

  /** A place for the beginning of a trace of which nothing is known yet. */
  newRoot(): Pick<TracePlace, 'traceId' | 'isSampled'> {
    const traceId = newTraceId();
    return { traceId, isSampled: this.isSampled(traceId) };
  }
}

export function toSpanContext({ traceId, spanId, isSampled, traceState }: TracePlace) {
  return {
    ...{ traceId, spanId, traceFlags: isSampled ? 1 : 0 },
    ...(traceState !== undefined && { traceState: rawTraceState(traceState) }),
  };
}

export function placeOf(span: Span): TracePlace {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  const text = traceState?.serialize();
  return { traceId, spanId, isSampled: (traceFlags & 1) === 1, ...(text && { traceState: text }) };
}

/** Passed on as it came: nothing is read from it here. */
function rawTraceState(text: string): TraceState {
  const state: TraceState = { set: () => state, unset: () => state, get: () => undefined, serialize: () => text };
  return state;
}

export function createSampler({ sampler, samplerRatio }: TelemetrySettings): Sampler {
  const roots: Readonly<Record<string, () => Sampler>> = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(samplerRatio),
  };
  const root = (roots[sampler.replace('parentbased_', '')] ?? roots.always_on)?.() ?? new AlwaysOnSampler();
  return sampler.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}
