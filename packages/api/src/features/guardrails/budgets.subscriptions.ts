import { builder } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { BudgetEventType } from './budget-event.types.ts';

builder.subscriptionField('budgetEvents', (t) =>
  t.field({
    type: BudgetEventType,
    description:
      'What happens to budgets of your team, whichever server process brings it about: first a `BudgetChanged` for each with its figures, then what happens from now on, within about a second. After a disconnection `budgetBreaches` and `budgetApprovals` have what was missed.',
    args: { budgets: t.arg.idList({ description: 'Only these budgets; all of the team when absent.' }) },
    subscribe: async (_root, { budgets }, { services, identity }) => {
      const ids = budgets?.map((id) => decodeId(id, 'Budget'));
      const { teamId } = identity;
      if (ids) {
        const known = ids.filter((id) => id !== undefined);
        const count = await services.prisma.budget.count({ where: { teamId, id: { in: known } } });
        if (count !== new Set(ids).size) throw badInput('There is no such budget in your team.');
      }
      return services.budgetFeed.subscribe(teamId, ids && new Set(ids.filter((id) => id !== undefined)));
    },
    resolve: (event) => event as never,
  }),
);
