import type { SlicedLedger } from '@switchyard/core/guardrails';
import type { BudgetUse } from '@switchyard/core/routing';
import type { BudgetBook } from '../guardrails/budget-book.ts';
import { liveWindows } from '../guardrails/live-windows.ts';

/**
 * How far the team's budgets are used, by name, as this process knows: the fullest window of each. A budget that nothing
 * was charged to counts as unused. No query.
 */
export function readBudgetUse(
  { ledger, book }: { readonly ledger: SlicedLedger; readonly book: BudgetBook },
  teamId: string,
  nowMs: number,
): readonly BudgetUse[] {
  const budgets = book.read(teamId);
  if (budgets.length === 0) return [];
  const windows = liveWindows(budgets, [], ledger.slices(), nowMs);
  return budgets.map(({ id, name }) => {
    // The fullest comes first.
    const window = windows.find(({ budgetId }) => budgetId === id);
    if (!window) return { name, usedShare: 0 };
    const used = window.spent + window.reserved;
    return { name, usedShare: window.limit > 0n ? Number(used) / Number(window.limit) : used > 0n ? 1 : 0 };
  });
}
