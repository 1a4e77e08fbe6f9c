import { diffRules, type RoutePlan, type RoutingPreferences } from '@switchyard/core/routing';
import { z } from 'zod';
import { builder, defaultPageSize, listCost } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { parseInput } from '../../parse-input.ts';
import { NoEligibleModelFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { ModelType } from '../catalog/catalog.schema.ts';
import { BackTestInput, BackTestSuccess } from './back-test.types.ts';
import { RouteDecisionType, RoutePlanType, RoutingStrategyEnum } from './decision.types.ts';
import { describeLearning, type LearnedModel, type LearnedScope } from './describe-learning.ts';
import { dryRun } from './dry-run.ts';
import { type Recommendation, recommendModels } from './recommend-models.ts';
import { DryRunInput, RecommendModelsInput, RoutingRuleInput } from './routing.inputs.ts';
import type { RuleVersion } from './routing.repository.ts';
import { RoutingRuleType, RuleChangeType, RuleDraftType, RuleProblemType, RuleVersionType } from './rule.types.ts';
import { completeRules, InvalidRulesFailure, judgeRules, rulesInput } from './rule-input.ts';
import { runBackTest } from './run-back-test.ts';
import { RoutingPreferencesType, RoutingSettingType } from './setting.types.ts';
import type { TeamRouting } from './team-routing.ts';

const RoutingType = builder.objectRef<TeamRouting>('Routing').implement({
  description: "How your team's requests are routed now.",
  fields: (t) => ({
    published: t.field({
      type: RuleVersionType,
      nullable: true,
      description: 'The rules in force; null while the team has none of its own.',
      resolve: (team): RuleVersion | null => team.publishedVersion ?? null,
    }),
    draft: t.field({
      type: RuleDraftType,
      nullable: true,
      description: 'The rules that the team is working on.',
      resolve: async (_team, _args, { services, identity }) =>
        (await services.routing.repository.findDraft(identity.teamId)) ?? null,
    }),
    fileRules: t.field({
      type: [RoutingRuleType],
      description: 'Rules of the configuration file, which come first; read-only here.',
      resolve: (_team, _args, { services }) => [...(services.providers.snapshot.configuration.routing?.rules ?? [])],
    }),
    taskPreferences: t.field({
      type: [RoutingRuleType],
      description: '`task_preferences` of the configuration file, which come last; read-only here.',
      resolve: (_team, _args, { services }) => [...(services.providers.snapshot.configuration.taskPreferences ?? [])],
    }),
    settings: t.field({
      type: [RoutingSettingType],
      description: 'What the team has set, by scope.',
      resolve: async (_team, _args, { services, identity }) => [
        ...(await services.routing.repository.listSettings(identity.teamId)),
      ],
    }),
    filePreferences: t.field({
      type: RoutingPreferencesType,
      nullable: true,
      description: 'What the configuration file sets for all teams.',
      resolve: (_team, _args, { services }): RoutingPreferences | null =>
        services.providers.snapshot.configuration.routing?.preferences ?? null,
    }),
    isAdaptiveOn: t.boolean({
      description:
        'Whether the adaptive strategy may be used (`FEATURE_MODELS_ADAPTIVE`); otherwise the balanced one is.',
      resolve: (team) => team.isAdaptiveOn,
    }),
    snapshotVersion: t.string({
      description: 'What decisions are made upon.',
      resolve: (team) => team.snapshot.version,
    }),
    snapshotBuiltAt: t.field({
      type: 'DateTime',
      description: 'When it was made; it is renewed when something changed.',
      resolve: (team) => new Date(team.snapshot.inputs.builtAtMs),
    }),
    learned: t.field({
      type: [LearnedScopeType()],
      description: 'What the adaptive strategy has learned, by scope.',
      resolve: (team) => [...describeLearning(team)],
    }),
  }),
});

function LearnedScopeType() {
  const LearnedModelType = builder.objectRef<LearnedModel>('LearnedModel').implement({
    description: 'What is believed of one model in one scope.',
    fields: (t) => ({
      modelId: t.exposeString('modelId', { description: '`provider/model`.' }),
      count: t.exposeFloat('count', { description: 'Rewards, old ones discounted.' }),
      meanReward: t.exposeFloat('meanReward', { nullable: true, description: 'Their mean; null without one.' }),
      expectedQuality: t.exposeFloat('expectedQuality', {
        description: 'Mean of the belief, for a prompt of no particular kind.',
      }),
      deviation: t.exposeFloat('deviation', { description: 'Standard deviation of the belief.' }),
      probabilityOfBest: t.exposeFloat('probabilityOfBest', {
        description: 'How likely it has the best quality, 0 to 1.',
      }),
    }),
  });
  return builder.objectRef<LearnedScope>('LearnedScope').implement({
    description: 'What was learned in one scope: a step, a role or the team, with or without a class of task.',
    fields: (t) => ({
      scope: t.exposeString('scope', { description: '`team`, `role:…`, `step:…`; with `#class` for a class of task.' }),
      observed: t.exposeInt('observed', { description: 'Rewards ever.' }),
      drifts: t.exposeInt('drifts', { description: 'How often it forgot because the world had changed.' }),
      models: t.field({
        type: [LearnedModelType],
        description: 'The models.',
        resolve: ({ models }) => [...models],
      }),
    }),
  });
}

const DryRunSuccess = builder.objectRef<{ readonly plan: RoutePlan }>('DryRunRouteSuccess').implement({
  description: 'Where the request would go.',
  fields: (t) => ({
    plan: t.field({ type: RoutePlanType, description: 'With all reasons.', resolve: ({ plan }) => plan }),
  }),
});

const RecommendationType = builder.objectRef<Recommendation>('ModelRecommendation').implement({
  description: 'A model that suits a task.',
  fields: (t) => ({
    rank: t.exposeInt('rank', { description: '1 is best.' }),
    modelId: t.exposeString('modelId', { description: '`provider/model`.' }),
    model: t.field({
      type: ModelType,
      nullable: true,
      description: 'The model.',
      resolve: ({ modelId }, _args, { services, identity }) =>
        services.providers.findModel(identity.teamId, modelId) ?? null,
    }),
    score: t.float({ description: '0 to 1, by the preference.', resolve: ({ candidate }) => candidate.score }),
    reason: t.exposeString('reason', { description: 'Why, with figures.' }),
  }),
});

const RoutingAuditType = builder.prismaObject('RoutingAudit', {
  name: 'RoutingAuditEntry',
  description: 'Who changed what about routing.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    action: t.exposeString('action', {
      description:
        '`saved-draft`, `published`, `rolled-back`, `changed-settings`, `rebalanced`, `set-role`, `deleted-role`, `chose-default-role`, `set-record-retention`, `set-report-settings`, `set-run-retention`, `set-scorer` or `deleted-scorer`.',
    }),
    scope: t.exposeString('scope', {
      nullable: true,
      description: 'Of settings and of what was learned; `role:coder` for the role itself, too.',
    }),
    summary: t.exposeString('summary', { description: 'In words.' }),
    by: t.string({
      nullable: true,
      description: 'The name of the person, or of the key; null for people who left.',
      select: { userId: true, apiKeyId: true },
      resolve: async ({ userId, apiKeyId }, _args, { services, identity: { teamId } }) => {
        if (apiKeyId !== null) {
          const key = await services.prisma.apiKey.findFirst({
            where: { id: apiKeyId, teamId },
            select: { name: true },
          });
          return key?.name ?? null;
        }
        if (userId === null) return null;
        const member = await services.prisma.member.findFirst({
          where: { teamId, userId },
          select: { user: { select: { name: true } } },
        });
        return member?.user.name ?? null;
      },
    }),
    before: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What it was.',
      select: { before: true },
      resolve: ({ before }) => before,
    }),
    after: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What it became.',
      select: { after: true },
      resolve: ({ after }) => after,
    }),
  }),
});

const RouteDecisionFilterInput = builder.inputType('RouteDecisionFilterInput', {
  description: 'Which decisions. Absent: all.',
  fields: (t) => ({
    modelId: t.string({ description: 'That chose this model.' }),
    strategy: t.field({ type: RoutingStrategyEnum, description: 'Of this strategy.' }),
    requestedName: t.string({ description: 'For requests that named this.' }),
  }),
});

function toDecisionWhere(teamId: string, filter: typeof RouteDecisionFilterInput.$inferInput | null | undefined) {
  return {
    teamId,
    ...(filter?.modelId != null && { chosenModelId: filter.modelId }),
    ...(filter?.strategy && { strategy: filter.strategy }),
    ...(filter?.requestedName != null && { requestedName: filter.requestedName }),
  };
}

const pageCost = (args: { first?: number | null | undefined; last?: number | null | undefined }) => ({
  field: 1,
  multiplier: args.first ?? args.last ?? defaultPageSize,
});

builder.queryFields((t) => ({
  routing: t.field({
    type: RoutingType,
    description: "How your team's requests are routed now.",
    resolve: async (_root, _args, { services, identity }) => services.routing.of(identity.teamId),
  }),
  checkRoutingRules: t.field({
    type: [RuleProblemType],
    description: 'What is wrong with rules, without saving them: for editors.',
    args: { rules: t.arg({ type: [RoutingRuleInput], required: true, description: 'The rules, from the top.' }) },
    resolve: async (_root, { rules: given }, { services, identity }) => {
      const { rules } = parseInput(z.object({ rules: rulesInput }), { rules: given });
      return [...(await judgeRules(services, identity.teamId, completeRules(services, rules)))];
    },
  }),
  routingRuleVersions: t.field({
    type: [RuleVersionType],
    description: 'The published versions, newest first.',
    complexity: listCost(20),
    args: {
      first: t.arg.int({ description: 'How many, 1 to 100; 20 when absent.' }),
      before: t.arg.int({ description: 'Only versions before this one.' }),
    },
    resolve: async (_root, { first, before }, { services, identity }) => {
      const take = first ?? 20;
      if (take < 1 || take > 100) throw badInput('Ask for 1 to 100 versions at once.');
      return [...(await services.routing.repository.listVersions(identity.teamId, take, before ?? undefined))];
    },
  }),
  routingRuleChanges: t.field({
    type: [RuleChangeType],
    description: 'What differs between two versions; null is the draft, 0 is no rules at all.',
    args: {
      from: t.arg.int({ description: 'The earlier one; the draft when absent.' }),
      to: t.arg.int({ description: 'The later one; the draft when absent.' }),
    },
    resolve: async (_root, { from, to }, { services, identity }) => {
      const { repository } = services.routing;
      const read = async (version: number | null | undefined) => {
        if (version === 0) return [];
        const found =
          version == null
            ? await repository.findDraft(identity.teamId)
            : await repository.findVersion(identity.teamId, version);
        if (!found) throw badInput(version == null ? 'There is no draft.' : `There is no version ${version}.`);
        return found.rules;
      };
      return [...diffRules(await read(from), await read(to))];
    },
  }),
  dryRunRoute: t.field({
    type: DryRunSuccess,
    description: 'Where a request would go now, and why; it is not made and costs nothing.',
    complexity: { field: 5, multiplier: 1 },
    errors: {
      types: [ValidationFailure, InvalidRulesFailure, NoEligibleModelFailure, NotFoundFailure],
      directResult: true,
      union: { name: 'DryRunRouteResult', description: 'The plan, or what is wrong with the question.' },
    },
    args: { input: t.arg({ type: DryRunInput, required: true, description: 'The request.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({ plan: await dryRun(services, identity, input) }),
  }),
  backTestRules: t.field({
    type: BackTestSuccess,
    description: 'Tries draft rules, another strategy or other weights on recorded decisions.',
    complexity: { field: 100, multiplier: 1 },
    errors: {
      types: [ValidationFailure, InvalidRulesFailure],
      directResult: true,
      union: { name: 'BackTestRulesResult', description: 'The comparison, or what is wrong with the draft.' },
    },
    args: { input: t.arg({ type: BackTestInput, required: true, description: 'Draft and traffic.' }) },
    resolve: (_root, { input }, { services, identity }) => runBackTest(services, identity, input),
  }),
  recommendModels: t.field({
    type: [RecommendationType],
    description: 'Models of your team that suit a task, best first, with the reason.',
    args: { input: t.arg({ type: RecommendModelsInput, required: true, description: 'The task.' }) },
    resolve: async (_root, { input }, { services, identity }) => [
      ...(await recommendModels(services, identity, input)),
    ],
  }),
  routeDecisions: t.prismaConnection(
    {
      type: RouteDecisionType,
      cursor: 'id',
      description: 'Why requests went where they went, newest first; kept for 30 days.',
      complexity: pageCost,
      args: { filter: t.arg({ type: RouteDecisionFilterInput, description: 'Which decisions.' }) },
      totalCount: (_root, { filter }, { services, identity }) =>
        services.prisma.routingDecision.count({ where: toDecisionWhere(identity.teamId, filter) }),
      resolve: (query, _root, args, { services, identity }) => {
        assertPageSize(args, 'decisions');
        return services.prisma.routingDecision.findMany({
          ...query,
          where: toDecisionWhere(identity.teamId, args.filter),
          orderBy: [{ decidedAt: 'desc' }, { id: 'desc' }],
        });
      },
    },
    { name: 'RouteDecisionConnection', description: 'A page of decisions.' },
    { name: 'RouteDecisionEdge' },
  ),
  routingAudit: t.prismaConnection(
    {
      type: RoutingAuditType,
      cursor: 'id',
      description: 'Who changed what about routing and roles, newest first.',
      complexity: pageCost,
      args: { scope: t.arg.string({ description: 'Only of this scope, such as `team` or `role:coder`.' }) },
      totalCount: (_root, { scope }, { services, identity }) =>
        services.prisma.routingAudit.count({ where: { teamId: identity.teamId, ...(scope != null && { scope }) } }),
      resolve: (query, _root, args, { services, identity }) => {
        assertPageSize(args, 'entries');
        return services.prisma.routingAudit.findMany({
          ...query,
          where: { teamId: identity.teamId, ...(args.scope != null && { scope: args.scope }) },
          orderBy: [{ at: 'desc' }, { id: 'desc' }],
        });
      },
    },
    { name: 'RoutingAuditConnection', description: 'A page of the audit log of routing.' },
    { name: 'RoutingAuditEdge' },
  ),
}));
