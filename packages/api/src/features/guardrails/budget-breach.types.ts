import type { BudgetUnit, RefusalReason } from '@switchyard/core/guardrails';
import { builder } from '../../graphql/builder.ts';
import { DataOriginEnum, valuesOf } from '../../graphql/enums.ts';
import { readBreachFacts } from './breach-facts.ts';
import { BudgetRefusalReasonEnum, BudgetUnitEnum } from './budget.enums.ts';
import { BudgetType } from './budget.types.ts';
import { toDecimal } from './decimal-amount.ts';
import { recommendForBreach } from './recommend-for-breach.ts';
import { sharedLoad } from './shared-load.ts';

export const breachKinds = ['refused', 'over-limit', 'threshold'] as const;
export type BreachKind = (typeof breachKinds)[number];

export const BudgetBreachKindEnum = builder.enumType('BudgetBreachKind', {
  description: 'What a budget met with.',
  values: valuesOf<BreachKind>(
    {
      refused: 'A call was refused.',
      'over-limit': 'A soft budget went over its limit; the call was made.',
      threshold: 'A threshold was crossed; the call was made.',
    },
    breachKinds,
  ),
});

const decisions = ['skip-to-next', 'cheaper-equivalent', 'ask-approval', 'fail-fast'] as const;

const BreachDecisionEnum = builder.enumType('BreachDecision', {
  description: 'What was done in place of a refused call.',
  values: valuesOf<(typeof decisions)[number]>(
    {
      'skip-to-next': 'The next model of the chain was asked.',
      'cheaper-equivalent': 'A cheaper model that can do the same was asked.',
      'ask-approval': 'An admin was asked.',
      'fail-fast': 'It failed.',
    },
    decisions,
  ),
});

const amount = (unit: string, value: bigint) => toDecimal(unit as BudgetUnit, value);

export const BudgetBreachType = builder.prismaNode('BudgetBreach', {
  nullable: true,
  description:
    'A call that a budget or limit refused, or that took a budget over its limit or a threshold. Equal ones of one moment are one.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    kind: t.field({
      type: BudgetBreachKindEnum,
      description: 'What happened.',
      resolve: ({ type }) => type as BreachKind,
    }),
    budget: t.prismaField({
      type: BudgetType,
      nullable: true,
      description: 'The budget; null when it was deleted, and for a limit of a request or a step, which is no budget.',
      resolve: (query, { budgetId }, _args, { services, identity }) =>
        services.prisma.budget.findUnique({
          ...query,
          where: { id_teamId: { id: budgetId, teamId: identity.teamId } },
        }),
    }),
    budgetName: t.exposeString('budgetName', { description: 'What it was called then.' }),
    windowId: t.exposeString('windowId', { description: 'The window of the budget.' }),
    reason: t.field({
      type: BudgetRefusalReasonEnum,
      nullable: true,
      description: 'Why the call was refused; null when it was made.',
      resolve: ({ reason }) => reason as RefusalReason | null,
    }),
    threshold: t.exposeFloat('threshold', {
      nullable: true,
      description: 'The share of the limit that was crossed; null when no threshold was.',
    }),
    decision: t.field({
      type: BreachDecisionEnum,
      nullable: true,
      description: 'What was done in place of the call; null when it was made.',
      resolve: ({ decision }) => decisions.find((known) => known === decision) ?? null,
    }),
    unit: t.field({
      type: BudgetUnitEnum,
      description: 'The unit of the amounts.',
      resolve: ({ unit }) => unit as BudgetUnit,
    }),
    origin: t.expose('origin', { type: DataOriginEnum, description: 'Whether the call was a real one.' }),
    requested: t.field({
      type: 'Decimal',
      description: 'The most that the call could have used; 0 when its price is unknown, and when it was made.',
      resolve: ({ unit, requested }) => amount(unit, requested),
    }),
    spent: t.field({
      type: 'Decimal',
      description: 'What was spent in the window then.',
      resolve: ({ unit, spent }) => amount(unit, spent),
    }),
    reserved: t.field({
      type: 'Decimal',
      description: 'What was held for running calls then.',
      resolve: ({ unit, reserved }) => amount(unit, reserved),
    }),
    limit: t.field({
      type: 'Decimal',
      description: 'The limit then.',
      resolve: ({ unit, limitAmount }) => amount(unit, limitAmount),
    }),
    resetsAt: t.expose('resetsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the window ends; null when it never does.',
    }),
    providerId: t.exposeString('providerId', { description: 'The provider that was to be called.' }),
    modelId: t.exposeString('modelId', { description: 'The model that was to be called.' }),
    member: t.prismaField({
      type: 'User',
      nullable: true,
      description: 'Who called; null for nobody in particular, and for people who left the team.',
      resolve: (query, { memberId }, _args, { services, identity }) =>
        memberId === null
          ? null
          : services.prisma.user.findFirst({
              ...query,
              where: { id: memberId, memberships: { some: { teamId: identity.teamId } } },
            }),
    }),
    apiKey: t.prismaField({
      type: 'ApiKey',
      nullable: true,
      description: 'The API key that called.',
      resolve: (query, { apiKeyId }, _args, { services, identity }) =>
        apiKeyId === null
          ? null
          : services.prisma.apiKey.findUnique({
              ...query,
              where: { id_teamId: { id: apiKeyId, teamId: identity.teamId } },
            }),
    }),
    role: t.exposeString('role', { nullable: true, description: 'The model role that was called.' }),
    workflowId: t.exposeString('workflowId', { nullable: true, description: 'The workflow that called.' }),
    stepId: t.exposeString('stepId', { nullable: true, description: 'The step that called.' }),
    runId: t.exposeString('runId', { nullable: true, description: 'The run that called.' }),
    source: t.exposeString('source', { description: 'What the call was for, for example `comparison-lane`.' }),
    sourceId: t.exposeString('sourceId', { nullable: true, description: 'Which of those, where it has a name.' }),
    occurrences: t.exposeInt('occurrences', { description: 'How many such calls stand behind it.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it happened first.' }),
    recommendation: t.string({
      description: 'What to do about it, from what was used and refused since.',
      resolve: async (row, _args, context) => {
        const { services, identity } = context;
        const readFacts = await sharedLoad(context, 'breach-facts', () => readBreachFacts(services, identity.teamId));
        return recommendForBreach(readFacts(row));
      },
    }),
  }),
});
