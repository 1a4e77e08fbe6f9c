import type { RoutingRule, RuleAction, RuleChange, RuleProblem } from '@switchyard/core/routing';
import { builder, listCost } from '../../graphql/builder.ts';
import { UserErrorInterface } from '../../graphql/user-error-types.ts';
import { CriterionWeightsType, RoutingStrategyEnum } from './decision.types.ts';
import type { RuleDraft, RuleVersion } from './routing.repository.ts';
import { InvalidRulesFailure } from './rule-input.ts';

const RuleActionEnum = builder.enumType('RoutingRuleActionType', {
  description: 'What a rule does.',
  values: {
    RESTRICT: { value: 'restrict', description: 'Only these models.' },
    DENY: { value: 'deny', description: 'Not these models.' },
    PREFER: { value: 'prefer', description: 'These first, in this order.' },
    PIN: { value: 'pin', description: 'Only these, in this order; no equivalents.' },
    STRATEGY: { value: 'strategy', description: 'Use this strategy.' },
    CAP_COST: { value: 'cap-cost', description: 'No call above this amount.' },
    STRICT: { value: 'strict', description: 'Never fall back.' },
  } as const satisfies Record<string, { value: RuleAction['type']; description: string }>,
});

const RuleActionType = builder.objectRef<RuleAction>('RoutingRuleAction').implement({
  description: 'One thing that a rule does.',
  fields: (t) => ({
    type: t.expose('type', { type: RuleActionEnum, description: 'What.' }),
    models: t.stringList({
      nullable: true,
      description: 'The models: ids, catalogue names or beginnings such as `openai/*`.',
      resolve: (action) => ('models' in action ? [...action.models] : null),
    }),
    strategy: t.field({
      type: RoutingStrategyEnum,
      nullable: true,
      description: 'The strategy.',
      resolve: (action) => (action.type === 'strategy' ? action.strategy : null),
    }),
    weights: t.field({
      type: CriterionWeightsType,
      nullable: true,
      description: 'Of the balanced strategy.',
      resolve: (action) => (action.type === 'strategy' ? (action.weights ?? null) : null),
    }),
    maxCostUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The most a call may cost.',
      resolve: (action) => (action.type === 'cap-cost' ? action.maxCostUsd : null),
    }),
  }),
});

export const RoutingRuleType = builder.objectRef<RoutingRule>('RoutingRule').implement({
  description: 'A condition and what happens when it holds.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'Stays the same from version to version.' }),
    name: t.exposeString('name', { description: 'For people.' }),
    isEnabled: t.exposeBoolean('isEnabled', { description: 'Whether it is looked at.' }),
    when: t.exposeString('when', { description: 'The condition, in CEL.' }),
    actions: t.field({
      type: [RuleActionType],
      description: 'What it does, in order.',
      // A few, in the row of the rule: reading them costs no more than reading one.
      complexity: listCost(1),
      resolve: ({ actions }) => [...actions],
    }),
    isFinal: t.exposeBoolean('isFinal', { description: 'When it matches, no later rule is looked at.' }),
  }),
});

export const RuleProblemType = builder.objectRef<RuleProblem>('RoutingRuleProblem').implement({
  description: 'What is wrong with a rule, and where.',
  fields: (t) => ({
    isError: t.boolean({
      description: 'Errors stop saving; warnings (a rule that never matches, that another one always catches) do not.',
      resolve: ({ severity }) => severity === 'error',
    }),
    ruleId: t.exposeString('ruleId', { description: 'The rule.' }),
    code: t.exposeString('code', { description: 'Stable: `NO_SUCH_KEY`, `NEVER_MATCHES`, `SHADOWED`, …' }),
    message: t.exposeString('message', { description: 'What is wrong.' }),
    field: t.exposeString('field', { description: '`when`, or `actions[1].models[0]`.' }),
    start: t.int({
      nullable: true,
      description: 'The first character of `when` that is concerned, from 0.',
      resolve: ({ start }) => start ?? null,
    }),
    end: t.int({ nullable: true, description: 'The character after the last one.', resolve: ({ end }) => end ?? null }),
    suggestion: t.exposeString('suggestion', { description: 'What to write instead.' }),
  }),
});

export const InvalidRulesErrorType = builder.objectType(InvalidRulesFailure, {
  name: 'InvalidRoutingRulesError',
  description: 'Rules that cannot be used. All problems are reported at once.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    problems: t.field({
      type: [RuleProblemType],
      description: 'Errors and warnings.',
      resolve: ({ problems }) => [...problems],
    }),
  }),
});

export const RuleVersionType = builder.objectRef<RuleVersion>('RoutingRuleVersion').implement({
  description: 'A published list of rules. None is ever changed.',
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'From 1.' }),
    rules: t.field({ type: [RoutingRuleType], description: 'The rules.', resolve: ({ rules }) => [...rules] }),
    note: t.string({ nullable: true, description: 'Why.', resolve: ({ note }) => note ?? null }),
    rolledBackTo: t.int({
      nullable: true,
      description: 'The earlier version that was put back into force by it.',
      resolve: ({ rolledBackTo }) => rolledBackTo ?? null,
    }),
    publishedAt: t.expose('publishedAt', { type: 'DateTime', description: 'Since when it was in force.' }),
    publishedBy: t.string({
      nullable: true,
      description: 'The name of who published it; null for keys of nobody and for people who left.',
      resolve: async ({ publishedById }, _args, { services, identity }) => {
        if (publishedById === undefined) return null;
        const member = await services.prisma.member.findFirst({
          where: { teamId: identity.teamId, userId: publishedById },
          select: { user: { select: { name: true } } },
        });
        return member?.user.name ?? null;
      },
    }),
  }),
});

export const RuleDraftType = builder.objectRef<RuleDraft>('RoutingRuleDraft').implement({
  description: 'The rules that the team is working on; not in force.',
  fields: (t) => ({
    rules: t.field({ type: [RoutingRuleType], description: 'The rules.', resolve: ({ rules }) => [...rules] }),
    revision: t.exposeInt('revision', { description: 'Give it back when you save or publish.' }),
    basedOn: t.exposeInt('basedOn', { description: 'The published version that it began as; 0: none.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was saved.' }),
  }),
});

const RuleChangeEnum = builder.enumType('RoutingRuleChangeType', {
  description: 'What became of a rule.',
  values: {
    ADDED: { value: 'added', description: 'It is new.' },
    REMOVED: { value: 'removed', description: 'It is gone.' },
    CHANGED: { value: 'changed', description: 'It says something else.' },
    MOVED: { value: 'moved', description: 'It stands elsewhere.' },
  } as const satisfies Record<string, { value: RuleChange['type']; description: string }>,
});

export const RuleChangeType = builder.objectRef<RuleChange>('RoutingRuleChange').implement({
  description: 'What became of one rule between two versions.',
  fields: (t) => ({
    type: t.expose('type', { type: RuleChangeEnum, description: 'What.' }),
    before: t.field({
      type: RoutingRuleType,
      nullable: true,
      description: 'As it was; null when it is new.',
      resolve: (change) => (change.type === 'changed' ? change.before : change.type === 'added' ? null : change.rule),
    }),
    after: t.field({
      type: RoutingRuleType,
      nullable: true,
      description: 'As it is; null when it is gone.',
      resolve: (change) => (change.type === 'changed' ? change.after : change.type === 'removed' ? null : change.rule),
    }),
    fields: t.stringList({
      description: 'Which fields differ.',
      resolve: (change) => (change.type === 'changed' ? [...change.fields] : []),
    }),
    from: t.int({
      nullable: true,
      description: 'Its place before, from 0.',
      resolve: (change) => (change.type === 'moved' ? change.from : change.type === 'removed' ? change.place : null),
    }),
    to: t.int({
      nullable: true,
      description: 'Its place now, from 0.',
      resolve: (change) => (change.type === 'moved' ? change.to : change.type === 'added' ? change.place : null),
    }),
  }),
});
