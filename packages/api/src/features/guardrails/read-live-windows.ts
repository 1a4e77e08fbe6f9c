import type { Services } from '../../container.ts';
import { BudgetRepository } from './budget.repository.ts';
import { type LiveWindow, liveWindows } from './live-windows.ts';

/** The present windows of all budgets of a team by the budget's id, fullest first. Two queries. */
export async function readLiveWindows(
  { prisma, clock, budgets: { ledger } }: Pick<Services, 'prisma' | 'clock' | 'budgets'>,
  teamId: string,
): Promise<ReadonlyMap<string, readonly LiveWindow[]>> {
  const rows = new BudgetRepository(prisma);
  const nowMs = clock.nowMs();
  const [budgets, accounts] = await Promise.all([
    rows.list(teamId),
    rows.readAccounts(teamId, nowMs, { exceptInstance: ledger.instanceId }),
  ]);
  return Map.groupBy(liveWindows(budgets, accounts, ledger.slices(), nowMs), ({ budgetId }) => budgetId);
}
