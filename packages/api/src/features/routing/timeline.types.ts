import { type TimelineEntry, timelineKinds } from '@switchyard/core/events';
import { builder } from '../../graphql/builder.ts';
import { CircuitStateEnum, ErrorBlameEnum, ProviderErrorKindEnum, valuesOf } from '../../graphql/enums.ts';
import { RouteStepType } from './route-step.types.ts';

const TimelineKindEnum = builder.enumType('TimelineKind', {
  description: 'What happened on the way to an answer.',
  values: valuesOf(
    {
      'route-decided': 'The router chose which models are asked, and in which order.',
      'attempt-started': 'A model was called.',
      'attempt-failed': 'The call failed.',
      'retry-scheduled': 'The same model is called again after a wait.',
      'failover-happened': 'Another model is asked in its place.',
      'circuit-changed': 'The circuit of the model opened, is being probed, or closed.',
      'candidate-skipped': 'A model was passed over without being asked.',
      'hedge-started': 'A second model was asked beside the first, which was still silent.',
      'hedge-lost': 'A call was given up because another one answered first.',
      'output-voided': 'The text so far became void; the answer is written anew.',
      'budget-refused': 'A budget or limit stood against a call, which was not made.',
      'approval-requested': 'People were asked for more money than a budget has.',
      'approval-decided': 'They decided, or nobody did in time.',
      'output-limited': 'The answer was limited so that it fits into what budgets leave.',
      'latency-target-missed': 'The answer took longer than was hoped for.',
    },
    timelineKinds,
  ),
});

/** One step on the way to an answer. */
export const TimelineEntryType = builder.objectRef<TimelineEntry>('TimelineEntry').implement({
  description: 'One step on the way to an answer. A field that says nothing of this kind of step is null.',
  fields: (t) => ({
    kind: t.expose('kind', { type: TimelineKindEnum, description: 'What happened.' }),
    at: t.field({ type: 'DateTime', description: 'When.', resolve: ({ atMs }) => new Date(atMs) }),
    elapsedMs: t.exposeInt('elapsedMs', { description: 'Time since the first step.' }),
    providerId: t.exposeString('providerId', { description: 'The slug of the provider concerned.' }),
    modelId: t.exposeString('modelId', {
      description: '`provider/model` concerned; of a failover, the one that is left.',
    }),
    attempt: t.int({
      nullable: true,
      description: 'The number of the call, from 1.',
      resolve: ({ attempt }) => attempt ?? null,
    }),
    isProbe: t.boolean({
      nullable: true,
      description: 'Whether the call asked if the model is back.',
      resolve: ({ isProbe }) => isProbe ?? null,
    }),
    isContinuation: t.boolean({
      nullable: true,
      description: 'Whether the model was asked to write on from the text so far.',
      resolve: ({ isContinuation }) => isContinuation ?? null,
    }),
    toModelId: t.string({
      nullable: true,
      description: '`provider/model` that is asked now.',
      resolve: ({ toModelId }) => toModelId ?? null,
    }),
    reason: t.string({
      nullable: true,
      description: 'Why, as a closed word: `timeout`, `circuit-open`, `attempts-used`, …',
      resolve: ({ reason }) => reason ?? null,
    }),
    errorKind: t.field({
      type: ProviderErrorKindEnum,
      nullable: true,
      description: 'What went wrong.',
      resolve: ({ errorKind }) => errorKind ?? null,
    }),
    blame: t.field({
      type: ErrorBlameEnum,
      nullable: true,
      description: 'Who has to act.',
      resolve: ({ blame }) => blame ?? null,
    }),
    message: t.string({
      nullable: true,
      description: "In the provider's own words where there are any.",
      resolve: ({ message }) => message ?? null,
    }),
    waitMs: t.int({
      nullable: true,
      description: 'How long is waited before the next try.',
      resolve: ({ waitMs }) => waitMs ?? null,
    }),
    latencyMs: t.int({
      nullable: true,
      description: 'How long the call took.',
      resolve: ({ latencyMs }) => latencyMs ?? null,
    }),
    circuit: t.field({
      type: CircuitStateEnum,
      nullable: true,
      description: 'The state of the circuit now.',
      resolve: ({ circuit }) => circuit ?? null,
    }),
    probeAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When an open circuit lets a probe through.',
      resolve: ({ probeAtMs }) => (probeAtMs === undefined ? null : new Date(probeAtMs)),
    }),
    budgetName: t.string({
      nullable: true,
      description: 'The budget or limit concerned.',
      resolve: ({ budgetName }) => budgetName ?? null,
    }),
    decision: t.string({
      nullable: true,
      description:
        'What was done instead of the call (`skip-to-next`, `cheaper-equivalent`, `ask-approval`, `fail-fast`), or what people decided (`approved`, `declined`, `expired`).',
      resolve: ({ decision }) => decision ?? null,
    }),
    maxOutputTokens: t.int({
      nullable: true,
      description: 'The longest answer that was paid for.',
      resolve: ({ maxOutputTokens }) => maxOutputTokens ?? null,
    }),
    latencyTargetMs: t.int({
      nullable: true,
      description: 'How long the answer was hoped to take.',
      resolve: ({ latencyTargetMs }) => latencyTargetMs ?? null,
    }),
    route: t.field({
      type: RouteStepType,
      nullable: true,
      description: 'Of a decision of the router: why.',
      // It comes with the row of the lane, however long its lists are.
      complexity: { field: 1, multiplier: 0 },
      resolve: ({ route }) => route ?? null,
    }),
    voidedLength: t.int({
      nullable: true,
      description: 'How much text became void, in UTF-16 code units.',
      resolve: ({ voidedLength }) => voidedLength ?? null,
    }),
  }),
});
