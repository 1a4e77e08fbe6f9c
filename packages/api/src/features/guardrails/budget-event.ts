import type { BudgetApproval as ApprovalRow, BudgetBreach as BreachRow } from '../../generated/prisma/client.ts';
import type { StoredBudget } from './budget.mapping.ts';
import type { LiveWindow } from './live-windows.ts';

/** How many windows of a budget an event tells of, the fullest first. */
export const windowsPerEvent = 10;

/** Something that happened to a budget of a team. */
export type BudgetEvent =
  | {
      readonly type: 'changed';
      readonly budgetId: string;
      /** Undefined: it was deleted. */
      readonly budget: StoredBudget | undefined;
      readonly windows: readonly LiveWindow[];
    }
  | { readonly type: 'breach'; readonly budgetId: string; readonly breach: BreachRow }
  | { readonly type: 'approval'; readonly budgetId: string; readonly approval: ApprovalRow };
