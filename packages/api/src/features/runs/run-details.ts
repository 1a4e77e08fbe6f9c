import type { RunState, StepState, WorkflowDefinition } from '@switchyard/core/workflows';
import type { CallRecord as CallRow } from '../../generated/prisma/client.ts';
import type { Gathered, RunFold } from './run-fold.ts';
import type { RunDetails, RunRecord, StepRecord, StepStateName } from './run-record.ts';
import { mostAttempts } from './run-record.ts';

type Step = WorkflowDefinition['steps'][number];

/** A run with all its steps as `fold` has them, and what is on record of its calls. */
export function buildRunDetails(
  run: RunRecord,
  definition: WorkflowDefinition,
  fold: RunFold,
  records: readonly CallRow[],
): RunDetails {
  for (const record of records) fold.of(record.stepId ?? '').attempts.addRecord(record);
  return {
    run,
    definition,
    lastSeq: fold.lastSeq,
    steps: definition.steps.map((step) => toStepRecord(step, fold.state, fold.of(step.id))),
  };
}

function toStepRecord(step: Step, state: RunState, own: Gathered): StepRecord {
  const current: StepState | undefined = Object.hasOwn(state.steps, step.id) ? state.steps[step.id] : undefined;
  const isRunning = current?.status === 'running' && state.status !== 'finished';
  const attempts = own.attempts.finish(state.status === 'finished' ? state.endedAtMs : undefined);
  const { items } = current ?? {};
  return {
    stepId: step.id,
    type: step.type,
    title: step.title,
    state: nameState(current, state),
    generation: current?.generation ?? 0,
    startedAtMs: current?.startedAtMs,
    endedAtMs: current?.endedAtMs,
    output: current?.output,
    partialOutput: isRunning ? own.partial : '',
    modelOutputs: current?.modelOutputs,
    modelId: current?.modelId,
    chosen: current?.chosen,
    error: current?.error,
    reason: own.reason,
    fromRunId: own.fromRunId,
    isGiven: own.isGiven,
    items: items && {
      total: items.values.length,
      completed: items.completed,
      failed: items.failed,
      active: items.active,
      failures:
        current?.failures ??
        items.states.chunks
          .flat()
          .flatMap(({ status, error }, index) => (status === 'failed' && error ? [{ index, ...error }] : [])),
    },
    approvals: own.approvals,
    routes: own.routes,
    attempts: attempts.slice(-mostAttempts),
    attemptCount: own.attempts.count,
    totals: own.attempts.totals,
  };
}

function nameState(current: StepState | undefined, { status }: RunState): StepStateName {
  if (!current) return 'pending';
  if (current.status !== 'running') return current.status;
  // A step that its run left behind did not end.
  if (status === 'finished') return 'failed';
  return current.approval && !current.approval.decision ? 'waiting' : 'running';
}
