import type { Clock, Ids, Log } from '../kernel/index.ts';
import type { Budget } from './budget.ts';
import type { BudgetStore, WindowAccount } from './budget-store.ts';
import type { LedgerSettings } from './ledger-settings.ts';
import type { Slice } from './slice.ts';

/** Where the budgets come from. */
export interface BudgetSource {
  /** The budgets of a team as this process knows them; asked before every call, so it must not compute. */
  read(teamId: string): readonly Budget[];
  /** Reads them again because a copy was old. May throw when the store is away. */
  refresh(teamId: string): Promise<void>;
}

export interface SlicedLedgerDependencies {
  readonly store: BudgetStore;
  readonly budgets: BudgetSource;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly settings?: Partial<LedgerSettings>;
}

/** What one process holds of an account, for gauges and live figures; all amounts in the budget's unit. */
export interface SliceFigures {
  readonly windowId: string;
  readonly budgetId: string;
  readonly account: WindowAccount;
  readonly leased: bigint;
  /** Held for calls of this process that run. */
  readonly reserved: bigint;
  /** Booked by all processes as far as this one knows, with its own latest. */
  readonly spent: bigint;
  /** The part of `spent` that the store surely has not heard of; 0 while that is uncertain. */
  readonly unreported: bigint;
}

/** What `slice` shows to people. */
export function toSliceFigures(slice: Slice): SliceFigures {
  const { account, leased, reservedHere, spent, unreported, isUncertain } = slice;
  const { windowId, budgetId } = account;
  return {
    windowId,
    budgetId,
    account,
    leased,
    reserved: reservedHere,
    spent,
    unreported: isUncertain ? 0n : unreported,
  };
}
