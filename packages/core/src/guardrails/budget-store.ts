import { larger, smaller } from './amounts.ts';

/** One account: a budget's window for one origin and subject. */
export interface WindowAccount {
  readonly windowId: string;
  readonly budgetId: string;
  readonly teamId: string;
  readonly origin: 'live' | 'simulated';
  readonly subject: string;
  readonly startMs: number;
  readonly endMs: number | undefined;
}

/** What an account holds over all processes, in the budget's unit. */
export interface AccountFigures {
  readonly spent: bigint;
  /** Lent to processes; what they have booked but not yet reported is still in here. */
  readonly leased: bigint;
}

export interface LeaseRequest {
  readonly instanceId: string;
  readonly account: WindowAccount;
  /** The copy of the budget by which `limit` was reckoned. */
  readonly budgetVersion: number;
  readonly limit: bigint;
  /** Less is of no use. Above 0. */
  readonly minimum: bigint;
  /** What the calls need that wait now; at least `minimum`. */
  readonly needed: bigint;
  /** What would spare the next questions. */
  readonly wanted: bigint;
}

/** `refused`: nothing is free; `lentUnused` is what other processes hold and had no use for when they last reported. */
export type LeaseAnswer =
  | ({ readonly type: 'granted'; readonly amount: bigint } & AccountFigures)
  | ({ readonly type: 'refused'; readonly lentUnused: bigint } & AccountFigures)
  /** The budget has changed, or is gone: read it again. */
  | { readonly type: 'stale' }
  /** The process counts as dead: register under a new id. */
  | { readonly type: 'fenced' };

/** What one settled call adds to one account. `entryId` and `windowId` together are booked once, however often sent. */
export interface SpendEntry {
  readonly entryId: string;
  readonly windowId: string;
  readonly teamId: string;
  readonly callId: string;
  readonly amount: bigint;
  readonly isEstimated: boolean;
  /** Epoch ms at which it was reserved. */
  readonly atMs: number;
}

/** How much of its lease a process still needs once the entries sent along are booked. Absolute, so that repeating it is harmless. */
export interface Holding {
  readonly windowId: string;
  /** At most the lease; the rest goes back. */
  readonly hold: bigint;
  /** The part of `hold` that calls need which run now or are not reported yet. */
  readonly inUse: bigint;
}

export interface SyncRequest {
  readonly instanceId: string;
  readonly entries: readonly SpendEntry[];
  readonly holdings: readonly Holding[];
  /** The accounts whose figures the caller wants to know. */
  readonly windowIds: readonly string[];
}

export interface SyncAnswer {
  /** The process counts as dead and its leases are gone; its entries were booked all the same. */
  readonly isFenced: boolean;
  /** `isWanted`: another process was refused lately because of what is lent out. */
  readonly accounts: ReadonlyMap<string, AccountFigures & { readonly isWanted: boolean }>;
}

/**
 * Where accounts are kept for all processes. Every method is atomic and safe to repeat.
 *
 * The invariant: `lease` grants only while `spent + leased ≤ limit` afterwards, and `sync` moves spending from leased
 * to spent, so no set of processes can reserve more than the limit. Only spending above its reservation passes it.
 */
export interface BudgetStore {
  /** Makes a process known. Answers the latest time (epoch ms) that any process has reported, for clocks set back. */
  register(instanceId: string, nowMs: number): Promise<{ readonly latestMs: number }>;
  /** Makes sure that the account exists. */
  open(account: WindowAccount): Promise<AccountFigures>;
  /** Grants what {@link sizeLease} says, by one conditional update. */
  lease(request: LeaseRequest): Promise<LeaseAnswer>;
  /** Books entries, gives back, and shows that the process lives. */
  sync(request: SyncRequest, nowMs: number): Promise<SyncAnswer>;
  /**
   * Takes back what dead processes held: those that have not synchronised for `deadAfterMs` (0: all but `except`).
   * First books what their calls used as far as records tell. Answers how many were dead.
   */
  reclaim(deadAfterMs: number, except: string): Promise<number>;
}

/** How long after a refusal an account counts as wanted. */
export const wantedForMs = 5_000;
/** A single lease takes at most this part of what is left, unless one reservation needs more. */
export const shareOfRest = 8n;

/**
 * How much of `free` (what is neither spent nor leased) a store grants: what waiting calls need, or `wanted` up to an
 * eighth of what is left; 0 when that is less than `minimum`. While processes quarrel about the rest (`isWanted`),
 * nobody gets more than one reservation's worth.
 */
export function sizeLease(
  free: bigint,
  request: Pick<LeaseRequest, 'minimum' | 'needed' | 'wanted'>,
  isWanted: boolean,
): bigint {
  const { minimum, needed, wanted } = request;
  if (free < minimum) return 0n;
  if (isWanted) return minimum;
  const ahead = smaller(wanted, free / shareOfRest);
  const now = smaller(needed, free);
  return larger(minimum, larger(ahead, now));
}
