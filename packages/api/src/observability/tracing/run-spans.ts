import { type Attributes, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { RunEvent, RunState } from '@switchyard/core/workflows';
import type { TracePlace } from '../request-scope.ts';
import type { ObservedRun } from '../run-observer.ts';
import type { SpanMaker } from './span-maker.ts';
import { spanIdOf, traceIdOfRun } from './trace-ids.ts';

/**
 * Spans of runs and their steps. Their ids are worked out from the run's, so that a run is one trace whichever processes
 * execute it and however long it waits; when they began is known from the run's journal.
 */
export class RunSpans {
  readonly #maker: SpanMaker;

  constructor(maker: SpanMaker) {
    this.#maker = maker;
  }

  placeOf(runId: string, step?: { readonly stepId: string; readonly generation: number }): TracePlace {
    const traceId = traceIdOfRun(runId);
    const spanId = step ? spanIdOf('step', runId, step.stepId, step.generation) : spanIdOf('run', runId);
    return { traceId, spanId, isSampled: this.#maker.isSampled(traceId) };
  }

  note(run: ObservedRun, events: readonly RunEvent[], state: RunState): void {
    for (const event of events) {
      if (event.type === 'step-completed' || event.type === 'step-failed') this.#endStep(run, event, state);
      else if (event.type === 'run-finished') this.#endRun(run, event, state);
    }
  }

  #endStep(
    run: ObservedRun,
    event: Extract<RunEvent, { type: 'step-completed' | 'step-failed' }>,
    state: RunState,
  ): void {
    const { stepId, generation, atMs } = event;
    const step = Object.hasOwn(state.steps, stepId) ? state.steps[stepId] : undefined;
    const isSame = step?.generation === generation;
    const { spanId } = this.placeOf(run.runId, { stepId, generation });
    const attributes: Attributes = {
      ...attributesOf(run),
      'switchyard.step.id': stepId,
      'switchyard.step.generation': generation,
      ...(isSame && step.items && { 'switchyard.step.items': step.items.values.length }),
      ...(isSame && step.approval && approvalAttributes(step.approval)),
      ...(event.type === 'step-completed' && event.modelId !== undefined && { 'switchyard.model.id': event.modelId }),
      ...(event.type === 'step-failed' && { 'error.type': event.error.code }),
    };
    const startTime = Math.min(atMs, (isSame ? step.startedAtMs : undefined) ?? atMs);
    const options = { kind: SpanKind.INTERNAL, startTime, attributes };
    const span = this.#maker.start(`step ${stepId}`, options, this.placeOf(run.runId), { spanId });
    if (event.type === 'step-failed') span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(atMs);
  }

  #endRun(run: ObservedRun, event: Extract<RunEvent, { type: 'run-finished' }>, state: RunState): void {
    const { runId, workflowName } = run;
    const { traceId, spanId } = this.placeOf(runId);
    const totals = Object.values(state.totals);
    const sum = (read: (total: (typeof totals)[number]) => number) => totals.reduce((all, each) => all + read(each), 0);
    const attributes: Attributes = {
      ...attributesOf(run),
      'gen_ai.operation.name': 'invoke_workflow',
      'switchyard.run.outcome': event.outcome,
      'switchyard.run.retries': state.retries,
      'switchyard.run.calls': sum(({ calls }) => calls),
      'gen_ai.usage.input_tokens': sum(({ inputTokens }) => inputTokens),
      'gen_ai.usage.output_tokens': sum(({ outputTokens }) => outputTokens),
      'switchyard.cost.usd': sum(({ costNanoUsd }) => Number(costNanoUsd)) / 1e9,
      ...(event.error && { 'error.type': event.error.code }),
    };
    const options = { kind: SpanKind.INTERNAL, startTime: Math.min(event.atMs, state.startedAtMs), attributes };
    const name = `invoke_workflow ${workflowName}`;
    // A run that was retried ends again: the first end was the root of the trace, later ones stand below it.
    const span =
      state.retries === 0
        ? this.#maker.start(name, options, undefined, { traceId, spanId })
        : this.#maker.start(`${name} (retry ${state.retries})`, options, this.placeOf(runId), {
            spanId: spanIdOf('retry', runId, state.retries),
          });
    if (event.outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(event.atMs);
  }
}

function attributesOf({ runId, teamId, workflowName }: ObservedRun): Attributes {
  return { 'gen_ai.workflow.name': workflowName, 'switchyard.run.id': runId, 'switchyard.team.id': teamId };
}

function approvalAttributes(approval: NonNullable<RunState['steps'][string]['approval']>): Attributes {
  const { approvalId, kind, decision } = approval;
  const answer = decision && (decision.isApproved ? 'approved' : 'declined');
  return {
    'switchyard.approval.id': approvalId,
    'switchyard.approval.kind': kind,
    ...(answer !== undefined && { 'switchyard.approval.decision': answer }),
    ...(decision?.decidedBy !== undefined && { 'user.id': decision.decidedBy }),
  };
}
