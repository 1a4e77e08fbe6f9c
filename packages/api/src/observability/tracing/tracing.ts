import type { IncomingMessage } from 'node:http';
import type { CallFacts, ChainEvent, ChainOutcome } from '@switchyard/core/dispatch';
import type { CallPurpose, CallRecord } from '@switchyard/core/metrics';
import type { RunEvent, RunState } from '@switchyard/core/workflows';
import type { ModelResolution } from '../../features/providers/model-resolution.ts';
import type { MadeDecision } from '../../features/routing/routing-desk.ts';
import type { TracePlace } from '../request-scope.ts';
import type { ObservedRun } from '../run-observer.ts';
import type { NamedFamily } from './otlp-metrics.ts';

/** A request that is being traced. */
export interface RequestSpan {
  readonly place: TracePlace;
  end(status: number, teamId: string | undefined): void;
}

/** The way from a choice of models to an answer. */
export interface ChainSpan {
  readonly place: TracePlace;
  note(event: ChainEvent): void;
  /** Undefined when it ended by a bug. */
  end(outcome: ChainOutcome | undefined): void;
}

/** Traces by OpenTelemetry, when they are switched on. Nothing here blocks or throws. */
export interface Tracing {
  /** Spans that wait to be exported. */
  readonly waitingCount: number;
  /** What the collector never got, by signal: spans, and exports of metrics. */
  readonly lost: Readonly<Record<'traces' | 'metrics', number>>;
  beginRequest(request: Pick<IncomingMessage, 'method' | 'headers'>, route: string, requestId: string): RequestSpan;
  /** Which operation of the graph the present request is. */
  noteOperation(type: string, name: string | undefined): void;
  /** The present request started, steered or decided something of a run. */
  linkRun(runId: string): void;
  /** Why the models of a call that is going to be made stand in their order. */
  noteDecision(decision: Pick<MadeDecision, 'id' | 'plan'>): void;
  beginChain(resolution: ModelResolution, purpose: CallPurpose): ChainSpan;
  /** Where the attempt will stand; its span is told when it has ended. */
  beginCall(facts: CallFacts): TracePlace;
  endCall(record: CallRecord): void;
  /** Where a run, or a step of it, stands: the same wherever and whenever it is asked. */
  placeInRun(runId: string, step?: { readonly stepId: string; readonly generation: number }): TracePlace;
  noteRun(run: ObservedRun, events: readonly RunEvent[], state: RunState): void;
  /** What is sent along with a request to a vendor that is to take part in the trace. */
  headersFor(providerId: string): Readonly<Record<string, string>> | undefined;
  /** From now on what `source` tells is exported once in a while. */
  exportMetrics(source: () => Promise<readonly NamedFamily[]>): void;
  /** Sends what waits, for at most `withinMs`, and ends. */
  stop(withinMs: number): Promise<void>;
}
