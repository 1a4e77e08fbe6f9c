import type { CallRoom } from './bound-call.ts';
import type { Budget, CallAttributes } from './budget.ts';

/** The most that a call can use. `costNanoUsd` is undefined when no price is known. */
export interface UpperBound {
  readonly costNanoUsd: bigint | undefined;
  readonly tokens: bigint;
}

/** What a call used. Undefined fields are unknown: the amount that was reserved is booked in their place, as an estimate. */
export interface ActualUse {
  readonly costNanoUsd: bigint | undefined;
  readonly tokens: bigint | undefined;
  /** Whether our own count stands in for the vendor's. */
  readonly isEstimated?: boolean;
}

/** Asks for room for one attempt to call one model. */
export interface ReserveRequest {
  /** Makes reserve, settle and release idempotent. */
  readonly reservationId: string;
  /**
   * The id of the call record that this attempt will leave, one for each attempt. The books are kept by it: it is
   * booked once in each account, whether the process reports it or recovery finds the record.
   */
  readonly callId: string;
  readonly attributes: CallAttributes;
  readonly upperBound: UpperBound;
}

/** The state of one budget in one window, in the budget's unit. */
export interface BudgetFigures {
  readonly budgetId: string;
  readonly budgetName: string;
  readonly unit: Budget['unit'];
  /** Whether the budget is a rate limit: its window is a minute. */
  readonly isRate?: boolean;
  readonly windowId: string;
  /** Booked. */
  readonly spent: bigint;
  /** Held for calls that run, here and in other processes, and what other processes have set aside. */
  readonly reserved: bigint;
  readonly limit: bigint;
  /** When the window ends (epoch ms); undefined when it never does. */
  readonly resetsAtMs: number | undefined;
}

/** A soft budget that is over its limit, or a threshold (share of the limit) that this reservation crossed. */
export interface BudgetWarning extends BudgetFigures {
  readonly type: 'over-limit' | 'threshold';
  readonly threshold: number;
}

/** `budget-exceeded`: no room. `unpriced`: the price is unknown and the budget refuses such calls. `ledger-unavailable`: the store does not answer and this process has no room of its own. */
export type RefusalReason = 'budget-exceeded' | 'unpriced' | 'ledger-unavailable';

export interface BudgetRefusal extends BudgetFigures {
  readonly reason: RefusalReason;
  /** In the budget's unit; 0 when unpriced. */
  readonly requested: bigint;
  readonly onBreach: Budget['onBreach'];
  readonly whenAllBreach: Budget['whenAllBreach'];
}

export type ReserveAnswer =
  | { readonly isGranted: true; readonly reservationId: string; readonly warnings: readonly BudgetWarning[] }
  | { readonly isGranted: false; readonly refusal: BudgetRefusal };

/**
 * Reserves before each attempt, settles after it. Nothing is ever reserved partly: all budgets that a call counts in
 * grant it, or none does.
 */
export interface BudgetLedger {
  /**
   * What hard budgets leave for such a call, as far as this process knows; undefined when it counts in no budget, so
   * that nothing need be reserved. A guess for planning: only a reservation is sure.
   */
  room(attributes: CallAttributes): CallRoom | undefined;
  /**
   * Repeated with the same id it gives the first grant again and takes nothing. Never throws for a store that is away.
   * The amounts belong to the window in which they were reserved, also when the call ends in the next one.
   */
  reserve(request: ReserveRequest): Promise<ReserveAnswer>;
  /** The call still runs: its reservation does not expire for another while. */
  extend(reservationId: string): void;
  /**
   * Books what the call used, once; more than was reserved is booked as it is. Holds after release and expiry too: what
   * was spent was spent. `request` is needed only when this process may not know the reservation (after a restart).
   */
  settle(reservationId: string, actual: ActualUse, request?: ReserveRequest): void;
  /** The call was never made: gives its room back, once. Without effect after settle. */
  release(reservationId: string): void;
}
