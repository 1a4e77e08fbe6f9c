import { builder } from '../../graphql/builder.ts';
import { encodeId } from '../../graphql/global-id.ts';
import {
  OutputCompleted,
  OutputDelta,
  OutputReset,
  progressNames,
  progressTypes,
  ReasoningDelta,
  SequencedEventType,
  ToolCallRequested,
} from '../comparisons/comparison-event.types.ts';
import type { DeliveredRunEvent } from './deliver-run-event.ts';
import { RouteFactsInterface } from './route-decided.types.ts';
import { RunType } from './run.types.ts';
import { RunApprovalKindEnum } from './run-approval.types.ts';
import { RunErrorType, RunStateEnum, StepStateEnum } from './run-state.types.ts';
import { CallSpendType } from './run-totals.types.ts';
import { listModelOutputs, StepItemFailureType, StepModelOutputType } from './step-run.types.ts';

const runIdOf = ({ runId }: { readonly runId: string }) => encodeId('Run', runId);

const RunStarted = builder.objectRef<DeliveredRunEvent<'run-started' | 'run-retried'>>('RunStarted').implement({
  description: 'The run began, or goes on because it was retried.',
  interfaces: [SequencedEventType as never],
  fields: (t) => ({
    runId: t.id({ description: 'The run.', resolve: runIdOf }),
    retry: t.int({
      description: 'How often the run was retried, this time included; 0 at its beginning.',
      resolve: (event) => (event.type === 'run-retried' ? event.retry : 0),
    }),
    resetStepIds: t.stringList({
      description: 'Steps that begin anew: everything received of them is void.',
      resolve: (event) => (event.type === 'run-retried' ? [...event.resetStepIds] : []),
    }),
    resumedStepIds: t.stringList({
      description: 'Steps that go on with what succeeded of them.',
      resolve: (event) => (event.type === 'run-retried' ? [...event.resumedStepIds] : []),
    }),
    givenStepIds: t.stringList({
      description: 'Steps whose output was pinned or taken over: they are not executed.',
      resolve: (event) => (event.type === 'run-started' ? Object.keys(event.given ?? {}) : []),
    }),
    deadlineAt: t.field({
      type: 'DateTime',
      description: 'When the run fails unless it is over.',
      resolve: ({ deadlineAtMs }) => new Date(deadlineAtMs),
    }),
  }),
});

const StepStarted = builder.objectRef<DeliveredRunEvent<'step-started'>>('StepStarted').implement({
  description: 'A step is at work.',
  interfaces: [SequencedEventType as never],
  fields: (t) => ({
    stepId: t.exposeString('stepId', { description: 'Which step.' }),
    generation: t.exposeInt('generation', { description: 'How often it was begun anew by a retry, from 0.' }),
  }),
});

const RouteDecided = builder.objectRef<DeliveredRunEvent<'route-decided'>>('RouteDecided').implement({
  description: 'The models of a call were chosen.',
  interfaces: [SequencedEventType as never, RouteFactsInterface as never],
});

type StepEnd = DeliveredRunEvent<'step-completed' | 'step-failed' | 'step-skipped'>;

const stateOfEnd = {
  'step-completed': 'completed',
  'step-failed': 'failed',
  'step-skipped': 'skipped',
} as const satisfies Record<StepEnd['type'], string>;

const StepCompleted = builder.objectRef<StepEnd>('StepCompleted').implement({
  description: 'A step is over: completed, failed or skipped.',
  interfaces: [SequencedEventType as never],
  fields: (t) => ({
    stepId: t.exposeString('stepId', { description: 'Which step.' }),
    generation: t.exposeInt('generation', { description: 'How often it was begun anew by a retry, from 0.' }),
    state: t.field({ type: StepStateEnum, description: 'How it ended.', resolve: ({ type }) => stateOfEnd[type] }),
    output: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What later steps see of it.',
      resolve: (event) => (event.type === 'step-completed' ? (event.output ?? null) : null),
    }),
    modelOutputs: t.field({
      type: [StepModelOutputType],
      description: 'What each model gave.',
      resolve: (event) => listModelOutputs(event.type === 'step-completed' ? event.modelOutputs : undefined),
    }),
    modelId: t.string({
      nullable: true,
      description: '`provider/model` whose answer the output is.',
      resolve: (event) => (event.type === 'step-completed' ? (event.modelId ?? null) : null),
    }),
    chosen: t.stringList({
      nullable: true,
      description: 'Of a branch: the steps it goes to.',
      resolve: (event) => (event.type === 'step-completed' && event.chosen ? [...event.chosen] : null),
    }),
    failures: t.field({
      type: [StepItemFailureType],
      description: 'Of a map: entries that failed.',
      resolve: (event) => (event.type === 'step-completed' ? [...(event.failures ?? [])] : []),
    }),
    reason: t.string({
      nullable: true,
      description: 'Why it was skipped, or how a merge came to its output.',
      resolve: (event) => (event.type === 'step-failed' ? null : (event.reason ?? null)),
    }),
    error: t.field({
      type: RunErrorType,
      nullable: true,
      description: 'Why it failed.',
      resolve: (event) => (event.type === 'step-failed' ? event.error : null),
    }),
  }),
});

const ApprovalRequested = builder.objectRef<DeliveredRunEvent<'approval-requested'>>('ApprovalRequested').implement({
  description: 'A person is asked; the run waits for the answer.',
  interfaces: [SequencedEventType as never],
  fields: (t) => ({
    stepId: t.exposeString('stepId', { description: 'The step that asks.' }),
    approvalId: t.exposeString('approvalId', { description: 'To be given to approveStep or declineStep.' }),
    kind: t.expose('kind', { type: RunApprovalKindEnum, description: 'Why.' }),
    message: t.exposeString('message', { description: 'What the person is asked.' }),
    subject: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What it is about.',
      resolve: ({ subject }) => subject ?? null,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When time decides.',
      resolve: ({ expiresAtMs }) => (expiresAtMs === undefined ? null : new Date(expiresAtMs)),
    }),
    budgetApprovalId: t.field({
      type: 'ID',
      nullable: true,
      description: 'The request for more money; null for a step.',
      resolve: ({ budgetApprovalId }) =>
        budgetApprovalId === undefined ? null : encodeId('BudgetApproval', budgetApprovalId),
    }),
  }),
});

const RunFinished = builder.objectRef<DeliveredRunEvent<'run-finished'>>('RunFinished').implement({
  description: 'The run is over. The stream completes after it; a retry makes a new one worth while.',
  interfaces: [SequencedEventType as never],
  fields: (t) => ({
    runId: t.id({ description: 'The run.', resolve: runIdOf }),
    state: t.field({ type: RunStateEnum, description: 'How it ended.', resolve: ({ outcome }) => outcome }),
    outputs: t.field({
      type: 'JSON',
      nullable: true,
      description: 'By name; null unless it completed.',
      resolve: ({ outputs }) => outputs ?? null,
    }),
    error: t.field({
      type: RunErrorType,
      nullable: true,
      description: 'Why it failed.',
      resolve: ({ error }) => error ?? null,
    }),
    run: t.field({
      type: RunType,
      nullable: true,
      description: 'The run with its totals; null when it was deleted meanwhile.',
      resolve: async ({ runId }, _args, { services, identity }) =>
        (await services.runs.find(identity.teamId, runId)) ?? null,
    }),
  }),
});

type Answered = DeliveredRunEvent<'output-completed'>;
/** Null for the event of a comparison, whose lanes have no such. */
const answerOf = (event: unknown): Answered['answer'] | undefined => (event as Partial<Answered>).answer;

builder.objectFields(OutputCompleted, (t) => ({
  text: t.string({
    nullable: true,
    description: 'Of a run: the whole text. Null in a comparison, where deltas have it.',
    resolve: (event) => answerOf(event)?.text ?? null,
  }),
  value: t.field({
    type: 'JSON',
    nullable: true,
    description: 'Of a run: what the step makes of the text.',
    resolve: (event) => answerOf(event)?.value ?? null,
  }),
  outputProblem: t.string({
    nullable: true,
    description: 'Of a run: why the text is not what the step promised.',
    resolve: (event) => answerOf(event)?.outputProblem ?? null,
  }),
  spend: t.field({
    type: [CallSpendType],
    description: 'Of a run: what each provider was paid for the call, failed attempts included. Empty in a comparison.',
    resolve: (event) => [...((event as unknown as Partial<Answered>).spend ?? [])],
  }),
}));

type PlainType = Exclude<
  DeliveredRunEvent['type'],
  'call-progressed' | 'attempt-started' | 'attempt-failed' | 'failover-happened' | 'guardrail-breached'
>;

/** Bookkeeping of the engine, which is never delivered, stands as undefined. */
const typeNames: Readonly<Partial<Record<PlainType, string>>> = {
  'run-started': 'RunStarted',
  'run-retried': 'RunStarted',
  'step-started': 'StepStarted',
  'route-decided': 'RouteDecided',
  'output-delta': 'OutputDelta',
  'reasoning-delta': 'ReasoningDelta',
  'tool-call-requested': 'ToolCallRequested',
  'output-reset': 'OutputReset',
  'output-completed': 'OutputCompleted',
  'step-completed': 'StepCompleted',
  'step-failed': 'StepCompleted',
  'step-skipped': 'StepCompleted',
  'approval-requested': 'ApprovalRequested',
  'run-finished': 'RunFinished',
};

const progressTypeNames = {
  'attempt-started': 'AttemptStarted',
  'attempt-failed': 'AttemptFailed',
  'failover-happened': 'FailoverHappened',
  'guardrail-breached': 'GuardrailBreached',
} as const;

/** The member of the union that stands for an event; undefined for what readers do not see. */
export function runEventTypeName(event: DeliveredRunEvent): string | undefined {
  if (event.type === 'call-progressed') return progressNames[event.entry.kind][0];
  return Object.hasOwn(progressTypeNames, event.type)
    ? progressTypeNames[event.type as keyof typeof progressTypeNames]
    : typeNames[event.type as PlainType];
}

export const RunEventType = builder.unionType('RunEvent', {
  description: 'Everything that can happen in a run.',
  types: [
    RunStarted,
    StepStarted,
    RouteDecided,
    ToolCallRequested,
    OutputDelta,
    ReasoningDelta,
    OutputReset,
    ...progressTypes,
    OutputCompleted,
    StepCompleted,
    ApprovalRequested,
    RunFinished,
  ] as never,
  resolveType: (event) => runEventTypeName(event as DeliveredRunEvent),
});
