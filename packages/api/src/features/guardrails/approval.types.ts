import type { BudgetUnit } from '@switchyard/core/guardrails';
import { builder } from '../../graphql/builder.ts';
import { DataOriginEnum, valuesOf } from '../../graphql/enums.ts';
import { type ApprovalState, approvalStates, neededGrant } from './approval.ts';
import { BudgetUnitEnum } from './budget.enums.ts';
import { BudgetType } from './budget.types.ts';
import { toDecimal } from './decimal-amount.ts';

export const BudgetApprovalStateEnum = builder.enumType('BudgetApprovalState', {
  description: 'Where a request for more money stands.',
  values: valuesOf<ApprovalState>(
    {
      pending: 'It waits for an admin.',
      approved: 'The budget was raised.',
      declined: 'It was turned down.',
      expired: 'Nobody decided in time.',
    },
    approvalStates,
  ),
});

const amount = (unit: string, value: bigint) => toDecimal(unit as BudgetUnit, value);

export const BudgetApprovalType = builder.prismaNode('BudgetApproval', {
  nullable: true,
  description:
    'A call did not fit into a budget, and admins are asked for more. Equal requests are one while it waits.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    state: t.field({
      type: BudgetApprovalStateEnum,
      description: 'Where it stands.',
      resolve: ({ state }) => state as ApprovalState,
    }),
    budget: t.prismaField({
      type: BudgetType,
      nullable: true,
      description: 'The budget; null when it was deleted.',
      resolve: (query, { budgetId }, _args, { services, identity }) =>
        services.prisma.budget.findUnique({
          ...query,
          where: { id_teamId: { id: budgetId, teamId: identity.teamId } },
        }),
    }),
    budgetName: t.exposeString('budgetName', { description: 'What the budget was called then.' }),
    unit: t.field({
      type: BudgetUnitEnum,
      description: 'The unit of the amounts.',
      resolve: ({ unit }) => unit as BudgetUnit,
    }),
    origin: t.expose('origin', { type: DataOriginEnum, description: 'Whether the call is a real one.' }),
    requested: t.field({
      type: 'Decimal',
      description: 'The most that the call can use.',
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
    neededAmount: t.field({
      type: 'Decimal',
      description: 'What the budget must be raised by so that the call fits.',
      resolve: (row) => amount(row.unit, neededGrant(row)),
    }),
    resetsAt: t.expose('resetsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the window ends, so that there is room without a raise; null when it never does.',
    }),
    modelId: t.exposeString('modelId', { description: 'The model that is to be called.' }),
    requestedBy: t.prismaField({
      type: 'User',
      nullable: true,
      description: 'Who asks; null for keys of the installation and for people who left the team.',
      resolve: (query, { requestedById }, _args, { services, identity }) =>
        requestedById === null
          ? null
          : services.prisma.user.findFirst({
              ...query,
              where: { id: requestedById, memberships: { some: { teamId: identity.teamId } } },
            }),
    }),
    apiKey: t.prismaField({
      type: 'ApiKey',
      nullable: true,
      description: 'The API key that asks, when it is not a person.',
      resolve: (query, { apiKeyId }, _args, { services, identity }) =>
        apiKeyId === null
          ? null
          : services.prisma.apiKey.findUnique({
              ...query,
              where: { id_teamId: { id: apiKeyId, teamId: identity.teamId } },
            }),
    }),
    source: t.exposeString('source', { description: 'What the call is for, for example `comparison-lane`.' }),
    sourceId: t.exposeString('sourceId', { nullable: true, description: 'Which of those, where it has a name.' }),
    decidedBy: t.prismaField({
      type: 'User',
      nullable: true,
      description: 'Who decided; null before, and for keys of the installation and people who left the team.',
      resolve: (query, { decidedById }, _args, { services, identity }) =>
        decidedById === null
          ? null
          : services.prisma.user.findFirst({
              ...query,
              where: { id: decidedById, memberships: { some: { teamId: identity.teamId } } },
            }),
    }),
    decidedAt: t.expose('decidedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was decided or lapsed; null while it waits.',
    }),
    grantedAmount: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What was added to the limit; null unless it was approved.',
      resolve: ({ unit, grantAmount }) => (grantAmount === null ? null : amount(unit, grantAmount)),
    }),
    grantedUntil: t.expose('grantUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when that holds; null unless it was approved.',
    }),
    declineReason: t.exposeString('declineReason', {
      nullable: true,
      description: 'Why it was turned down; null when nobody said, or when it was not.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it lapses unless somebody decides.' }),
  }),
});
