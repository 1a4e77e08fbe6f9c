import type { AroundCall, ChainEvent } from '@switchyard/core/dispatch';
import type { CallRecord } from '@switchyard/core/metrics';
import type { RunEvent, RunState } from '@switchyard/core/workflows';
import type { ModelTelemetry } from '../features/metrics/model-telemetry.ts';
import type { ChainWatch } from '../features/routing/model-dispatcher.ts';
import { HttpMetrics } from './http-metrics.ts';
import { currentScope, inScope, type RequestScope } from './request-scope.ts';
import { RunMetrics } from './run-metrics.ts';
import type { ObservedRun, RunObserver } from './run-observer.ts';
import type { Tracing } from './tracing/tracing.ts';

/** Everything that tells the outside how this process is doing. What it is told costs little and never fails. */
export class Observability implements RunObserver {
  readonly http = new HttpMetrics();
  readonly runs = new RunMetrics();
  readonly models: ModelTelemetry;
  /** Undefined when no collector is configured: one branch is all it costs then. */
  readonly tracing: Tracing | undefined;

  constructor(models: ModelTelemetry, tracing?: Tracing) {
    this.models = models;
    this.tracing = tracing;
  }

  /** Counts what happens on the way to an answer, and is its span. */
  readonly watchChain: ChainWatch = (resolution, purpose, listener, go) => {
    const span = this.tracing?.beginChain(resolution, purpose);
    const onEvent = (event: ChainEvent) => {
      this.models.chainEvent(purpose.teamId, event);
      span?.note(event);
      listener.onEvent?.(event);
    };
    // Listeners may be objects with methods: only what a listener is made of is passed on.
    const told = {
      onPart: (part: Parameters<typeof listener.onPart>[0]) => listener.onPart(part),
      onReset: (reset: Parameters<typeof listener.onReset>[0]) => listener.onReset(reset),
      onEvent,
    };
    if (!span) return go(told);
    return inScope({ ...currentScope(), trace: span.place }, () => go(told)).then(
      (outcome) => {
        span.end(outcome);
        return outcome;
      },
      (error: unknown) => {
        span.end(undefined);
        throw error;
      },
    );
  };

  /** Log lines and spans of an attempt know its call. */
  readonly aroundCall: AroundCall = (facts, make) => {
    const { callId, purpose } = facts;
    const { teamId } = purpose;
    this.models.callBegan(facts);
    const trace = this.tracing?.beginCall(facts) ?? currentScope()?.trace;
    const scope = { ...currentScope(), teamId, callId, ...(trace && { trace }) };
    return inScope(scope, make).finally(() => this.models.callLeft(facts));
  };

  /** An attempt is over, with everything that is known of it. */
  callEnded(record: CallRecord): void {
    this.tracing?.endCall(record);
  }

  scopeOf(
    { runId, teamId }: Pick<ObservedRun, 'runId' | 'teamId'>,
    step?: { readonly stepId: string; readonly generation: number },
  ): RequestScope {
    const trace = this.tracing?.placeInRun(runId, step);
    return { runId, teamId, ...(step && { stepId: step.stepId }), ...(trace && { trace }) };
  }

  onEvents(run: ObservedRun, events: readonly RunEvent[], state: RunState): void {
    this.runs.onEvents(run, events, state);
    this.tracing?.noteRun(run, events, state);
  }
}
