import { type Clock, sleep, type Timer } from '../kernel/index.ts';
import type { CallRoom } from './bound-call.ts';
import type { CallAttributes } from './budget.ts';
import {
  type BudgetDemand,
  bookedAmount,
  createRefusal,
  demandsOf,
  needsRoom,
  refuse,
  WindowCalendar,
  warningsOf,
} from './budget-demand.ts';
import type { ActualUse, BudgetLedger, BudgetWarning, ReserveAnswer, ReserveRequest } from './budget-ledger.ts';
import type { BudgetStore, LeaseAnswer } from './budget-store.ts';
import { readRoom } from './call-room.ts';
import { type BudgetSource, type SlicedLedgerDependencies, type SliceFigures, toSliceFigures } from './ledger-parts.ts';
import { defaultLedgerSettings, type LedgerSettings } from './ledger-settings.ts';
import { type Hold, type Reservation, Reservations } from './reservations.ts';
import type { Slice } from './slice.ts';
import { SliceBook } from './slice-book.ts';

/** Rounds after which something must be wrong; each makes room for some call or waits for the store. */
const maxRounds = 10_000;
const maxStaleRounds = 3;

const nothingNew: LeaseAnswer = { type: 'granted', amount: 0n, spent: 0n, leased: 0n };

/**
 * The ledger of one process. It leases slices of accounts from the store and reserves inside them in memory: a call
 * that fits costs no input or output, and calls on different budgets do not wait for each other. Spending is reported
 * in batches, at the latest `reportAfterMs` after it.
 *
 * Crash: what a killed process had leased counts as reserved until `store.reclaim` takes it back after `deadAfterMs`,
 * and books what call records prove. What was neither reported nor recorded by then is unknown to everybody and is
 * given free; the window for that is the last `reportAfterMs` before the kill.
 */
export class SlicedLedger implements BudgetLedger {
  readonly #store: BudgetStore;
  readonly #budgets: BudgetSource;
  readonly #clock: Clock;
  readonly #settings: LedgerSettings;
  readonly #book: SliceBook;
  readonly #calendar = new WindowCalendar();
  readonly #reservations = new Reservations();
  readonly #pending = new Map<string, Promise<ReserveAnswer>>();
  #timer: Timer | undefined;
  #dueMs = 0;
  #isStarted = false;
  #lastSyncMs = 0;

  constructor({ store, budgets, clock, ids, log, settings }: SlicedLedgerDependencies) {
    this.#store = store;
    this.#budgets = budgets;
    this.#clock = clock;
    this.#settings = { ...defaultLedgerSettings, ...settings };
    this.#book = new SliceBook(store, clock, ids, log, this.#settings);
  }

  get instanceId(): string {
    return this.#book.instanceId;
  }

  /** Begins to synchronise in the background. Registers now when the store answers, else with the first lease. */
  async start(): Promise<void> {
    this.#isStarted = true;
    this.#schedule(false);
    await this.#book.register().catch(() => {});
  }

  /** Reports everything, gives everything back and stops. Calls that still run settle into the store with `flush`. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    this.#timer?.cancel();
    await this.#book.syncAnew(true);
  }

  /** Reports everything now; false when the store did not take it. */
  flush(): Promise<boolean> {
    return this.#book.syncAnew();
  }

  slices(): readonly SliceFigures[] {
    return [...this.#book.slices()].map(toSliceFigures);
  }

  room(attributes: CallAttributes): CallRoom | undefined {
    const budgets = this.#budgets.read(attributes.teamId);
    if (budgets.length === 0) return undefined;
    return readRoom(attributes, budgets, this.#calendar, this.#book.nowMs, (id) => this.#book.find(id));
  }

  reserve(request: ReserveRequest): Promise<ReserveAnswer> {
    const { reservationId } = request;
    const known = this.#reservations.find(reservationId);
    if (known && known.state !== 'released')
      return Promise.resolve({ isGranted: true, reservationId, warnings: known.warnings });
    const pending = this.#pending.get(reservationId);
    if (pending) return pending;
    const demands = this.#demandsOf(request);
    if (this.#fits(demands)) return Promise.resolve(this.#take(request, demands));
    const slow = this.#reserveSlowly(request).finally(() => this.#pending.delete(reservationId));
    this.#pending.set(reservationId, slow);
    return slow;
  }

  extend(reservationId: string): void {
    const reservation = this.#reservations.find(reservationId);
    if (reservation?.state === 'held') reservation.untilMs = this.#clock.monotonicMs() + this.#settings.reservationMs;
  }

  settle(reservationId: string, actual: ActualUse, request?: ReserveRequest): void {
    const known = this.#reservations.find(reservationId);
    if (known?.state === 'settled') return;
    if (known) {
      if (known.state === 'held') for (const { slice, amount } of known.holds) slice.giveUp(amount);
      this.#reservations.end(known, 'settled', this.#forgetAtMs());
      for (const hold of known.holds) this.#bookHold(known, hold, actual);
    } else if (request) {
      const holds = this.#demandsOf(request).map(({ account, budget, limit, amount }) => {
        return { slice: this.#book.openHere(account, budget, limit), amount };
      });
      const untilMs = this.#forgetAtMs();
      const late: Reservation = { request, holds, warnings: [], atMs: this.#book.nowMs, state: 'settled', untilMs };
      this.#reservations.add(late);
      for (const hold of holds) this.#bookHold(late, hold, actual);
    }
    this.#hurry();
  }

  release(reservationId: string): void {
    const reservation = this.#reservations.find(reservationId);
    if (reservation?.state !== 'held') return;
    for (const { slice, amount } of reservation.holds) slice.giveUp(amount);
    this.#reservations.end(reservation, 'released', this.#forgetAtMs());
    this.#hurry();
  }

  #forgetAtMs(): number {
    return this.#clock.monotonicMs() + this.#settings.rememberEndedMs;
  }

  #demandsOf(request: ReserveRequest): readonly BudgetDemand[] {
    const budgets = this.#budgets.read(request.attributes.teamId);
    return demandsOf(request, budgets, this.#calendar, this.#book.nowMs);
  }

  /** Whether everything can be granted from what this process holds, at once. */
  #fits(demands: readonly BudgetDemand[]): boolean {
    for (const demand of demands) {
      if (demand.isUnpriced) return false;
      const slice = this.#book.find(demand.account.windowId);
      if (!slice) return false;
      if (needsRoom(demand) && (this.#lacks(slice, demand) || !this.#book.isTrusted)) return false;
    }
    return true;
  }

  #lacks(slice: Slice, demand: BudgetDemand): boolean {
    return needsRoom(demand) && (slice.free < demand.amount || demand.limit < slice.limit);
  }

  #take(request: ReserveRequest, demands: readonly BudgetDemand[]): ReserveAnswer {
    const nowMs = this.#clock.monotonicMs();
    const warnings: BudgetWarning[] = [];
    const holds: Hold[] = [];
    for (const demand of demands) {
      const slice = this.#book.find(demand.account.windowId);
      if (!slice) throw new Error('A reservation was granted without its account.');
      const before = slice.spent + slice.reservedHere;
      slice.take(demand.amount);
      slice.budget = demand.budget;
      slice.limit = demand.limit;
      slice.usedAtMs = nowMs;
      holds.push({ slice, amount: demand.amount });
      warnings.push(...warningsOf(demand, slice, before));
    }
    const untilMs = nowMs + this.#settings.reservationMs;
    if (holds.length > 0)
      this.#reservations.add({ request, holds, warnings, atMs: this.#book.nowMs, state: 'held', untilMs });
    return { isGranted: true, reservationId: request.reservationId, warnings };
  }

  async #reserveSlowly(request: ReserveRequest): Promise<ReserveAnswer> {
    let waits = 0;
    let staleRounds = 0;
    for (let round = 0; ; round += 1) {
      // Anew in each round: meanwhile the window may have rolled over and a budget may have changed.
      const demands = this.#demandsOf(request);
      const unpriced = demands.find(({ isUnpriced }) => isUnpriced);
      if (unpriced) return refuse(createRefusal(unpriced, 'unpriced', this.#figuresOf(unpriced)));
      const missing = await this.#prepare(demands);
      if (missing) return refuse(createRefusal(missing, 'ledger-unavailable', this.#figuresOf(missing)));
      if (this.#fits(demands)) return this.#take(request, demands);
      const lacking = demands.find((demand) => this.#isLacking(demand));
      if (!lacking) continue;
      const answer = await this.#topUp(lacking);
      const slice = this.#book.find(lacking.account.windowId);
      if (slice && !this.#lacks(slice, lacking)) continue;
      if (answer === 'unavailable')
        return refuse(createRefusal(lacking, 'ledger-unavailable', this.#figuresOf(lacking)));
      if (answer.type === 'granted') continue;
      if (answer.type === 'refused') {
        if (answer.lentUnused <= 0n || waits >= this.#settings.waitSteps)
          return refuse(createRefusal(lacking, 'budget-exceeded', this.#figuresOf(lacking) ?? answer));
        waits += 1;
        await sleep(this.#clock, this.#settings.waitStepMs);
        continue;
      }
      staleRounds += 1;
      if (staleRounds > maxStaleRounds || round > maxRounds)
        return refuse(createRefusal(lacking, 'ledger-unavailable', this.#figuresOf(lacking)));
      if (answer.type === 'stale') await this.#budgets.refresh(request.attributes.teamId).catch(() => {});
    }
  }

  #isLacking(demand: BudgetDemand): boolean {
    const slice = this.#book.find(demand.account.windowId);
    return !!slice && this.#lacks(slice, demand);
  }

  #figuresOf({ account }: BudgetDemand): { readonly spent: bigint; readonly reserved: bigint } | undefined {
    return this.#book.find(account.windowId);
  }

  /** Opens accounts and makes leases sure. Answers a demand that cannot be met because the store is away. */
  async #prepare(demands: readonly BudgetDemand[]): Promise<BudgetDemand | undefined> {
    for (const demand of demands) {
      try {
        await this.#book.open(demand.account, demand.budget, demand.limit);
      } catch {
        if (needsRoom(demand)) return demand;
        this.#book.openHere(demand.account, demand.budget, demand.limit);
      }
    }
    const needy = demands.find(needsRoom);
    if (!needy || this.#book.isTrusted) return undefined;
    await this.#book.syncAnew();
    // Taken for dead meanwhile: under a new name, and with nothing lent, it goes on.
    await this.#book.register().catch(() => {});
    return this.#book.isTrusted ? undefined : needy;
  }

  /** Gets room for the calls that wait on an account, one question for all of them. */
  async #topUp(demand: BudgetDemand): Promise<LeaseAnswer | 'unavailable'> {
    const slice = this.#book.find(demand.account.windowId);
    if (!slice) return nothingNew;
    const waiter = { amount: demand.amount };
    slice.waiting.add(waiter);
    try {
      if (slice.busy) {
        const answer = (await slice.busy) as LeaseAnswer | 'unavailable' | undefined;
        // A report, or a lease that began before: look again.
        return answer ?? nothingNew;
      }
      const asking = this.#lease(slice, demand);
      slice.busy = asking;
      try {
        return await asking;
      } finally {
        if (slice.busy === asking) slice.busy = undefined;
      }
    } finally {
      slice.waiting.delete(waiter);
    }
  }

  async #lease(slice: Slice, demand: BudgetDemand): Promise<LeaseAnswer | 'unavailable'> {
    if (demand.limit < slice.limit || slice.isUncertain) return this.#reportFor(slice, demand);
    const { instanceId } = this.#book;
    const { free } = slice;
    let smallest = demand.amount;
    let sum = 0n;
    for (const { amount } of slice.waiting) {
      sum += amount;
      if (amount > free && amount < smallest) smallest = amount;
    }
    const minimum = smallest - free;
    if (minimum <= 0n) return nothingNew;
    try {
      const answer = await this.#store.lease({
        instanceId,
        account: slice.account,
        budgetVersion: demand.budget.version,
        limit: demand.limit,
        minimum,
        needed: sum - free,
        wanted: slice.planLease(demand.amount, this.#clock.monotonicMs()),
      });
      if (answer.type === 'granted') {
        if (this.#book.instanceId !== instanceId) slice.markUncertain();
        else slice.addLease(answer.amount, answer);
        slice.limit = demand.limit;
      }
      if (answer.type === 'refused') slice.noteFigures(answer);
      if (answer.type === 'fenced') this.#book.noteFenced(instanceId);
      return answer;
    } catch {
      slice.markUncertain();
      return 'unavailable';
    }
  }

  /** Before anything else is leased: what is lent under a higher limit goes back, and what was lost is cleared up. */
  async #reportFor(slice: Slice, demand: BudgetDemand): Promise<LeaseAnswer | 'unavailable'> {
    const { instanceId } = this.#book;
    const report = slice.startReport(demand.limit < slice.limit);
    const { entries, holding } = report;
    const { windowId } = slice.account;
    try {
      const request = { instanceId, entries, holdings: [holding], windowIds: [windowId] };
      const answer = await this.#store.sync(request, this.#book.nowMs);
      const figures = answer.accounts.get(windowId);
      if (figures) slice.noteFigures(figures);
      slice.limit = demand.limit;
      if (answer.isFenced) this.#book.noteFenced(instanceId);
      return nothingNew;
    } catch {
      report.undo();
      return 'unavailable';
    }
  }

  #bookHold(reservation: Reservation, hold: Hold, actual: ActualUse): void {
    const { request, atMs } = reservation;
    const slice = this.#book.keep(hold.slice);
    slice.book({
      entryId: request.callId,
      windowId: slice.account.windowId,
      teamId: slice.account.teamId,
      callId: request.callId,
      ...bookedAmount(slice.budget.unit, actual, hold.amount),
      atMs,
    });
  }

  #expire(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const { request } of this.#reservations.overdue(nowMs)) this.release(request.reservationId);
    this.#reservations.forgetEnded(nowMs);
  }

  /** There is something to report: sooner than the next poll. */
  #hurry(): void {
    if (this.#isStarted) this.#schedule(true);
  }

  #schedule(isDirty: boolean): void {
    const { reportAfterMs, pollMs, heartbeatMs } = this.#settings;
    const nowMs = this.#clock.monotonicMs();
    const everyMs = isDirty ? reportAfterMs : this.#book.isHolding ? pollMs : heartbeatMs;
    const delayMs = Math.max(0, this.#lastSyncMs + everyMs - nowMs);
    if (this.#timer && this.#dueMs <= nowMs + delayMs) return;
    this.#timer?.cancel();
    this.#dueMs = nowMs + delayMs;
    this.#timer = this.#clock.startTimer(delayMs, () => void this.#tick());
  }

  /** What otherwise happens in the background: reservations expire, spending is reported, what is not needed goes back. */
  async runOnce(): Promise<void> {
    this.#expire();
    await this.#book.sync();
    this.#lastSyncMs = this.#clock.monotonicMs();
  }

  async #tick(): Promise<void> {
    this.#timer = undefined;
    await this.runOnce();
    if (this.#isStarted) this.#schedule(this.#book.isDirty);
  }
}
