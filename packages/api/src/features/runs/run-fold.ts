import { applyEvent, newRun, type RunEvent, type RunState, type WorkflowDefinition } from '@switchyard/core/workflows';
import { AttemptList, type StoredAttempts } from './attempt-list.ts';
import { expandState, leanState } from './lean-state.ts';
import type { ApprovalRecord, RouteRecord } from './run-record.ts';

type Step = WorkflowDefinition['steps'][number];

/** What is gathered of a step beside its state. */
export interface Gathered {
  readonly approvals: ApprovalRecord[];
  readonly routes: RouteRecord[];
  readonly attempts: AttemptList;
  partial: string;
  reason: string | undefined;
  fromRunId: string | undefined;
  isGiven: boolean;
}

const mostRoutes = 200;

/** The form in which folds are stored; one of another form is made anew from the events. */
export const foldFormat = 1;

interface StoredFold {
  readonly state: RunState;
  readonly steps: Readonly<Record<string, Omit<Gathered, 'attempts'> & { readonly attempts: StoredAttempts }>>;
}

/**
 * What readers see of a run, from its events of all kinds in order. Can be stored at any number and taken up again, so
 * that a run with a hundred thousand events is not read from its beginning each time.
 */
export class RunFold {
  readonly #steps: ReadonlyMap<string, Step>;
  readonly #gathered: Map<string, Gathered>;
  #state: RunState;

  constructor(definition: WorkflowDefinition, stored?: string) {
    const known = stored === undefined ? undefined : (JSON.parse(stored) as StoredFold);
    this.#steps = new Map(definition.steps.map((step) => [step.id, step]));
    this.#state = known ? expandState(known.state) : newRun;
    this.#gathered = new Map(
      definition.steps.map(({ id }) => {
        const own = known?.steps[id];
        return [id, own ? { ...nothing(), ...own, attempts: new AttemptList(own.attempts) } : nothing()];
      }),
    );
  }

  /** Without what only calls look at, once it was stored. */
  get state(): RunState {
    return this.#state;
  }

  get lastSeq(): number {
    return this.#state.lastSeq;
  }

  of(stepId: string): Gathered {
    return this.#gathered.get(stepId) ?? nothing();
  }

  take(event: RunEvent): void {
    this.#state = applyEvent(this.#state, event);
    gather(event, this.#gathered, this.#steps);
  }

  /** As text; the answers of calls and the entries of maps, which stand in outputs too, are left out. */
  store(): string {
    const steps = [...this.#gathered].map(([id, own]) => [id, { ...own, attempts: own.attempts.store() }]);
    return JSON.stringify({ state: leanState(this.#state), steps: Object.fromEntries(steps) } satisfies StoredFold);
  }
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
