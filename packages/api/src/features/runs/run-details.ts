import {
  applyEvent,
  newRun,
  type ProviderTotal,
  type RunEvent,
  type RunState,
  type StepState,
  type WorkflowDefinition,
} from '@switchyard/core/workflows';
import type { CallRecord as CallRow } from '../../generated/prisma/client.ts';
import { AttemptList } from './attempt-list.ts';
import type { ApprovalRecord, RouteRecord, RunDetails, RunRecord, StepRecord, StepStateName } from './run-record.ts';
import { mostAttempts } from './run-record.ts';

type Step = WorkflowDefinition['steps'][number];

/** What is gathered of a step beside its state. */
interface Gathered {
  readonly approvals: ApprovalRecord[];
  readonly routes: RouteRecord[];
  readonly attempts: AttemptList;
  partial: string;
  reason: string | undefined;
  fromRunId: string | undefined;
  isGiven: boolean;
}

const mostRoutes = 200;

/** A run with all its steps, from its events of all kinds in order, and what is on record of its calls. Pure. */
export function buildRunDetails(
  run: RunRecord,
  definition: WorkflowDefinition,
  events: readonly RunEvent[],
  records: readonly CallRow[],
): RunDetails {
  const steps = new Map(definition.steps.map((step) => [step.id, step]));
  const gathered = new Map<string, Gathered>(definition.steps.map(({ id }) => [id, nothing()]));
  let state: RunState = newRun;
  for (const event of events) {
    state = applyEvent(state, event);
    gather(event, gathered, steps);
  }
  for (const record of records) gathered.get(record.stepId ?? '')?.attempts.addRecord(record);
  return {
    run,
    definition,
    lastSeq: events.at(-1)?.seq ?? 0,
    steps: definition.steps.map((step) => toStepRecord(step, state, gathered.get(step.id) ?? nothing())),
  };
}

const nothing = (): Gathered => ({
  approvals: [],
  routes: [],
  attempts: new AttemptList(),
  partial: '',
  reason: undefined,
  fromRunId: undefined,
  isGiven: false,
});

function gather(event: RunEvent, all: ReadonlyMap<string, Gathered>, steps: ReadonlyMap<string, Step>): void {
  if (event.type === 'run-started') {
    for (const [id, { fromRunId }] of Object.entries(event.given ?? {})) {
      const own = all.get(id);
      if (own) Object.assign(own, { isGiven: true, fromRunId });
    }
    return;
  }
  if (event.type === 'run-retried') {
    for (const id of event.resetStepIds) Object.assign(all.get(id) ?? {}, { isGiven: false, fromRunId: undefined });
    return;
  }
  if (!('stepId' in event)) return;
  const own = all.get(event.stepId);
  if (!own) return;
  switch (event.type) {
    case 'step-started':
      own.reason = undefined;
      own.partial = '';
      break;
    case 'step-skipped':
      own.reason = event.reason;
      break;
    case 'step-completed':
      own.reason = event.reason;
      own.partial = '';
      break;
    case 'approval-requested':
      own.approvals.push(toApproval(event, steps.get(event.stepId)));
      break;
    case 'approval-decided':
      decide(own.approvals, event);
      break;
    case 'route-decided':
      if (own.routes.length < mostRoutes) own.routes.push(event);
      own.attempts.add(event);
      break;
    case 'call-started':
    case 'output-reset':
      own.partial = '';
      break;
    case 'output-delta':
      if (event.slot === 0 && event.itemIndex === undefined)
        own.partial = own.partial.slice(0, event.offset) + event.text;
      own.attempts.add(event);
      break;
    default:
      own.attempts.add(event);
  }
}

function toApproval(event: Extract<RunEvent, { type: 'approval-requested' }>, step: Step | undefined): ApprovalRecord {
  const { approvalId, stepId, kind, message, subject, atMs, expiresAtMs, budgetApprovalId } = event;
  const isStep = kind === 'step' && step?.type === 'approval';
  return {
    approvalId,
    stepId,
    kind,
    message,
    subject,
    canEdit: isStep && (step.canEdit ?? false),
    approvers: isStep ? (step.approvers ?? 'developer') : 'admin',
    requestedAtMs: atMs,
    expiresAtMs,
    budgetApprovalId,
    decision: undefined,
  };
}

function decide(approvals: ApprovalRecord[], event: Extract<RunEvent, { type: 'approval-decided' }>): void {
  const index = approvals.findIndex((each) => each.approvalId === event.approvalId && !each.decision);
  const found = approvals[index];
  if (!found) return;
  const { isApproved, decidedBy, comment, atMs } = event;
  approvals[index] = { ...found, decision: { isApproved, decidedBy, comment, decidedAtMs: atMs } };
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
    attemptCount: attempts.length,
    totals: own.attempts.totals as readonly ProviderTotal[],
  };
}

function nameState(current: StepState | undefined, { status }: RunState): StepStateName {
  if (!current) return 'pending';
  if (current.status !== 'running') return current.status;
  // A step that its run left behind did not end.
  if (status === 'finished') return 'failed';
  return current.approval && !current.approval.decision ? 'waiting' : 'running';
}
