import { expect } from 'vitest';
import {
  accountOf,
  type Budget,
  type BudgetStore,
  type CallAttributes,
  type ReserveRequest,
  SlicedLedger,
  type SpendEntry,
  type WindowAccount,
  windowOf,
} from '../guardrails/index.ts';
import { silentLog } from '../kernel/index.ts';
import type { FakeClock } from './fake-clock.ts';

/** One store under test, empty at first, with what a test must be able to see of it. */
export interface LedgerSubject {
  readonly store: BudgetStore;
  /** The store's own time must follow it. */
  readonly clock: FakeClock;
  /** Makes the budget known to the store, or changes it. */
  putBudget(budget: Budget): Promise<void>;
  /** Leaves the call record of a finished call, for recovery. `entry` is what it should book, in `account`. */
  record(request: ReserveRequest, costNanoUsd: bigint, entry: SpendEntry, account: WindowAccount): Promise<void>;
  readAccounts(
    budgetId: string,
  ): Promise<readonly { readonly startMs: number; readonly spent: bigint; readonly leased: bigint }[]>;
  close(): Promise<void>;
}

type StoreState = 'well' | 'broken' | 'losing-answers';

let benches = 0;

/** A team with budgets and some processes that share a store, moved on by hand. */
export class LedgerBench {
  readonly subject: LedgerSubject;
  readonly teamId: string;
  readonly #budgets = new Map<string, Budget>();
  readonly #living = new Set<SlicedLedger>();
  readonly #frozen = new Set<SlicedLedger>();
  readonly #killed = new Set<SlicedLedger>();
  readonly #reservedAtMs = new Map<string, number>();
  #storeState: StoreState = 'well';
  #calls = 0;
  #inFlight = 0;
  #ids = 0;

  constructor(subject: LedgerSubject) {
    this.subject = subject;
    benches += 1;
    this.teamId = `team_ledger${benches}`;
  }

  get clock(): FakeClock {
    return this.subject.clock;
  }

  async addBudget(settings: Partial<Budget> & { readonly limit: bigint }): Promise<Budget> {
    const budget: Budget = {
      id: `bud_${this.teamId}_${this.#budgets.size}`,
      teamId: this.teamId,
      name: 'Test',
      scope: [],
      unit: 'cost',
      window: 'lifetime',
      timeZone: 'UTC',
      mode: 'hard',
      alertThresholds: [],
      onBreach: 'fail-fast',
      whenAllBreach: 'fail',
      unpriced: { kind: 'refuse' },
      raises: [],
      isEnabled: true,
      version: 1,
      ...settings,
    };
    await this.#put(budget);
    return budget;
  }

  changeBudget(budget: Budget): Promise<void> {
    return this.#put({ ...budget, version: (this.#budgets.get(budget.id)?.version ?? 0) + 1 });
  }

  async #put(budget: Budget): Promise<void> {
    await this.subject.putBudget(budget);
    this.#budgets.set(budget.id, budget);
  }

  async startLedgers(count: number): Promise<readonly SlicedLedger[]> {
    const started: SlicedLedger[] = [];
    for (let n = 0; n < count; n += 1) {
      const ledger: SlicedLedger = new SlicedLedger({
        store: this.#connect(() => this.#killed.has(ledger)),
        budgets: { read: () => [...this.#budgets.values()], refresh: async () => {} },
        clock: this.clock,
        ids: { next: (prefix) => `${prefix}_${this.teamId}_${this.#nextId()}` },
        log: silentLog,
      });
      await this.settle(ledger.runOnce());
      this.#living.add(ledger);
      started.push(ledger);
    }
    return started;
  }

  #nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }

  /** The store as a process sees it. */
  #connect(isCut: () => boolean): BudgetStore {
    return new Proxy(this.subject.store, {
      get: (store, method: keyof BudgetStore) => async (first: never, second: never) => {
        if (isCut() || this.#storeState === 'broken') throw new Error('The store is away.');
        this.#inFlight += 1;
        try {
          const answer = await (store[method] as (a: never, b: never) => Promise<unknown>).call(store, first, second);
          if (isCut() || this.#storeState === 'losing-answers') throw new Error('The answer was lost.');
          return answer;
        } finally {
          this.#inFlight -= 1;
        }
      },
    });
  }

  request(
    bound: { readonly costNanoUsd: bigint | undefined },
    attributes: Partial<CallAttributes> = {},
  ): ReserveRequest {
    this.#calls += 1;
    const id = `call_${this.teamId}_${this.#calls}`;
    this.#reservedAtMs.set(id, this.clock.nowMs());
    return {
      reservationId: id,
      callId: id,
      attributes: { teamId: this.teamId, origin: 'live', providerId: 'openai', modelId: 'openai/gpt-5', ...attributes },
      upperBound: { ...bound, tokens: 100n },
    };
  }

  /** Leaves the call record of a call on `budget`. */
  record(budget: Budget, request: ReserveRequest, costNanoUsd: bigint): Promise<void> {
    const atMs = this.#reservedAtMs.get(request.reservationId) ?? this.clock.nowMs();
    const account = accountOf({ budget, subject: '' }, request.attributes.origin, windowOf(budget, atMs));
    const entry: SpendEntry = {
      entryId: request.callId,
      windowId: account.windowId,
      teamId: this.teamId,
      callId: request.callId,
      amount: costNanoUsd,
      isEstimated: false,
      atMs,
    };
    return this.subject.record(request, costNanoUsd, entry, account);
  }

  /** Waits for a promise; while nothing else goes on, time passes and the processes do their background work. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let isDone = false;
    const watched = promise.finally(() => {
      isDone = true;
    });
    watched.catch(() => {});
    for (let idle = 0; !isDone; ) {
      await new Promise((resolve) => setImmediate(resolve));
      idle = this.#inFlight === 0 ? idle + 1 : 0;
      if (idle < 3 || isDone) continue;
      idle = 0;
      await this.clock.advanceAsync(100);
      await this.#work();
    }
    return watched;
  }

  settleAll<T>(promises: readonly Promise<T>[]): Promise<readonly T[]> {
    return this.settle(Promise.all(promises));
  }

  /** Lets time pass, with background work on the way. */
  async pass(ms: number): Promise<void> {
    const steps = 10;
    for (let step = 0; step < steps; step += 1) {
      this.clock.advance(ms / steps);
      await this.#work();
    }
  }

  async #work(): Promise<void> {
    for (const ledger of this.#living) if (!this.#frozen.has(ledger)) await ledger.runOnce();
  }

  /** Everything is reported and given back. */
  async flush(): Promise<void> {
    for (const ledger of this.#living) await ledger.stop();
  }

  /** kill -9: nothing more comes from it. */
  kill(ledger: SlicedLedger): void {
    this.#killed.add(ledger);
    this.#living.delete(ledger);
  }

  /** The process stands still, and goes on later without noticing. */
  freeze(ledger: SlicedLedger): void {
    this.#frozen.add(ledger);
  }

  /** All killed processes have been silent for long enough. */
  async bury(): Promise<void> {
    await this.pass(601_000);
    for (const ledger of this.#living) await this.subject.store.reclaim(600_000, ledger.instanceId);
  }

  breakStore(): void {
    this.#storeState = 'broken';
  }

  loseAnswers(): void {
    this.#storeState = 'losing-answers';
  }

  repairStore(): void {
    this.#storeState = 'well';
  }

  /** What is spent and leased by the store's books, and what the living processes hold for calls. */
  async totals(budget: Budget): Promise<{ spent: bigint; reserved: bigint; leased: bigint }> {
    const totals = { spent: 0n, reserved: 0n, leased: 0n };
    for (const { spent, leased } of await this.subject.readAccounts(budget.id)) {
      totals.spent += spent;
      totals.leased += leased;
    }
    for (const ledger of this.#living)
      for (const slice of ledger.slices()) if (slice.budgetId === budget.id) totals.reserved += slice.reserved;
    return totals;
  }

  async spentByWindow(budget: Budget): Promise<ReadonlyMap<number, bigint>> {
    const accounts = await this.subject.readAccounts(budget.id);
    return new Map(accounts.map(({ startMs, spent }) => [startMs, spent] as const).sort(([a], [b]) => a - b));
  }

  /** No account of a hard budget lends or books more than the limit; no process holds more than it was lent. */
  async expectWithinLimits(): Promise<void> {
    for (const budget of this.#budgets.values()) {
      if (budget.mode === 'soft') continue;
      for (const { spent, leased } of await this.subject.readAccounts(budget.id))
        expect(spent + leased).toBeLessThanOrEqual(budget.limit);
    }
    const hard = new Set([...this.#budgets.values()].filter(({ mode }) => mode === 'hard').map(({ id }) => id));
    for (const ledger of this.#living)
      for (const { budgetId, reserved, leased } of ledger.slices())
        if (hard.has(budgetId)) expect(reserved).toBeLessThanOrEqual(leased);
  }
}
