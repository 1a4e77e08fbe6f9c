import { builder } from '../../graphql/builder.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { BudgetApprovalType } from './approval.types.ts';
import { BudgetType } from './budget.types.ts';
import { BudgetBreachType } from './budget-breach.types.ts';
import { type BudgetEvent, windowsPerEvent } from './budget-event.ts';
import { BudgetWindowType } from './budget-window.types.ts';

type Of<Type extends BudgetEvent['type']> = Extract<BudgetEvent, { readonly type: Type }>;

const BudgetChanged = builder.objectRef<Of<'changed'>>('BudgetChanged').implement({
  description: 'The figures of a budget moved, or it was changed; at most twice a second for each budget.',
  fields: (t) => ({
    budgetId: t.id({ description: 'The budget.', resolve: ({ budgetId }) => encodeId('Budget', budgetId) }),
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
    windows: t.field({
      type: [BudgetWindowType],
      description: 'Its present windows, the ten fullest.',
      resolve: ({ budget, windows }) =>
        budget ? windows.slice(0, windowsPerEvent).map((window) => ({ ...window, budget })) : [],
    }),
  }),
});

const breachEvent = (name: string, description: string) =>
  builder.objectRef<Of<'breach'>>(name).implement({
    description,
    fields: (t) => ({
      breach: t.field({
        type: BudgetBreachType,
        description: 'What happened.',
        resolve: ({ breach }) => breach as never,
      }),
    }),
  });
const BudgetThresholdCrossed = breachEvent('BudgetThresholdCrossed', 'A share of a budget is used.');
const BudgetBreached = breachEvent('BudgetBreached', 'A budget refused a call, or a soft one went over its limit.');

const approvalEvent = (name: string, description: string) =>
  builder.objectRef<Of<'approval'>>(name).implement({
    description,
    fields: (t) => ({
      approval: t.field({
        type: BudgetApprovalType,
        description: 'The request.',
        resolve: ({ approval }) => approval as never,
      }),
    }),
  });
const BudgetApprovalRequested = approvalEvent('BudgetApprovalRequested', 'Somebody asks for more than a budget has.');
const BudgetApprovalResolved = approvalEvent('BudgetApprovalResolved', 'Such a request was decided, or it lapsed.');

export const BudgetEventType = builder.unionType('BudgetEvent', {
  description: 'Something that happened to a budget.',
  types: [BudgetChanged, BudgetThresholdCrossed, BudgetBreached, BudgetApprovalRequested, BudgetApprovalResolved],
  resolveType: (event) => {
    const value = event as BudgetEvent;
    if (value.type === 'changed') return BudgetChanged;
    if (value.type === 'breach') return value.breach.type === 'threshold' ? BudgetThresholdCrossed : BudgetBreached;
    return value.approval.state === 'pending' ? BudgetApprovalRequested : BudgetApprovalResolved;
  },
});
