import { type Budget, effectiveLimit, type SliceFigures } from '@switchyard/core/guardrails';
import type { BudgetAccountState } from './budget.repository.ts';

/** One current window of a budget as it stands this moment, in the budget's unit. */
export interface LiveWindow {
  readonly windowId: string;
  readonly budgetId: string;
  readonly unit: Budget['unit'];
  readonly origin: 'live' | 'simulated';
  /** The values of the budget's `each` conditions and of its run. */
  readonly subject: string;
  readonly spent: bigint;
  /** Held for calls that run. */
  readonly reserved: bigint;
  /** With the raises that hold now. */
  readonly limit: bigint;
  /** Never below 0. */
  readonly free: bigint;
  readonly startMs: number;
  readonly endMs: number | undefined;
}

/**
 * The current windows of `budgets`, fullest first: what the database has (read without this process's own
 * reservations), with what this process did since it last reported. Read `slices` after `accounts`: then nothing is
 * counted twice.
 */
export function liveWindows(
  budgets: readonly Budget[],
  accounts: readonly BudgetAccountState[],
  slices: readonly SliceFigures[],
  nowMs: number,
): readonly LiveWindow[] {
  const byId = new Map(budgets.map((budget) => [budget.id, budget]));
  const own = new Map(slices.map((slice) => [slice.windowId, slice]));
  const stored = new Set(accounts.map(({ windowId }) => windowId));
  const unknown = slices
    .filter(({ windowId, account: { startMs, endMs } }) => {
      return !stored.has(windowId) && startMs <= nowMs && (endMs === undefined || nowMs < endMs);
    })
    .map(({ account }) => ({ ...account, spent: 0n, reserved: 0n }));
  return [...accounts, ...unknown]
    .flatMap((account): LiveWindow[] => {
      const budget = byId.get(account.budgetId);
      if (!budget) return [];
      const { windowId, budgetId, origin, subject, startMs, endMs } = account;
      const slice = own.get(windowId);
      const spent = slice ? larger(account.spent + slice.unreported, slice.spent) : account.spent;
      const reserved = account.reserved + (slice?.reserved ?? 0n);
      const limit = effectiveLimit(budget, nowMs);
      const free = larger(limit - spent - reserved, 0n);
      const { unit } = budget;
      return [{ windowId, budgetId, unit, origin, subject, spent, reserved, limit, free, startMs, endMs }];
    })
    .sort((a, b) => shareOf(b) - shareOf(a) || (a.windowId < b.windowId ? -1 : 1));
}

/** How much of the limit is spent or reserved; above everything when the limit is 0 and something is. */
function shareOf({ spent, reserved, limit }: LiveWindow): number {
  const used = spent + reserved;
  if (limit > 0n) return Number(used) / Number(limit);
  return used > 0n ? Number.MAX_VALUE : 0;
}

const larger = (a: bigint, b: bigint) => (a > b ? a : b);
