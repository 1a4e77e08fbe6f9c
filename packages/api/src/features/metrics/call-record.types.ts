import { formatUsd } from '@switchyard/core/kernel';
import type { ProviderErrorKind } from '@switchyard/core/spec';
import { builder } from '../../graphql/builder.ts';
import { DataOriginEnum, ProviderErrorKindEnum, valuesOf } from '../../graphql/enums.ts';
import { encodeId } from '../../graphql/global-id.ts';
import type { CallOutcome } from './list-call-records.ts';

export const CallOutcomeEnum = builder.enumType('CallOutcome', {
  description: 'How a call ended.',
  values: valuesOf<CallOutcome>(
    { succeeded: 'With a whole answer.', failed: 'Without one.', cancelled: 'It was stopped.' },
    ['succeeded', 'failed', 'cancelled'],
  ),
});

export const CallRecordType = builder.prismaNode('CallRecord', {
  nullable: true,
  description: 'One attempt to call a model, as figures count it. Holds neither the prompt nor the answer.',
  id: { field: 'id' },
  findUnique: (id, { identity }) => ({ id, teamId: identity.teamId }),
  fields: (t) => ({
    provider: t.exposeString('providerId', { description: 'The provider, by its name.' }),
    model: t.exposeString('modelId', { description: '`provider/model` as it was asked for.' }),
    servedModel: t.exposeString('servedModel', {
      nullable: true,
      description: 'What the provider says that answered.',
    }),
    origin: t.expose('origin', { type: DataOriginEnum, description: 'Whether the provider is real.' }),
    outcome: t.field({
      type: CallOutcomeEnum,
      description: 'How it ended.',
      resolve: ({ outcome }) => outcome as CallOutcome,
    }),
    errorKind: t.field({
      type: ProviderErrorKindEnum,
      nullable: true,
      description: 'What went wrong; null when nothing did.',
      resolve: ({ errorKind }) => errorKind as ProviderErrorKind | null,
    }),
    errorMessage: t.exposeString('errorMessage', { nullable: true, description: "In the provider's words." }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it began.' }),
    attempt: t.exposeInt('attempt', { description: '1 for the first attempt.' }),
    isHedge: t.exposeBoolean('isHedge', { description: 'Whether it was made beside another call that was silent.' }),
    latencyMs: t.exposeInt('latencyMs', { description: 'Until its end.' }),
    timeToFirstTokenMs: t.exposeInt('timeToFirstTokenMs', {
      nullable: true,
      description: 'Until the first piece of content; null when none came.',
    }),
    tokensPerSecond: t.exposeFloat('tokensPerSecond', { nullable: true, description: 'While it was writing.' }),
    inputTokens: t.exposeInt('inputTokens', { nullable: true, description: 'All input; null when unknown.' }),
    outputTokens: t.exposeInt('outputTokens', { nullable: true, description: 'All output; null when unknown.' }),
    isUsageEstimated: t.exposeBoolean('isUsageEstimated', {
      description: "Whether the tokens are our own count in place of the provider's.",
    }),
    costUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What it cost; null when unknown.',
      resolve: ({ costNanoUsd }) => (costNanoUsd === null ? null : formatUsd(costNanoUsd)),
    }),
    costUnknownReason: t.exposeString('costUnknownReason', {
      nullable: true,
      description: 'Why the cost is unknown.',
    }),
    source: t.exposeString('source', {
      description: 'Where it came from: comparison-lane, complete, openai-compatible, workflow-step, experiment.',
    }),
    role: t.exposeString('role', { nullable: true, description: 'The model role.' }),
    taskClass: t.exposeString('taskClass', { nullable: true, description: 'The kind of task.' }),
    workflow: t.exposeString('workflowId', { nullable: true, description: 'The workflow, by its name.' }),
    step: t.exposeString('stepId', { nullable: true, description: 'The step of the workflow.' }),
    tags: t.exposeStringList('tags', { description: 'What it was marked with.' }),
    runId: t.id({
      nullable: true,
      description: 'The run that it belongs to; null for other calls.',
      resolve: ({ runId }) => (runId === null ? null : encodeId('Run', runId)),
    }),
    comparisonId: t.id({
      nullable: true,
      description: 'The comparison that it belongs to; null for other calls, and when it was deleted.',
      resolve: async ({ source, sourceId, teamId }, _args, { services }) => {
        if (source !== 'comparison-lane' || sourceId === null) return null;
        const where = { id_teamId: { id: sourceId, teamId } };
        const lane = await services.prisma.comparisonLane.findUnique({ where, select: { comparisonId: true } });
        return lane ? encodeId('Comparison', lane.comparisonId) : null;
      },
    }),
  }),
});
