import { formatUsd } from '@switchyard/core/kernel';
import {
  type CriterionScore,
  type CriterionWeights,
  criteria,
  type MatchedRule,
  type RejectedModel,
  type RouteCandidate,
  type RoutePlan,
  rejectionCodes,
  strategies,
} from '@switchyard/core/routing';
import { builder } from '../../graphql/builder.ts';
import { valuesOf } from '../../graphql/enums.ts';
import { ModelType } from '../catalog/catalog.schema.ts';
import { toDecisionRecord } from './decision.mapping.ts';
import { ReplayType } from './replay.types.ts';
import { replayStored } from './replay-stored.ts';

export const RoutingStrategyEnum = builder.enumType('RoutingStrategy', {
  description: 'In which order models are asked.',
  values: valuesOf(
    {
      manual: 'As listed.',
      parallel: 'All at once.',
      weighted: "Drawn by the models' weights.",
      'cost-first': 'Cheapest expected call first.',
      'latency-first': 'Shortest median latency first.',
      'quality-first': 'Highest expected quality first.',
      'reliability-first': 'Fewest errors first.',
      balanced: 'Highest weighted mean of cost, latency, quality and reliability first.',
      adaptive: 'Learned from rewards.',
    },
    strategies,
  ),
});

const RejectionCodeEnum = builder.enumType('RouteRejectionCode', {
  description: 'Why a model may not serve a request.',
  values: Object.fromEntries(
    rejectionCodes.map((code) => [code, { value: code, description: rejectionDescriptions()[code] }]),
  ) as Record<(typeof rejectionCodes)[number], { value: (typeof rejectionCodes)[number]; description: string }>,
});

function rejectionDescriptions(): Readonly<Record<(typeof rejectionCodes)[number], string>> {
  return {
    NOT_ALLOWED: 'Not among the models that are allowed.',
    UNKNOWN_MODEL: 'Not set up in this team.',
    DENIED_BY_RULE: 'A rule denies it.',
    RESTRICTED_BY_RULE: 'A rule allows other models only.',
    UNAVAILABLE: 'It cannot be called now.',
    MISSING_CAPABILITY: 'Not known to support what the request needs.',
    CONTEXT_TOO_SMALL: 'Input and answer do not fit.',
    ANSWER_TOO_LONG: 'It does not write answers of that length.',
    RETIRED: 'The vendor no longer serves it.',
    OVER_COST_LIMIT: 'The call could cost more than is allowed.',
    PRICE_UNKNOWN: 'There is a cost limit and no price.',
    OVER_LATENCY_LIMIT: 'Usually slower than is allowed.',
    UNDER_QUALITY_LIMIT: 'Expected to be worse than is allowed.',
    STRICT: 'Falling back is forbidden.',
  };
}

const CriterionEnum = builder.enumType('RoutingCriterion', {
  description: 'What models are compared by.',
  values: valuesOf(
    {
      cost: 'Expected cost of the call.',
      latency: 'Median time of the whole call.',
      quality: 'Ratings and judgements.',
      reliability: 'Share of calls that succeed.',
    },
    criteria,
  ),
});

type NamedScore = CriterionScore & { readonly criterion: (typeof criteria)[number] };

const CriterionScoreType = builder.objectRef<NamedScore>('RouteCriterionScore').implement({
  description: 'How a model does by one criterion.',
  fields: (t) => ({
    criterion: t.expose('criterion', { type: CriterionEnum, description: 'Which one.' }),
    score: t.exposeFloat('score', { description: '0 (worst) to 1 (best).' }),
    value: t.float({
      nullable: true,
      description: 'Nano-dollars, milliseconds, quality or share of errors; null when nobody knows.',
      resolve: ({ value }) => value ?? null,
    }),
  }),
});

export const CriterionWeightsType = builder.objectRef<CriterionWeights>('RoutingWeights').implement({
  description: 'What the balanced strategy makes of the criteria; divided by their sum.',
  fields: (t) => ({
    cost: t.exposeFloat('cost', { description: 'Of the expected cost.' }),
    latency: t.exposeFloat('latency', { description: 'Of the latency.' }),
    quality: t.exposeFloat('quality', { description: 'Of the quality.' }),
    reliability: t.exposeFloat('reliability', { description: 'Of the reliability.' }),
  }),
});

const RouteCandidateType = builder.objectRef<RouteCandidate>('RouteCandidate').implement({
  description: 'A model that may serve a request, with what put it in its place.',
  fields: (t) => ({
    modelId: t.exposeString('modelId', { description: '`provider/model`.' }),
    model: t.field({
      type: ModelType,
      nullable: true,
      description: 'The model; null when nobody offers it any more.',
      resolve: ({ modelId }, _args, { services, identity }) =>
        services.providers.findModel(identity.teamId, modelId) ?? null,
    }),
    score: t.exposeFloat('score', { description: 'By what the strategy ranks: higher is better.' }),
    criteria: t.field({
      type: [CriterionScoreType],
      description: 'How it does by each criterion.',
      resolve: (candidate) => criteria.map((criterion) => ({ criterion, ...candidate.criteria[criterion] })),
    }),
    expectedCostUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What the call is expected to cost; null without a price.',
      resolve: ({ expectedCostNanoUsd }) => (expectedCostNanoUsd === undefined ? null : formatUsd(expectedCostNanoUsd)),
    }),
    maxCostUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What it costs with the longest answer; null without a price.',
      resolve: ({ maxCostNanoUsd }) => (maxCostNanoUsd === undefined ? null : formatUsd(maxCostNanoUsd)),
    }),
    propensity: t.float({
      nullable: true,
      description: 'The probability with which it is put first; null when it was not worked out.',
      resolve: ({ propensity }) => propensity ?? null,
    }),
    expectedQuality: t.float({
      nullable: true,
      description: 'What the adaptive strategy expects, 0 to 1.',
      resolve: ({ expectedQuality }) => expectedQuality ?? null,
    }),
    substituteFor: t.string({
      nullable: true,
      description: 'The model that it stands in for.',
      resolve: ({ substituteFor }) => substituteFor ?? null,
    }),
  }),
});

export const RejectedModelType = builder.objectRef<RejectedModel>('RouteRejection').implement({
  description: 'A model that was left out, and why.',
  fields: (t) => ({
    modelId: t.exposeString('modelId', { description: '`provider/model`.' }),
    code: t.expose('code', { type: RejectionCodeEnum, description: 'Why.' }),
    reason: t.exposeString('reason', { description: 'In words, with the figures.' }),
    ruleId: t.string({ nullable: true, description: 'The rule that did it.', resolve: ({ ruleId }) => ruleId ?? null }),
  }),
});

export const MatchedRuleType = builder.objectRef<MatchedRule>('MatchedRoutingRule').implement({
  description: 'A rule that took part.',
  fields: (t) => ({
    ruleId: t.exposeString('ruleId', { description: 'Its id.' }),
    name: t.exposeString('name', { description: 'Its name at that time.' }),
    effects: t.stringList({
      description: 'What it did.',
      resolve: ({ effects }) => effects.map(({ summary }) => summary),
    }),
  }),
});

const FailedRuleType = builder.objectRef<RoutePlan['failedRules'][number]>('FailedRoutingRule').implement({
  description: 'A rule whose condition could not be evaluated for this request.',
  fields: (t) => ({
    ruleId: t.exposeString('ruleId', { description: 'Its id.' }),
    name: t.exposeString('name', { description: 'Its name at that time.' }),
    problem: t.exposeString('problem', { description: 'Why not.' }),
    isEnforced: t.exposeBoolean('isEnforced', {
      description: 'What it forbids was forbidden all the same; otherwise it had no effect.',
    }),
  }),
});

export const RoutePlanType = builder.objectRef<RoutePlan>('RoutePlan').implement({
  description: 'Which models are asked for a request, in which order, and why.',
  fields: (t) => ({
    candidates: t.field({
      type: [RouteCandidateType],
      description: 'In the order in which they are asked, at most 16.',
      resolve: ({ candidates }) => [...candidates],
    }),
    rejected: t.field({
      type: [RejectedModelType],
      description: 'What was left out; of a stored decision the first 50.',
      resolve: ({ rejected }) => [...rejected],
    }),
    strategy: t.expose('strategy', { type: RoutingStrategyEnum, description: 'What ranked them.' }),
    weights: t.field({
      type: CriterionWeightsType,
      nullable: true,
      description: 'Of the balanced strategy.',
      resolve: ({ weights }) => weights ?? null,
    }),
    matchedRules: t.field({
      type: [MatchedRuleType],
      description: 'Rules that took part, in order.',
      resolve: ({ matchedRules }) => [...matchedRules],
    }),
    failedRules: t.field({
      type: [FailedRuleType],
      description: 'Rules that could not be evaluated.',
      resolve: ({ failedRules }) => [...failedRules],
    }),
    isExploration: t.exposeBoolean('isExploration', {
      description: 'The first one is not the one expected to be best: it is tried to learn.',
    }),
    learningScopes: t.stringList({
      description: 'What learns from a reward for it; empty unless the adaptive strategy chose.',
      resolve: ({ learningScopes }) => [...learningScopes],
    }),
    explanation: t.exposeString('explanation', { description: 'All that in words.' }),
    snapshotVersion: t.exposeString('snapshotVersion', { description: 'What was known at that moment.' }),
  }),
});

const RewardType = builder.prismaObject('RoutingReward', {
  description: 'How good somebody found an answer.',
  fields: (t) => ({
    judge: t.exposeString('judge', { description: 'Who: `rating:…`, `feedback:…` or `judge:…`.' }),
    quality: t.exposeFloat('quality', { description: '0 (useless) to 1 (perfect).' }),
    comment: t.exposeString('comment', { nullable: true, description: 'In words.' }),
    isLearned: t.boolean({
      description: 'Whether the router has looked at it.',
      select: { isPending: true },
      resolve: ({ isPending }) => !isPending,
    }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was given.' }),
  }),
});

export const RouteDecisionType = builder.prismaNode('RoutingDecision', {
  name: 'RouteDecision',
  nullable: true,
  description: 'Why a request went to a model. Kept for 30 days; holds no prompt.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    decidedAt: t.expose('decidedAt', { type: 'DateTime', description: 'When.' }),
    requestedName: t.exposeString('requestedName', { description: '`auto`, a model, an alias or a chain.' }),
    source: t.exposeString('source', { description: 'Where the request came from.' }),
    strategy: t.field({
      type: RoutingStrategyEnum,
      description: 'What ranked the models.',
      select: { strategy: true },
      resolve: ({ strategy }) => strategy as (typeof strategies)[number],
    }),
    chosenModelId: t.exposeString('chosenModelId', { description: 'Who was asked first.' }),
    servedModelId: t.exposeString('servedModelId', {
      nullable: true,
      description: 'Who answered in the end; null until then, and when nobody did.',
    }),
    propensity: t.exposeFloat('propensity', { description: 'The probability with which the model was chosen.' }),
    outcome: t.exposeString('outcome', {
      nullable: true,
      description: '`succeeded`, `failed` or `cancelled`; null until the call has ended.',
    }),
    costUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Of all calls made for it; null when unknown.',
      select: { costNanoUsd: true },
      resolve: ({ costNanoUsd }) => (costNanoUsd === null ? null : formatUsd(costNanoUsd)),
    }),
    latencyMs: t.exposeInt('latencyMs', { nullable: true, description: 'Until the whole answer.' }),
    explanation: t.string({
      description: 'Why, in words.',
      select: { plan: true },
      resolve: ({ plan }) => (plan as { explanation?: string }).explanation ?? '',
    }),
    plan: t.field({
      type: RoutePlanType,
      description: 'Rules, candidates with scores, and who was left out.',
      select: { id: true, plan: true, request: true, seed: true, servedModelId: true },
      resolve: (row) => toDecisionRecord(row).plan,
    }),
    seed: t.string({
      description: 'Of the chance: with what was known at that moment it gives the same plan again.',
      select: { seed: true },
      resolve: ({ seed }) => String(seed),
    }),
    replay: t.field({
      type: ReplayType,
      description: 'The decision made again from what was known then and its seed. Changes nothing.',
      complexity: { field: 10, multiplier: 1 },
      select: {
        id: true,
        teamId: true,
        plan: true,
        request: true,
        seed: true,
        servedModelId: true,
        frameHash: true,
        figuresHash: true,
        basis: true,
      },
      resolve: (row, _args, { services }) => replayStored(services, row),
    }),
    rewards: t.relation('rewards', {
      type: RewardType,
      description: 'What was said of the answer, oldest first.',
      query: { orderBy: { createdAt: 'asc' } },
    }),
  }),
});
