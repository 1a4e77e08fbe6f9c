import type { TimelineEntry } from '@switchyard/core/events';
import { formatUsd, toStorableText } from '@switchyard/core/kernel';
import { builder, defaultPageSize, listCost } from '../../graphql/builder.ts';
import {
  ComparisonStateEnum,
  DataOriginEnum,
  FinishReasonEnum,
  LaneStateEnum,
  ReasoningEffortEnum,
} from '../../graphql/enums.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { ModelType } from '../catalog/catalog.schema.ts';
import { RouteDecisionType } from '../routing/decision.types.ts';
import { findDecision } from '../routing/find-decision.ts';
import { TimelineEntryType } from '../routing/timeline.types.ts';
import { CallWarningType, LaneFailureType, ToolCallType, UsageType } from './answer.types.ts';
import type { GenerationParameters } from './generation-input.ts';
import type { StoredLimits } from './lane-limits-input.ts';
import { ModelLimitsType } from './model-limits.types.ts';
import { readResumePoint, readRunningLane } from './running-snapshot.ts';

const GenerationParametersType = builder.objectRef<GenerationParameters>('GenerationParameters').implement({
  description: "How the models were asked to write. Null: the provider's default.",
  fields: (t) => ({
    maxOutputTokens: t.int({
      nullable: true,
      description: 'The most tokens to write.',
      resolve: (p) => p.maxOutputTokens ?? null,
    }),
    temperature: t.float({ nullable: true, description: '0 to 2.', resolve: (p) => p.temperature ?? null }),
    topP: t.float({ nullable: true, description: '0 to 1.', resolve: (p) => p.topP ?? null }),
    stopSequences: t.stringList({
      nullable: true,
      description: 'Where to stop.',
      resolve: (p) => p.stopSequences ?? null,
    }),
    seed: t.int({ nullable: true, description: 'For similar answers.', resolve: (p) => p.seed ?? null }),
    reasoningEffort: t.field({
      type: ReasoningEffortEnum,
      nullable: true,
      description: 'How much to think.',
      resolve: (p) => p.reasoningEffort ?? null,
    }),
  }),
});

/** Whole tokens of one lane's row, absent where the provider did not say. */
function usageOf(
  lane: Record<
    'inputTokens' | 'cachedInputTokens' | 'cacheWriteTokens' | 'outputTokens' | 'reasoningTokens',
    number | null
  >,
) {
  return Object.fromEntries(Object.entries(lane).filter(([, value]) => value !== null));
}

const isRunning = (lane: { readonly state: string }) => lane.state === 'RUNNING' || lane.state === 'QUEUED';

const usageColumns = {
  inputTokens: true,
  cachedInputTokens: true,
  cacheWriteTokens: true,
  outputTokens: true,
  reasoningTokens: true,
} as const;

export const LaneType = builder.prismaNode('ComparisonLane', {
  nullable: true,
  description: "One model's answer within a comparison.",
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    position: t.exposeInt('position', { description: 'Its place in the comparison, from 0.' }),
    modelId: t.exposeString('modelId', { description: '`provider/model` as it was asked for.' }),
    model: t.field({
      type: ModelType,
      nullable: true,
      description: 'The model; null when the installation no longer offers it.',
      select: { modelId: true },
      resolve: (lane, _args, { services, identity }) =>
        services.providers.findModel(identity.teamId, lane.modelId) ?? null,
    }),
    limits: t.field({
      type: ModelLimitsType,
      nullable: true,
      description: 'What its model may use; null when only budgets limit it.',
      select: { limits: true },
      resolve: ({ limits }) => limits as StoredLimits | null,
    }),
    fallbacks: t.exposeStringList('fallbacks', { description: 'Who is asked when it cannot answer, or may not.' }),
    origin: t.expose('origin', { type: DataOriginEnum, description: 'Whether the answer is real.' }),
    state: t.expose('state', { type: LaneStateEnum, description: 'Where it stands.' }),
    attempt: t.exposeInt('attempt', { description: '1 for the first run, one more for each retry.' }),
    output: t.string({
      description: 'The answer; while the lane runs, what has been written of it.',
      select: { id: true, comparisonId: true, state: true, output: true },
      resolve: async (lane, _args, context) =>
        isRunning(lane) ? ((await readRunningLane(context, lane.comparisonId, lane.id))?.output ?? '') : lane.output,
    }),
    reasoning: t.string({
      description: 'What the model thought, where it says.',
      select: { id: true, comparisonId: true, state: true, reasoning: true },
      resolve: async (lane, _args, context) =>
        isRunning(lane)
          ? ((await readRunningLane(context, lane.comparisonId, lane.id))?.reasoning ?? '')
          : lane.reasoning,
    }),
    toolCalls: t.field({
      type: [ToolCallType],
      description: 'The tools it asked to call.',
      select: { toolCalls: true },
      resolve: (lane) => lane.toolCalls as { id: string; toolName: string; input: string }[],
    }),
    finishReason: t.field({
      type: FinishReasonEnum,
      nullable: true,
      description: 'Why it ended; null while it runs and when it never said.',
      select: { finishReason: true },
      resolve: (lane) => lane.finishReason as 'stop' | null,
    }),
    rawFinishReason: t.exposeString('rawFinishReason', {
      nullable: true,
      description: "The same in the provider's words.",
    }),
    usage: t.field({
      type: UsageType,
      nullable: true,
      description: 'The tokens used; null while it runs.',
      select: { ...usageColumns, finishedAt: true },
      resolve: ({ finishedAt, ...lane }) =>
        finishedAt === null
          ? null
          : usageOf({
              inputTokens: lane.inputTokens,
              cachedInputTokens: lane.cachedInputTokens,
              cacheWriteTokens: lane.cacheWriteTokens,
              outputTokens: lane.outputTokens,
              reasoningTokens: lane.reasoningTokens,
            }),
    }),
    costUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What it cost; null while it runs and when unknown.',
      select: { costNanoUsd: true },
      resolve: (lane) => (lane.costNanoUsd === null ? null : formatUsd(lane.costNanoUsd)),
    }),
    costUnknownReason: t.exposeString('costUnknownReason', { nullable: true, description: 'Why the cost is unknown.' }),
    isCostEstimated: t.exposeBoolean('isCostEstimated', {
      description: "Whether our own count of tokens stands in for the provider's, of one call at least.",
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When this attempt began.' }),
    firstTokenAt: t.expose('firstTokenAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the first token came.',
    }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it was over.' }),
    timeToFirstTokenMs: t.exposeInt('timeToFirstTokenMs', {
      nullable: true,
      description: 'From start to first token.',
    }),
    latencyMs: t.exposeInt('latencyMs', { nullable: true, description: 'From start to end.' }),
    tokensPerSecond: t.exposeFloat('tokensPerSecond', {
      nullable: true,
      description: 'Tokens per second between first token and end; reasoning that was not streamed does not count.',
    }),
    retries: t.exposeInt('retries', { description: 'How often the call was tried again within this attempt.' }),
    answeredModelId: t.exposeString('answeredModelId', {
      nullable: true,
      description: '`provider/model` that answered, when it is not the one that was asked for.',
    }),
    timeline: t.field({
      type: [TimelineEntryType],
      description: 'The steps of this attempt: calls, failures, waits, failovers.',
      select: { id: true, comparisonId: true, state: true, timeline: true },
      resolve: async (lane, _args, context) =>
        isRunning(lane)
          ? [...((await readRunningLane(context, lane.comparisonId, lane.id))?.timeline ?? [])]
          : (lane.timeline as unknown as TimelineEntry[]),
    }),
    decision: t.field({
      type: RouteDecisionType,
      nullable: true,
      description: 'Why this model; null when it was named and nothing had to be decided.',
      select: { id: true },
      resolve: ({ id }, _args, { services, identity }) => findDecision(services, identity.teamId, id),
    }),
    servedModel: t.exposeString('servedModel', {
      nullable: true,
      description: "The model that really answered, in the provider's words.",
    }),
    providerRequestId: t.exposeString('providerRequestId', {
      nullable: true,
      description: "The provider's own id of the request.",
    }),
    warnings: t.field({
      type: [CallWarningType],
      description: 'What did not happen as asked although the call went on.',
      select: { warnings: true },
      resolve: (lane) => lane.warnings as { type: string; setting?: string; message: string }[],
    }),
    failure: t.field({
      type: LaneFailureType,
      nullable: true,
      description: 'Why there is no whole answer.',
      select: { failure: true },
      resolve: (lane) => lane.failure as never,
    }),
    rating: t.int({
      nullable: true,
      description: 'Your own rating of this attempt, 1 to 5.',
      select: (_args, { identity }) => ({ attempt: true, ratings: { where: { userId: identity.userId ?? '' } } }),
      resolve: (lane) => lane.ratings.find((rating) => rating.attempt === lane.attempt)?.rating ?? null,
    }),
  }),
});

export const ComparisonType = builder.prismaNode('Comparison', {
  nullable: true,
  description: 'One prompt sent to several models at once, with their answers side by side.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    title: t.string({
      description: 'The first words of the prompt.',
      select: { prompt: true },
      resolve: ({ prompt }) => titleOf(prompt),
    }),
    prompt: t.exposeString('prompt', { description: 'What was asked.' }),
    systemPrompt: t.exposeString('systemPrompt', { nullable: true, description: 'What every model was told first.' }),
    imageCount: t.int({
      description: 'How many images were sent along.',
      select: { images: true },
      resolve: ({ images }) => (images as unknown[]).length,
    }),
    parameters: t.field({
      type: GenerationParametersType,
      description: 'How the models were asked to write.',
      select: { parameters: true },
      resolve: ({ parameters }) => parameters as GenerationParameters,
    }),
    state: t.expose('state', { type: ComparisonStateEnum, description: 'Where it stands.' }),
    origin: t.expose('origin', { type: DataOriginEnum, description: 'Whether the answers are real.' }),
    lanes: t.relation('lanes', {
      description: 'The answers, in the order in which the models were named.',
      complexity: listCost(8),
      query: { orderBy: { position: 'asc' } },
    }),
    bestLaneId: t.field({
      type: 'ID',
      nullable: true,
      description: 'The lane that was marked as the best.',
      select: { bestLaneId: true },
      resolve: ({ bestLaneId }) => (bestLaneId === null ? null : encodeId('ComparisonLane', bestLaneId)),
    }),
    notes: t.exposeString('notes', { nullable: true, description: 'What the team noted.' }),
    tags: t.exposeStringList('tags', { description: 'What its calls are marked with.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was started.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last lane was over.',
    }),
    contentRemovedAt: t.expose('contentRemovedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When prompt and answers were taken away, because the settings of the team keep none; null while they are there.',
    }),
    createdBy: t.relation('createdBy', { nullable: true, description: 'Who started it.' }),
    totalCostUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What all lanes cost; null while one runs and when the cost of one is unknown.',
      // The same order as everywhere: selections that differ would cost a query for each comparison of a list.
      select: { lanes: { orderBy: { position: 'asc' }, select: { costNanoUsd: true } } },
      resolve: ({ lanes }) => {
        const costs = lanes.map((lane) => lane.costNanoUsd);
        return costs.includes(null) ? null : formatUsd(costs.reduce<bigint>((sum, cost) => sum + (cost ?? 0n), 0n));
      },
    }),
    lastSeq: t.int({
      description:
        'Subscribe with `afterSeq: lastSeq` to go on from this very answer without a gap. A delta whose `offset` lies within the `output` you have was read already.',
      select: { id: true, state: true, lanes: { orderBy: { position: 'asc' }, select: { id: true, state: true } } },
      resolve: (comparison, _args, context) => readResumePoint(context, comparison),
    }),
  }),
});

const titleCharacters = 80;

/** The first words of a prompt, on one line. */
export function titleOf(prompt: string): string {
  const line = prompt.trim().replace(/\s+/g, ' ');
  if (line.length <= titleCharacters) return line;
  const cut = line.slice(0, titleCharacters);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), titleCharacters / 2)).trimEnd()}…`;
}

const ComparisonFilterInput = builder.inputType('ComparisonFilter', {
  description: 'Which comparisons to list; every condition given must hold.',
  fields: (t) => ({
    search: t.string({ description: 'A part of the prompt or the notes.' }),
    modelIds: t.stringList({ description: 'Only comparisons with one of these models.' }),
    state: t.field({ type: ComparisonStateEnum, description: 'Only comparisons in this state.' }),
  }),
});

builder.queryFields((t) => ({
  comparison: t.prismaField({
    type: ComparisonType,
    nullable: true,
    description: 'One comparison; null when your team has no such.',
    args: { id: t.arg.globalID({ required: true, description: 'Its id.', for: ComparisonType }) },
    resolve: (query, _root, { id }, { services, identity }) =>
      services.prisma.comparison.findUnique({ ...query, where: { id_teamId: { id: id.id, teamId: identity.teamId } } }),
  }),
  comparisons: t.prismaConnection(
    {
      type: ComparisonType,
      cursor: 'id',
      description: "Your team's comparisons, newest first.",
      complexity: (args) => ({ field: 1, multiplier: args.first ?? args.last ?? defaultPageSize }),
      args: { filter: t.arg({ type: ComparisonFilterInput, description: 'Which comparisons.' }) },
      totalCount: (_root, { filter }, { services, identity }) =>
        services.prisma.comparison.count({ where: toWhere(identity.teamId, filter) }),
      resolve: (query, _root, args, { services, identity }) => {
        assertPageSize(args, 'comparisons');
        return services.prisma.comparison.findMany({
          ...query,
          where: toWhere(identity.teamId, args.filter),
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        });
      },
    },
    { name: 'ComparisonConnection', description: 'A page of comparisons.' },
    { name: 'ComparisonEdge' },
  ),
}));

function toWhere(teamId: string, filter: typeof ComparisonFilterInput.$inferInput | null | undefined) {
  const search = filter?.search && toStorableText(filter.search.trim());
  return {
    teamId,
    ...(filter?.state && { state: filter.state }),
    ...(filter?.modelIds && { lanes: { some: { modelId: { in: filter.modelIds.map(toStorableText) } } } }),
    ...(search && {
      OR: [
        { prompt: { contains: search, mode: 'insensitive' as const } },
        { notes: { contains: search, mode: 'insensitive' as const } },
      ],
    }),
  };
}
