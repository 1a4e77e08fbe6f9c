import type { Services } from '../../../container.ts';
import type { StoredBudget } from '../../guardrails/budget.mapping.ts';
import { BudgetRepository } from '../../guardrails/budget.repository.ts';
import type { LiveWindow } from '../../guardrails/live-windows.ts';
import { readLiveWindows } from '../../guardrails/read-live-windows.ts';

interface TeamBudgets {
  readonly budgets: ReadonlyMap<string, StoredBudget>;
  readonly windows: ReadonlyMap<string, readonly LiveWindow[]>;
}

interface AskingContext {
  readonly services: Services;
  readonly identity: { readonly teamId: string };
  readonly requestId: string;
}

/** One reading for all keys of an answer. */
const reading = new WeakMap<object, Promise<TeamBudgets>>();

/** The budgets of the team with their present windows: three queries for an answer, however many keys it has. */
export function readBudgetsOf(context: AskingContext): Promise<TeamBudgets> {
  const found = reading.get(context);
  if (found) return found;
  const { services, identity } = context;
  const read = Promise.all([
    new BudgetRepository(services.prisma).list(identity.teamId),
    readLiveWindows(services, identity.teamId),
  ]).then(([list, windows]) => ({ budgets: new Map(list.map((budget) => [budget.id, budget])), windows }));
  reading.set(context, read);
  return read;
}
