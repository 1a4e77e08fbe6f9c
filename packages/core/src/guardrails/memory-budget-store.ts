import type { Clock } from '../kernel/index.ts';
import { smaller } from './amounts.ts';
import {
  type AccountFigures,
  type BudgetStore,
  type LeaseAnswer,
  type LeaseRequest,
  type SpendEntry,
  type SyncAnswer,
  type SyncRequest,
  sizeLease,
  type WindowAccount,
  wantedForMs,
} from './budget-store.ts';

interface Account {
  spent: bigint;
  leased: bigint;
  wantedAtMs: number;
}

interface Instance {
  aliveAtMs: number;
  reportedMs: number;
  readonly leases: Map<string, { amount: bigint; inUse: bigint }>;
}

export interface MemoryBudgetStoreOptions {
  /** Only `monotonicMs` is asked: it decides who is dead. */
  readonly clock: Clock;
  /** The version of a budget that is in force; undefined when there is none. */
  readonly readVersion: (budgetId: string) => number | undefined;
  /** What call records prove; asked when dead processes are cleared up. What is booked already is not booked again. */
  readonly readRecorded?: () => readonly SpendEntry[];
}

/** Accounts of a single process (or of the several ledgers of a test), kept in memory and lost with it. */
export class MemoryBudgetStore implements BudgetStore {
  readonly #options: MemoryBudgetStoreOptions;
  readonly #accounts = new Map<string, Account>();
  readonly #instances = new Map<string, Instance>();
  /** Entry and window. */
  readonly #booked = new Set<string>();

  constructor(options: MemoryBudgetStoreOptions) {
    this.#options = options;
  }

  async register(instanceId: string, nowMs: number): Promise<{ readonly latestMs: number }> {
    const latestMs = Math.max(nowMs, ...[...this.#instances.values()].map(({ reportedMs }) => reportedMs));
    const aliveAtMs = this.#options.clock.monotonicMs();
    if (!this.#instances.has(instanceId))
      this.#instances.set(instanceId, { aliveAtMs, reportedMs: nowMs, leases: new Map() });
    return { latestMs };
  }

  async open(account: WindowAccount): Promise<AccountFigures> {
    let known = this.#accounts.get(account.windowId);
    if (!known) {
      known = { spent: 0n, leased: 0n, wantedAtMs: Number.NEGATIVE_INFINITY };
      this.#accounts.set(account.windowId, known);
    }
    return { spent: known.spent, leased: known.leased };
  }

  async lease(request: LeaseRequest): Promise<LeaseAnswer> {
    const { windowId, budgetId } = request.account;
    const account = this.#accounts.get(windowId);
    if (!account || this.#options.readVersion(budgetId) !== request.budgetVersion) return { type: 'stale' };
    const instance = this.#instances.get(request.instanceId);
    if (!instance) return { type: 'fenced' };
    const nowMs = this.#options.clock.monotonicMs();
    const isWanted = nowMs - account.wantedAtMs < wantedForMs;
    const amount = sizeLease(request.limit - account.spent - account.leased, request, isWanted);
    if (amount === 0n) {
      let lentUnused = 0n;
      for (const [id, { leases }] of this.#instances) {
        const lease = leases.get(windowId);
        if (id !== request.instanceId && lease) lentUnused += lease.amount - lease.inUse;
      }
      if (lentUnused > 0n) account.wantedAtMs = nowMs;
      return { type: 'refused', lentUnused, spent: account.spent, leased: account.leased };
    }
    account.leased += amount;
    const lease = instance.leases.get(windowId) ?? { amount: 0n, inUse: 0n };
    lease.amount += amount;
    lease.inUse += smaller(amount, request.needed);
    instance.leases.set(windowId, lease);
    return { type: 'granted', amount, spent: account.spent, leased: account.leased };
  }

  async sync(request: SyncRequest, nowMs: number): Promise<SyncAnswer> {
    this.#bookAll(request.entries);
    const instance = this.#instances.get(request.instanceId);
    if (instance) {
      instance.aliveAtMs = this.#options.clock.monotonicMs();
      instance.reportedMs = Math.max(instance.reportedMs, nowMs);
      for (const { windowId, hold, inUse } of request.holdings) {
        const lease = instance.leases.get(windowId);
        const account = this.#accounts.get(windowId);
        if (!lease || !account) continue;
        const kept = smaller(hold, lease.amount);
        account.leased -= lease.amount - kept;
        lease.amount = kept;
        lease.inUse = smaller(inUse, kept);
        if (kept === 0n) instance.leases.delete(windowId);
      }
    }
    const monotonicMs = this.#options.clock.monotonicMs();
    const accounts = new Map(
      request.windowIds.flatMap((windowId) => {
        const account = this.#accounts.get(windowId);
        if (!account) return [];
        const { spent, leased, wantedAtMs } = account;
        return [[windowId, { spent, leased, isWanted: monotonicMs - wantedAtMs < wantedForMs }] as const];
      }),
    );
    return { isFenced: !instance, accounts };
  }

  async reclaim(deadAfterMs: number, except: string): Promise<number> {
    const deadlineMs = this.#options.clock.monotonicMs() - deadAfterMs;
    const dead = [...this.#instances].filter(([id, { aliveAtMs }]) => id !== except && aliveAtMs <= deadlineMs);
    if (dead.length === 0) return 0;
    this.#bookAll(this.#options.readRecorded?.() ?? []);
    for (const [id, { leases }] of dead) {
      for (const [windowId, { amount }] of leases) {
        const account = this.#accounts.get(windowId);
        if (account) account.leased -= amount;
      }
      this.#instances.delete(id);
    }
    return dead.length;
  }

  #bookAll(entries: readonly SpendEntry[]): void {
    for (const { entryId, windowId, amount } of entries) {
      const key = `${entryId} ${windowId}`;
      const account = this.#accounts.get(windowId);
      if (!account || this.#booked.has(key)) continue;
      this.#booked.add(key);
      account.spent += amount;
    }
  }
}
