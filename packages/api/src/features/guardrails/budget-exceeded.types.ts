import { builder } from '../../graphql/builder.ts';
import { UserErrorInterface } from '../../graphql/user-error-types.ts';
import { BudgetApprovalType } from './approval.types.ts';
import { BudgetRefusalReasonEnum, BudgetUnitEnum } from './budget.enums.ts';
import { BudgetType } from './budget.types.ts';
import { BudgetExceededFailure } from './budget-exceeded.ts';
import { toDecimal } from './decimal-amount.ts';

export const BudgetExceededType = builder.objectType(BudgetExceededFailure, {
  name: 'BudgetExceeded',
  description: 'A budget or limit stood against the call, which was not made. Amounts are in `unit`.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    budget: t.prismaField({
      type: BudgetType,
      nullable: true,
      description: 'The budget; null for a limit of a request or a step, and when it was deleted meanwhile.',
      resolve: (query, { budgetId }, _args, { services, identity }) =>
        budgetId === undefined
          ? null
          : services.prisma.budget.findUnique({
              ...query,
              where: { id_teamId: { id: budgetId, teamId: identity.teamId } },
            }),
    }),
    budgetName: t.exposeString('budgetName', { description: 'What the budget or limit is called.' }),
    unit: t.expose('unit', { type: BudgetUnitEnum, description: 'The unit of the amounts.' }),
    spent: t.field({
      type: 'Decimal',
      description: 'What is spent in the window.',
      resolve: ({ unit, spent }) => toDecimal(unit, spent),
    }),
    reserved: t.field({
      type: 'Decimal',
      description: 'What is held for calls that run.',
      resolve: ({ unit, reserved }) => toDecimal(unit, reserved),
    }),
    limit: t.field({
      type: 'Decimal',
      description: 'The limit that holds now.',
      resolve: ({ unit, limit }) => toDecimal(unit, limit),
    }),
    requested: t.field({
      type: 'Decimal',
      description: 'The most that the call could use; 0 when its price is unknown.',
      resolve: ({ unit, requested }) => toDecimal(unit, requested),
    }),
    resetsAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the window ends and everything is free again; null when it never does.',
      resolve: ({ resetsAtMs }) => (resetsAtMs === undefined ? null : new Date(resetsAtMs)),
    }),
    reason: t.expose('reason', { type: BudgetRefusalReasonEnum, description: 'Why it was refused.' }),
    approval: t.prismaField({
      type: BudgetApprovalType,
      nullable: true,
      description: 'The request for more that was made; null when nobody was asked.',
      resolve: (query, { approvalId }, _args, { services, identity }) =>
        approvalId === undefined
          ? null
          : services.prisma.budgetApproval.findUnique({
              ...query,
              where: { id_teamId: { id: approvalId, teamId: identity.teamId } },
            }),
    }),
  }),
});
