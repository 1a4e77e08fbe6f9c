import { builder } from '../../graphql/builder.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { BudgetApprovalStateEnum, BudgetApprovalType } from './approval.types.ts';
import { BudgetType } from './budget.types.ts';
import { pageCost } from './budgets.schema.ts';
import { approveRequest, declineRequest } from './decide-approval.ts';
import { outcomes } from './outcomes.ts';

const BudgetApprovalFilterInput = builder.inputType('BudgetApprovalFilterInput', {
  description: 'Which requests. Absent: all.',
  fields: (t) => ({
    states: t.field({ type: [BudgetApprovalStateEnum], description: 'In one of these states.' }),
    budgetId: t.id({ description: 'To this budget.' }),
  }),
});

function toWhere(teamId: string, filter: typeof BudgetApprovalFilterInput.$inferInput | null | undefined) {
  return {
    teamId,
    ...(filter?.states && { state: { in: filter.states } }),
    ...(filter?.budgetId != null && { budgetId: decodeId(filter.budgetId, 'Budget') ?? '?' }),
  };
}

builder.queryField('budgetApprovals', (t) =>
  t.prismaConnection(
    {
      type: BudgetApprovalType,
      cursor: 'id',
      description: 'Requests for more money than a budget has, newest first; decided ones are kept for 30 days.',
      complexity: pageCost,
      args: { filter: t.arg({ type: BudgetApprovalFilterInput, description: 'Which requests.' }) },
      totalCount: (_root, { filter }, { services, identity }) =>
        services.prisma.budgetApproval.count({ where: toWhere(identity.teamId, filter) }),
      resolve: (query, _root, args, { services, identity }) => {
        assertPageSize(args, 'approvals');
        return services.prisma.budgetApproval.findMany({
          ...query,
          where: toWhere(identity.teamId, args.filter),
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        });
      },
    },
    { name: 'BudgetApprovalConnection', description: 'A page of requests.' },
    { name: 'BudgetApprovalEdge' },
  ),
);

const ApproveBudgetRequestInput = builder.inputType('ApproveBudgetRequestInput', {
  description: 'A request that is granted.',
  fields: (t) => ({
    approvalId: t.id({ required: true, description: 'The request.' }),
    amount: t.field({
      type: 'Decimal',
      description: "What to add to the limit, in the budget's unit: enough for the call; just that when absent.",
    }),
    endsAt: t.field({
      type: 'DateTime',
      description: 'Until when; when absent the end of the window, in a day at the latest.',
    }),
  }),
});

const DeclineBudgetRequestInput = builder.inputType('DeclineBudgetRequestInput', {
  description: 'A request that is turned down.',
  fields: (t) => ({
    approvalId: t.id({ required: true, description: 'The request.' }),
    reason: t.string({ description: 'Why, at most 500 characters.' }),
  }),
});

const decided = (name: string, description: string) =>
  builder.objectRef<{ readonly id: string; readonly budgetId: string }>(name).implement({
    description,
    fields: (t) => ({
      approval: t.prismaField({
        type: BudgetApprovalType,
        description: 'The request as it now is.',
        resolve: (query, { id }, _args, { services, identity }) =>
          services.prisma.budgetApproval.findUniqueOrThrow({
            ...query,
            where: { id_teamId: { id, teamId: identity.teamId } },
          }),
      }),
      budget: t.prismaField({
        type: BudgetType,
        nullable: true,
        description: 'The budget as it now is; null when it was deleted.',
        resolve: (query, { budgetId }, _args, { services, identity }) =>
          services.prisma.budget.findUnique({
            ...query,
            where: { id_teamId: { id: budgetId, teamId: identity.teamId } },
          }),
      }),
    }),
  });
const ApproveBudgetRequestSuccess = decided('ApproveBudgetRequestSuccess', 'The budget was raised; who waits goes on.');
const DeclineBudgetRequestSuccess = decided('DeclineBudgetRequestSuccess', 'The request is turned down.');

builder.mutationFields((t) => ({
  approveBudgetRequest: t.field({
    type: ApproveBudgetRequestSuccess,
    description: 'Grants a request by raising its budget for a while. Needs the scope MANAGE.',
    errors: outcomes(
      'ApproveBudgetRequestResult',
      ValidationFailure,
      NotFoundFailure,
      ConflictFailure,
      ForbiddenFailure,
    ),
    args: { input: t.arg({ type: ApproveBudgetRequestInput, required: true, description: 'What to grant.' }) },
    resolve: (_root, { input: { approvalId, ...grant } }, { services, identity }) =>
      approveRequest(services, identity, decodeId(approvalId, 'BudgetApproval'), grant),
  }),
  declineBudgetRequest: t.field({
    type: DeclineBudgetRequestSuccess,
    description: 'Turns a request down; who waits is refused. Needs the scope MANAGE.',
    errors: outcomes(
      'DeclineBudgetRequestResult',
      ValidationFailure,
      NotFoundFailure,
      ConflictFailure,
      ForbiddenFailure,
    ),
    args: { input: t.arg({ type: DeclineBudgetRequestInput, required: true, description: 'What to turn down.' }) },
    resolve: (_root, { input: { approvalId, ...answer } }, { services, identity }) =>
      declineRequest(services, identity, decodeId(approvalId, 'BudgetApproval'), answer),
  }),
}));
