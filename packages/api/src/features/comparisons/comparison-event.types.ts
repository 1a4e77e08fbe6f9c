import type { ComparisonEvent, LaneFigures, TimelineKind } from '@switchyard/core/events';
import { formatUsd } from '@switchyard/core/kernel';
import { builder } from '../../graphql/builder.ts';
import { FinishReasonEnum } from '../../graphql/enums.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { TimelineEntryType } from '../routing/timeline.types.ts';
import { CallPlaceType, encodeLaneId, type LaneMark } from '../runs/call-place.types.ts';
import { CallWarningType, LaneFailureType, ToolCallType, UsageType } from './answer.types.ts';

/** An event with the comparison it belongs to, as a subscriber gets it. */
export type DeliveredEvent<Type extends ComparisonEvent['type'] = ComparisonEvent['type']> = Extract<
  ComparisonEvent,
  { type: Type }
> & { readonly comparisonId: string };

export const SequencedEventType = builder.interfaceRef<DeliveredEvent>('SequencedEvent').implement({
  description:
    'An event with its place. Numbers grow within one comparison or run; those of a comparison count from 1 without gaps.',
  fields: (t) => ({
    seq: t.exposeInt('seq', {
      description: 'All events up to this number have been delivered: resume with `afterSeq`.',
    }),
    at: t.field({ type: 'DateTime', description: 'When it happened.', resolve: (event) => new Date(event.atMs) }),
  }),
});

const usd = (nano: string | undefined) => (nano === undefined ? null : formatUsd(BigInt(nano)));

/** An event type that concerns one lane. */
function laneEvent<const Type extends Exclude<ComparisonEvent['type'], 'comparison-started' | 'comparison-finished'>>(
  name: string,
) {
  const ref = builder.objectRef<DeliveredEvent<Type>>(name);
  builder.objectField(ref as never, 'laneId', (t) =>
    t.field({
      type: 'ID',
      description: 'The lane concerned.',
      resolve: (event) => encodeLaneId(event as unknown as LaneMark),
    }),
  );
  builder.objectField(ref as never, 'place', (t) =>
    t.field({
      type: CallPlaceType,
      nullable: true,
      description: 'Of a run: which call; null in a comparison.',
      resolve: (event) => (event as unknown as LaneMark).place ?? null,
    }),
  );
  return ref;
}

/** Fields that all ends of a lane share. */
function figureFields(ref: unknown): void {
  builder.objectFields(ref as ReturnType<typeof builder.objectRef<LaneFigures>>, (t) => ({
    usage: t.expose('usage', { type: UsageType, description: 'The tokens used, as far as the provider said.' }),
    costUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What it cost; null when unknown.',
      resolve: (event) => usd(event.costNanoUsd),
    }),
    costUnknownReason: t.string({
      nullable: true,
      description: 'Why the cost is unknown.',
      resolve: (event) => event.costUnknownReason ?? null,
    }),
    isCostEstimated: t.boolean({
      description: "Whether our own count of tokens stands in for the provider's, of one call at least.",
      resolve: (event) => event.isCostEstimated ?? false,
    }),
    latencyMs: t.exposeInt('latencyMs', { description: 'From start to end.' }),
    timeToFirstTokenMs: t.int({
      nullable: true,
      description: 'From start to first token; null when none came.',
      resolve: (event) => event.timeToFirstTokenMs ?? null,
    }),
  }));
}

const ComparisonStarted = builder.objectRef<DeliveredEvent<'comparison-started'>>('ComparisonStarted');
ComparisonStarted.implement({
  description: 'The comparison began.',
  interfaces: [SequencedEventType],
  fields: (t) => ({
    comparisonId: t.id({
      description: 'The comparison.',
      resolve: (event) => encodeId('Comparison', event.comparisonId),
    }),
    laneIds: t.idList({
      description: 'Its lanes, in order.',
      resolve: (event) => event.laneIds.map((id) => encodeId('ComparisonLane', id)),
    }),
  }),
});

const LaneStarted = laneEvent<'lane-started'>('LaneStarted');
LaneStarted.implement({
  description: 'A model is being called.',
  interfaces: [SequencedEventType],
  fields: (t) => ({
    attempt: t.exposeInt('attempt', { description: '1 for the first run, one more for each retry.' }),
    providerId: t.exposeString('providerId', { description: 'The slug of the provider.' }),
    modelId: t.exposeString('modelId', { description: '`provider/model`.' }),
  }),
});

const deltaFields = (name: string, what: string) => {
  const ref = laneEvent<'output-delta' | 'reasoning-delta'>(name);
  ref.implement({
    description: `${what} Deltas are gathered for about 40 ms.`,
    interfaces: [SequencedEventType],
    fields: (t) => ({
      text: t.exposeString('text', { description: 'What was added.' }),
      offset: t.exposeInt('offset', {
        description: 'Length of the text before it, in UTF-16 code units: joined deltas can be checked against it.',
      }),
    }),
  });
  return ref;
};
export const OutputDelta = deltaFields('OutputDelta', 'The model wrote more.');
export const ReasoningDelta = deltaFields('ReasoningDelta', 'The model thought more.');

export const ToolCallRequested = laneEvent<'tool-call'>('ToolCallRequested');
ToolCallRequested.implement({
  description: 'The model asks for a tool to be called.',
  interfaces: [SequencedEventType],
  fields: (t) => ({
    toolCall: t.field({ type: ToolCallType, description: 'Which tool, with what.', resolve: (event) => event }),
  }),
});

export const OutputReset = laneEvent<'output-reset'>('OutputReset');
OutputReset.implement({
  description: 'The lane starts again: everything received of it so far is void.',
  interfaces: [SequencedEventType],
  fields: (t) => ({
    attempt: t.exposeInt('attempt', { description: 'The number of the attempt that begins.' }),
    reason: t.exposeString('reason', { description: 'Why.' }),
  }),
});

/** One event type for each kind of step, so that a subscriber can choose; all carry the whole step. */
export const progressNames = {
  'route-decided': ['LaneRouteDecided', 'The router chose which models are asked, and in which order.'],
  'attempt-started': ['AttemptStarted', 'A model was called.'],
  'attempt-failed': ['AttemptFailed', 'A call failed; the lane may still end well.'],
  'retry-scheduled': ['RetryScheduled', 'The same model is called again after a wait.'],
  'failover-happened': ['FailoverHappened', 'Another model is asked in its place.'],
  'circuit-changed': ['CircuitChanged', 'The circuit of a model opened, is being probed, or closed.'],
  'candidate-skipped': ['CandidateSkipped', 'A model was passed over without being asked.'],
  'hedge-started': ['HedgeStarted', 'A second model was asked beside the first, which was still silent.'],
  'hedge-lost': ['HedgeLost', 'A call was given up because another one answered first.'],
  'output-voided': ['OutputVoided', 'The text so far is void; an OutputReset tells from where it is written anew.'],
  'budget-refused': ['GuardrailBreached', 'A budget or limit stood against a call, which was not made.'],
  'approval-requested': ['LaneApprovalRequested', 'People were asked for more money than a budget has.'],
  'approval-decided': ['LaneApprovalDecided', 'They decided, or nobody did in time.'],
  'output-limited': ['OutputLimited', 'The answer was limited so that it fits into what budgets leave.'],
  'latency-target-missed': ['LatencyTargetMissed', 'The answer took longer than was hoped for.'],
} as const satisfies Record<TimelineKind, readonly [string, string]>;

const LaneProgress = builder.interfaceRef<DeliveredEvent<'lane-progressed'>>('LaneProgress').implement({
  description: 'A step on the way to the answer of a lane.',
  fields: (t) => ({
    laneId: t.id({
      description: 'The lane concerned.',
      resolve: encodeLaneId,
    }),
    place: t.field({
      type: CallPlaceType,
      nullable: true,
      description: 'Of a run: which call; null in a comparison.',
      resolve: (event) => (event as LaneMark).place ?? null,
    }),
    entry: t.expose('entry', { type: TimelineEntryType, description: 'The step.' }),
  }),
});

export const progressTypes = Object.values(progressNames).map(([name, description]) =>
  builder
    .objectRef<DeliveredEvent<'lane-progressed'>>(name)
    .implement({ description, interfaces: [SequencedEventType, LaneProgress] }),
);

export const OutputCompleted = laneEvent<'lane-completed'>('OutputCompleted');
OutputCompleted.implement({
  description: 'The answer is whole.',
  interfaces: [SequencedEventType],
  fields: (t) => ({
    finishReason: t.field({
      type: FinishReasonEnum,
      description: 'Why the model ended.',
      resolve: (event) => event.finishReason.unified,
    }),
    rawFinishReason: t.string({
      nullable: true,
      description: "The same in the provider's words.",
      resolve: (event) => event.finishReason.raw ?? null,
    }),
    tokensPerSecond: t.float({
      nullable: true,
      description: 'Tokens per second between first token and end; reasoning that was not streamed does not count.',
      resolve: (event) => event.tokensPerSecond ?? null,
    }),
    retries: t.exposeInt('retries', { description: 'How often the call was tried again.' }),
    answeredModelId: t.string({
      nullable: true,
      description: '`provider/model` that answered, when it is not the one that was asked for.',
      resolve: (event) => event.answeredModelId ?? null,
    }),
    servedModel: t.string({
      nullable: true,
      description: "The model that really answered, in the provider's words.",
      resolve: (event) => event.servedModel ?? null,
    }),
    providerRequestId: t.string({
      nullable: true,
      description: "The provider's own id of the request.",
      resolve: (event) => event.providerRequestId ?? null,
    }),
    warnings: t.field({
      type: [CallWarningType],
      description: 'What did not happen as asked although the call went on.',
      resolve: (event) => [...event.warnings],
    }),
  }),
});
figureFields(OutputCompleted);

const LaneFailed = laneEvent<'lane-failed'>('LaneFailed');
LaneFailed.implement({
  description: 'The lane ended without a whole answer. What was received stays, but it is not the answer.',
  interfaces: [SequencedEventType],
  fields: (t) => ({
    failure: t.expose('failure', { type: LaneFailureType, description: 'What went wrong and what to do.' }),
  }),
});
figureFields(LaneFailed);

const LaneStopped = laneEvent<'lane-stopped'>('LaneStopped');
LaneStopped.implement({
  description: 'A person stopped the lane. What was received stays.',
  interfaces: [SequencedEventType],
});
figureFields(LaneStopped);

const LaneInterrupted = laneEvent<'lane-interrupted'>('LaneInterrupted');
LaneInterrupted.implement({
  description: 'The server stopped or died while the lane ran. What was received stays; retry the lane.',
  interfaces: [SequencedEventType],
  fields: (t) => ({ message: t.exposeString('message', { description: 'For people.' }) }),
});

const ComparisonFinished = builder.objectRef<DeliveredEvent<'comparison-finished'>>('ComparisonFinished');
ComparisonFinished.implement({
  description:
    'All lanes are over. The stream completes after it; a later retry of a lane makes a new one worth while.',
  interfaces: [SequencedEventType],
  fields: (t) => ({
    comparisonId: t.id({
      description: 'The comparison.',
      resolve: (event) => encodeId('Comparison', event.comparisonId),
    }),
    totalCostUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What all lanes cost; null when the cost of one is unknown.',
      resolve: (event) => usd(event.totalCostNanoUsd),
    }),
  }),
});

const typeNames: Readonly<Record<Exclude<ComparisonEvent['type'], 'lane-progressed'>, string>> = {
  'comparison-started': 'ComparisonStarted',
  'lane-started': 'LaneStarted',
  'output-delta': 'OutputDelta',
  'reasoning-delta': 'ReasoningDelta',
  'tool-call': 'ToolCallRequested',
  'output-reset': 'OutputReset',
  'lane-completed': 'OutputCompleted',
  'lane-failed': 'LaneFailed',
  'lane-stopped': 'LaneStopped',
  'lane-interrupted': 'LaneInterrupted',
  'comparison-finished': 'ComparisonFinished',
};

export const ComparisonEventType = builder.unionType('ComparisonEvent', {
  description: 'Everything that can happen in a comparison.',
  types: [
    ComparisonStarted,
    LaneStarted,
    OutputDelta,
    ReasoningDelta,
    ToolCallRequested,
    OutputReset,
    ...progressTypes,
    OutputCompleted,
    LaneFailed,
    LaneStopped,
    LaneInterrupted,
    ComparisonFinished,
  ],
  resolveType: (value) => {
    const event = value as DeliveredEvent;
    return event.type === 'lane-progressed' ? progressNames[event.entry.kind][0] : typeNames[event.type];
  },
});
