import { formatUsd } from '@switchyard/core/kernel';
import { builder } from '../../graphql/builder.ts';
import { DataOriginEnum, FinishReasonEnum } from '../../graphql/enums.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { IdempotencyFailure, ModelCallFailure, NoEligibleModelFailure, ValidationFailure } from '../../user-errors.ts';
import { CallWarningType, ToolCallType, UsageType } from '../comparisons/answer.types.ts';
import { GenerationParametersInput, ImageInput, idempotencyKeyDescription } from '../comparisons/generation.inputs.ts';
import { ModelLimitsInput } from '../comparisons/model-limits.types.ts';
import { BudgetExceededFailure } from '../guardrails/budget-exceeded.ts';
import { CallContextInput } from '../routing/call-context.types.ts';
import { RouteDecisionType } from '../routing/decision.types.ts';
import { findDecision } from '../routing/find-decision.ts';
import { TimelineEntryType } from '../routing/timeline.types.ts';
import { type Completion, complete } from './complete.ts';

const MessageRole = builder.enumType('MessageRole', {
  description: 'Who said something in a conversation.',
  values: {
    USER: { value: 'user', description: 'The person or program that asks.' },
    ASSISTANT: {
      value: 'assistant',
      description: 'The model. As the last message it is continued where the model can.',
    },
  } as const,
});

const MessageInput = builder.inputType('MessageInput', {
  description: 'One turn of a conversation.',
  fields: (t) => ({
    role: t.field({ type: MessageRole, required: true, description: 'Who said it.' }),
    content: t.string({ required: true, description: 'What was said.' }),
    images: t.field({ type: [ImageInput], description: 'Images of a turn of the user.' }),
  }),
});

const JsonOutputInput = builder.inputType('JsonOutputInput', {
  description: 'Asks for JSON.',
  fields: (t) => ({
    schema: t.field({ type: 'JSON', description: 'The JSON Schema to hold the answer to; any JSON when absent.' }),
    name: t.string({ description: 'A short name of the schema, which some providers want.' }),
  }),
});

const CompleteInput = builder.inputType('CompleteInput', {
  description: 'One question to one model. Give exactly one of `prompt` and `messages`.',
  fields: (t) => ({
    model: t.string({
      description:
        '`provider/model`, an alias, a chain, `role:name` or `auto`. Absent: `auto`, which may mean a model of its own for your API key.',
    }),
    prompt: t.string({ description: 'What to ask, 1 to 200,000 characters.' }),
    messages: t.field({ type: [MessageInput], description: 'A conversation, oldest turn first.' }),
    system: t.string({ description: 'What the model is told first.' }),
    images: t.field({ type: [ImageInput], description: 'Sent along with `prompt`.' }),
    parameters: t.field({ type: GenerationParametersInput, description: 'How the model should write.' }),
    limits: t.field({ type: ModelLimitsInput, description: 'What the model may use; absent: what budgets leave.' }),
    fallbacks: t.stringList({ description: 'Asked in order when it cannot answer or may not: at most five.' }),
    tags: t.stringList({ description: 'What the call is marked with, for budgets and reports: at most 20.' }),
    jsonOutput: t.field({ type: JsonOutputInput, description: 'Asks for JSON instead of prose.' }),
    context: t.field({
      type: CallContextInput,
      description: 'What the call is for: rules, settings and learning go by it.',
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const CompleteSuccess = builder.objectRef<Completion>('CompleteSuccess').implement({
  description: 'The whole answer with everything that is known of the call.',
  fields: (t) => ({
    callId: t.id({
      description: 'The record of the call.',
      resolve: (answer) => encodeId('CallRecord', answer.callId),
    }),
    text: t.exposeString('text', { description: 'The answer.' }),
    reasoning: t.exposeString('reasoning', { description: 'What the model thought, where it says.' }),
    toolCalls: t.field({
      type: [ToolCallType],
      description: 'The tools it asked to call.',
      resolve: (answer) => [...answer.toolCalls],
    }),
    finishReason: t.field({
      type: FinishReasonEnum,
      description: 'Why it ended.',
      resolve: ({ record }) => record.finishReason?.unified ?? 'other',
    }),
    rawFinishReason: t.string({
      nullable: true,
      description: "The same in the provider's words.",
      resolve: ({ record }) => record.finishReason?.raw ?? null,
    }),
    usage: t.field({ type: UsageType, description: 'The tokens used.', resolve: ({ record }) => record.usage }),
    costUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What it cost; null when unknown.',
      resolve: ({ record }) => (record.costNanoUsd === undefined ? null : formatUsd(BigInt(record.costNanoUsd))),
    }),
    isCostEstimated: t.boolean({
      description: "Whether our own count of tokens stands in for the provider's, of one call at least.",
      resolve: ({ record }) => record.isUsageEstimated ?? false,
    }),
    costUnknownReason: t.string({
      nullable: true,
      description: 'Why the cost is unknown.',
      resolve: ({ record }) => record.costUnknownReason ?? null,
    }),
    modelId: t.string({ description: '`provider/model` that answered.', resolve: ({ record }) => record.modelId }),
    providerId: t.string({
      description: 'The slug of the provider that answered.',
      resolve: ({ record }) => record.providerId,
    }),
    origin: t.field({
      type: DataOriginEnum,
      description: 'Whether the answer is real.',
      resolve: ({ record }) => (record.origin === 'live' ? 'LIVE' : 'SIMULATED'),
    }),
    servedModel: t.string({
      nullable: true,
      description: "The model that really answered, in the provider's words.",
      resolve: ({ record }) => record.servedModel ?? null,
    }),
    providerRequestId: t.string({
      nullable: true,
      description: "The provider's own id of the request.",
      resolve: ({ record }) => record.providerRequestId ?? null,
    }),
    latencyMs: t.int({ description: 'From start to end.', resolve: ({ record }) => record.latencyMs }),
    timeToFirstTokenMs: t.int({
      nullable: true,
      description: 'From start to first token.',
      resolve: ({ record }) => record.timeToFirstTokenMs ?? null,
    }),
    retries: t.int({ description: 'How often the call was tried again.', resolve: ({ retries }) => retries }),
    timeline: t.field({
      type: [TimelineEntryType],
      description: 'The steps on the way to the answer.',
      resolve: ({ timeline }) => [...timeline],
    }),
    decision: t.field({
      type: RouteDecisionType,
      nullable: true,
      description: 'Why this model; null when a model was named and nothing had to be decided.',
      resolve: ({ decisionId }, _args, { services, identity }) =>
        decisionId === undefined ? null : findDecision(services, identity.teamId, decisionId),
    }),
    warnings: t.field({
      type: [CallWarningType],
      description: 'What did not happen as asked although the call went on.',
      resolve: (answer) => [...answer.warnings],
    }),
  }),
});

builder.mutationField('complete', (t) =>
  t.field({
    type: CompleteSuccess,
    description: 'Asks one model for one answer. Costs model money.',
    errors: {
      types: [ValidationFailure, NoEligibleModelFailure, ModelCallFailure, BudgetExceededFailure, IdempotencyFailure],
      directResult: true,
      union: { name: 'CompleteResult', description: 'The answer, or why there is none.' },
    },
    args: { input: t.arg({ type: CompleteInput, required: true, description: 'What to ask.' }) },
    resolve: (_root, { input }, { services, identity, signal }) => complete(services, identity, input, signal),
  }),
);
