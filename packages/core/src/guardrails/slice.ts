import { larger, smaller } from './amounts.ts';
import type { Budget } from './budget.ts';
import type { AccountFigures, Holding, SpendEntry, WindowAccount } from './budget-store.ts';

/** How much more than it needs a process leases at once; doubled while leases follow each other quickly. */
const smallestFactor = 16n;
const largestFactor = 1_024n;
const quicklyMs = 1_000;

/**
 * One process's part of one account: `leased` is lent to it, of which `reserved` is held for calls that run and
 * `unreported` was spent but is not yet in the store. All amounts in the budget's unit.
 */
export class Slice {
  readonly account: WindowAccount;
  /** The budget as it was when last used. */
  budget: Budget;
  /** By which the lease was granted. */
  limit: bigint;
  #leased = 0n;
  #reserved = 0n;
  #unreported = 0n;
  #entries: SpendEntry[] = [];
  #store: AccountFigures;
  #factor = smallestFactor;
  #leasedAtMs = Number.NEGATIVE_INFINITY;
  #isDirty = false;
  /** Another process wants what is not in use. */
  isWanted = false;
  /** The store works on it: one at a time, because holdings are absolute. */
  busy: Promise<unknown> | undefined;
  /** Monotonic time of the last use, for giving back what nobody uses. */
  usedAtMs = 0;
  isUncertain = false;
  /** Whether the store knows the account. */
  isOpened: boolean;
  /** Calls that wait for room. */
  readonly waiting = new Set<{ readonly amount: bigint }>();

  /** `figures`: undefined when the store could not be asked yet. */
  constructor(account: WindowAccount, budget: Budget, limit: bigint, figures: AccountFigures | undefined) {
    this.account = account;
    this.budget = budget;
    this.limit = limit;
    this.isOpened = figures !== undefined;
    this.#store = figures ?? { spent: 0n, leased: 0n };
  }

  /** What can be reserved without asking; negative after calls that used more than they had reserved. */
  get free(): bigint {
    return this.#leased - this.#reserved - this.#unreported;
  }

  /** What is booked, with this process's own latest. */
  get spent(): bigint {
    return this.#store.spent + this.#unreported;
  }

  /** Held for calls of this process, and everything that others hold. */
  get reserved(): bigint {
    const others = this.#store.leased - this.#leased;
    return this.#reserved + larger(others, 0n);
  }

  get reservedHere(): bigint {
    return this.#reserved;
  }

  /** Spent here, and not on its way to the store yet. */
  get unreported(): bigint {
    return this.#unreported;
  }

  get leased(): bigint {
    return this.#leased;
  }

  get isIdle(): boolean {
    return this.#reserved === 0n && this.#unreported === 0n && this.#leased === 0n && this.#entries.length === 0;
  }

  /** Whether the store should hear from it. */
  get isDirty(): boolean {
    return this.#isDirty || this.#entries.length > 0 || (this.isWanted && this.free > 0n);
  }

  /** An answer was lost: the store may have lent more than we know, until a report sets it right. */
  markUncertain(): void {
    this.isUncertain = true;
    this.#isDirty = true;
  }

  take(amount: bigint): void {
    this.#reserved += amount;
    this.#isDirty = true;
  }

  giveUp(amount: bigint): void {
    this.#reserved -= amount;
    this.#isDirty = true;
  }

  book(entry: SpendEntry): void {
    this.#unreported += entry.amount;
    this.#entries.push(entry);
  }

  /** How much to ask for when `need` is missing at monotonic `nowMs`. */
  planLease(need: bigint, nowMs: number): bigint {
    const isQuick = nowMs - this.#leasedAtMs < quicklyMs;
    this.#factor = isQuick ? smaller(this.#factor * 2n, largestFactor) : larger(this.#factor / 2n, smallestFactor);
    this.#leasedAtMs = nowMs;
    return need * this.#factor;
  }

  addLease(amount: bigint, figures: AccountFigures): void {
    this.#leased += amount;
    this.noteFigures(figures);
  }

  noteFigures(figures: AccountFigures): void {
    this.#store = { spent: figures.spent, leased: figures.leased };
  }

  noteOpened(figures: AccountFigures): void {
    if (!this.isOpened) this.noteFigures(figures);
    this.isOpened = true;
  }

  /** The store took back everything: calls that run stay reserved, without cover. */
  loseLease(): void {
    this.#leased = 0n;
  }

  /**
   * Prepares a report and behaves from now on as if it had arrived. `isGivingBack`: everything that is not in use. The
   * entries travel with it; call `undo` when nobody knows whether it arrived.
   */
  startReport(isGivingBack: boolean): {
    readonly holding: Holding;
    readonly entries: readonly SpendEntry[];
    undo(): void;
  } {
    const entries = this.#entries;
    let sent = 0n;
    for (const { amount } of entries) sent += amount;
    const before = this.#leased;
    const inUse = smaller(before, this.#reserved + this.#unreported - sent);
    const rest = before - sent;
    const hold = isGivingBack || rest < inUse ? inUse : rest;
    this.#entries = [];
    this.#unreported -= sent;
    this.#leased = hold;
    this.#store = { spent: this.#store.spent + sent, leased: this.#store.leased - (before - hold) };
    this.#isDirty = false;
    this.isUncertain = false;
    return {
      holding: { windowId: this.account.windowId, hold, inUse },
      entries,
      undo: () => {
        this.#entries = [...entries, ...this.#entries];
        this.#unreported += sent;
        // What was given back stays given back: whether the store has it by now, nobody knows.
        const cover = smaller(sent, before - hold);
        this.#leased += cover;
        this.#store = { spent: this.#store.spent - sent, leased: this.#store.leased + cover };
        this.markUncertain();
      },
    };
  }
}
