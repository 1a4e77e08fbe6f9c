import { builder } from '../../graphql/builder.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { BudgetBreachKindEnum, BudgetBreachType } from './budget-breach.types.ts';
import { pageCost } from './budgets.schema.ts';

const BudgetBreachFilterInput = builder.inputType('BudgetBreachFilterInput', {
  description: 'Which breaches. Absent: calls that were refused and limits that were passed.',
  fields: (t) => ({
    budgetId: t.id({ description: 'Of this budget.' }),
    from: t.field({ type: 'DateTime', description: 'From then on.' }),
    to: t.field({ type: 'DateTime', description: 'Until before then.' }),
    kinds: t.field({
      type: [BudgetBreachKindEnum],
      description: 'Of these kinds; REFUSED and OVER_LIMIT when absent.',
    }),
    modelId: t.string({ description: 'Of calls of this model.' }),
  }),
});

function toWhere(teamId: string, filter: typeof BudgetBreachFilterInput.$inferInput | null | undefined) {
  return {
    teamId,
    type: { in: [...(filter?.kinds ?? ['refused', 'over-limit'])] },
    ...(filter?.budgetId != null && { budgetId: decodeId(filter.budgetId, 'Budget') ?? '?' }),
    ...((filter?.from || filter?.to) && {
      at: { ...(filter.from && { gte: filter.from }), ...(filter.to && { lt: filter.to }) },
    }),
    ...(filter?.modelId != null && { modelId: filter.modelId }),
  };
}

builder.queryField('budgetBreaches', (t) =>
  t.prismaConnection(
    {
      type: BudgetBreachType,
      cursor: 'id',
      description: 'What budgets and limits refused or warned of, newest first; kept for 30 days.',
      complexity: pageCost,
      args: { filter: t.arg({ type: BudgetBreachFilterInput, description: 'Which breaches.' }) },
      totalCount: (_root, { filter }, { services, identity }) =>
        services.prisma.budgetBreach.count({ where: toWhere(identity.teamId, filter) }),
      resolve: (query, _root, args, { services, identity }) => {
        assertPageSize(args, 'breaches');
        return services.prisma.budgetBreach.findMany({
          ...query,
          where: toWhere(identity.teamId, args.filter),
          orderBy: [{ at: 'desc' }, { id: 'desc' }],
        });
      },
    },
    { name: 'BudgetBreachConnection', description: 'A page of breaches.' },
    { name: 'BudgetBreachEdge' },
  ),
);
