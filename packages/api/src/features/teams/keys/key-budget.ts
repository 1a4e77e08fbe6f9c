import type { BudgetWindowKind } from '@switchyard/core/guardrails';
import type { Ids } from '@switchyard/core/kernel';
import type { Identity } from '../../../auth/identity.ts';
import type { Prisma } from '../../../generated/prisma/client.ts';
import { BudgetRepository } from '../../guardrails/budget.repository.ts';
import { fromDecimal } from '../../guardrails/decimal-amount.ts';
import { createBudget, deleteBudget, updateBudget } from '../../guardrails/save-budget.ts';

/** What a key may spend in a window, as the API takes it. */
export interface WantedKeyBudget {
  /** Decimal USD. */
  readonly limit: string;
  readonly window: Exclude<BudgetWindowKind, 'run' | 'minute'>;
}

interface KeyOfBudget {
  readonly id: string;
  readonly teamId: string;
  readonly name: string;
  readonly budgetId: string | null;
}

/**
 * Makes, changes or (null) ends the budget that counts the calls of one key alone; within the transaction that changes
 * the key. Answers its id. It is a budget like any other of the team and may be changed with them. Another window is
 * another budget: what was spent was counted by the old one. Whoever calls reloads the `BudgetBook` afterwards.
 */
export async function saveKeyBudget(
  { tx, ids }: { readonly tx: Prisma.TransactionClient; readonly ids: Ids },
  { userId }: Pick<Identity, 'userId'>,
  key: KeyOfBudget,
  wanted: WantedKeyBudget | null,
): Promise<string | null> {
  const dependencies = { budgets: new BudgetRepository(tx), ids };
  const before = key.budgetId === null ? undefined : await dependencies.budgets.find(key.teamId, key.budgetId);
  if (wanted && before?.window === wanted.window) {
    await updateBudget(before, { limit: readLimit(wanted), isEnabled: true }, {}, dependencies);
    return before.id;
  }
  if (before) await deleteBudget(before, dependencies);
  if (!wanted) return null;
  const { budget } = await createBudget(
    key.teamId,
    {
      name: `API key ${key.name}`.slice(0, 100),
      scope: [{ kind: 'api-key', value: key.id }],
      unit: 'cost',
      window: wanted.window,
      timeZone: before?.timeZone ?? 'UTC',
      limit: readLimit(wanted),
      mode: 'hard',
      alertThresholds: [0.8, 1],
      // Every other model would count in it as well.
      onBreach: 'fail-fast',
      whenAllBreach: 'fail',
      unpriced: { kind: 'refuse' },
      isEnabled: true,
    },
    userId,
    {},
    dependencies,
  );
  return budget.id;
}

/** Switches the budget of a key off that has ended: what it counts comes no more, its books stay. */
export async function disableKeyBudget(
  { tx, ids }: { readonly tx: Prisma.TransactionClient; readonly ids: Ids },
  { teamId, budgetId }: Pick<KeyOfBudget, 'teamId' | 'budgetId'>,
): Promise<void> {
  const dependencies = { budgets: new BudgetRepository(tx), ids };
  const before = budgetId === null ? undefined : await dependencies.budgets.find(teamId, budgetId);
  if (before?.isEnabled) await updateBudget(before, { isEnabled: false }, {}, dependencies);
}

const readLimit = ({ limit }: WantedKeyBudget): bigint => fromDecimal('cost', limit) ?? 0n;
