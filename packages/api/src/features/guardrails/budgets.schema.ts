import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { BudgetModeEnum, BudgetSourceEnum, BudgetUnitEnum, BudgetWindowKindEnum } from './budget.enums.ts';
import { BudgetType } from './budget.types.ts';

const BudgetFilterInput = builder.inputType('BudgetFilterInput', {
  description: 'Which budgets. Absent: all.',
  fields: (t) => ({
    units: t.field({ type: [BudgetUnitEnum], description: 'That count one of these.' }),
    windows: t.field({ type: [BudgetWindowKindEnum], description: 'With one of these windows.' }),
    modes: t.field({ type: [BudgetModeEnum], description: 'Of one of these modes.' }),
    sources: t.field({ type: [BudgetSourceEnum], description: 'Kept in one of these.' }),
    isEnabled: t.boolean({ description: 'Those that hold, or those that are switched off.' }),
  }),
});

export const pageCost = (args: { first?: number | null | undefined; last?: number | null | undefined }) => ({
  field: 1,
  multiplier: args.first ?? args.last ?? defaultPageSize,
});

function toWhere(teamId: string, filter: typeof BudgetFilterInput.$inferInput | null | undefined) {
  return {
    teamId,
    ...(filter?.units && { unit: { in: filter.units } }),
    ...(filter?.windows && { window: { in: filter.windows } }),
    ...(filter?.modes && { mode: { in: filter.modes } }),
    ...(filter?.sources && { source: { in: filter.sources } }),
    ...(filter?.isEnabled != null && { isEnabled: filter.isEnabled }),
  };
}

builder.queryField('budgets', (t) =>
  t.prismaConnection(
    {
      type: BudgetType,
      cursor: 'id',
      description: 'The budgets of your team, oldest first.',
      complexity: pageCost,
      args: { filter: t.arg({ type: BudgetFilterInput, description: 'Which budgets.' }) },
      totalCount: (_root, { filter }, { services, identity }) =>
        services.prisma.budget.count({ where: toWhere(identity.teamId, filter) }),
      resolve: (query, _root, args, { services, identity }) => {
        assertPageSize(args, 'budgets');
        return services.prisma.budget.findMany({
          ...query,
          where: toWhere(identity.teamId, args.filter),
          orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        });
      },
    },
    { name: 'BudgetConnection', description: 'A page of budgets.' },
    { name: 'BudgetEdge' },
  ),
);
