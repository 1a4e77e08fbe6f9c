import type { Clock, Ids, Log } from '../kernel/index.ts';
import type { BudgetStore, WindowAccount } from './budget-store.ts';
import type { LedgerSettings } from './ledger-settings.ts';
import { Slice } from './slice.ts';

/** Clocks ahead by more than this are taken as a mistake that was corrected, not as the latest time seen. */
const farAheadMs = 48 * 3_600_000;

/** The slices of one process and their exchange with the store. */
export class SliceBook {
  readonly #store: BudgetStore;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #log: Log;
  readonly #settings: LedgerSettings;
  readonly #slices = new Map<string, Slice>();
  readonly #opening = new Map<string, Promise<Slice>>();
  #instanceId: string;
  #registering: Promise<void> | undefined;
  #isRegistered = false;
  #syncing: Promise<boolean> | undefined;
  #latestMs = 0;
  #aliveAtMs = Number.NEGATIVE_INFINITY;

  constructor(store: BudgetStore, clock: Clock, ids: Ids, log: Log, settings: LedgerSettings) {
    this.#store = store;
    this.#clock = clock;
    this.#ids = ids;
    this.#log = log;
    this.#settings = settings;
    this.#instanceId = ids.next('ldg');
  }

  get instanceId(): string {
    return this.#instanceId;
  }

  /** Wall time that never goes back (epoch ms): a clock set back must not open a budget of yesterday. */
  get nowMs(): number {
    this.#latestMs = Math.max(this.#latestMs, this.#clock.nowMs());
    return this.#latestMs;
  }

  /** Whether the leases are surely still ours: the store heard from us lately. */
  get isTrusted(): boolean {
    return this.#clock.monotonicMs() - this.#aliveAtMs < this.#settings.trustLeasesMs;
  }

  get isDirty(): boolean {
    for (const slice of this.#slices.values()) if (slice.isDirty) return true;
    return false;
  }

  get isHolding(): boolean {
    return this.#slices.size > 0;
  }

  find(windowId: string): Slice | undefined {
    return this.#slices.get(windowId);
  }

  slices(): Iterable<Slice> {
    return this.#slices.values();
  }

  /** Puts a slice back that was forgotten meanwhile; answers the one that is in the book. */
  keep(slice: Slice): Slice {
    const known = this.#slices.get(slice.account.windowId);
    if (known) return known;
    this.#slices.set(slice.account.windowId, slice);
    return slice;
  }

  /** The slice of an account, made up without asking the store when it is new. */
  openHere(account: WindowAccount, budget: Slice['budget'], limit: bigint): Slice {
    const known = this.#slices.get(account.windowId);
    if (known) return known;
    const slice = new Slice(account, budget, limit, undefined);
    slice.usedAtMs = this.#clock.monotonicMs();
    return this.keep(slice);
  }

  /** The slice of an account, without a lease when it is new. Throws when the store is away. */
  open(account: WindowAccount, budget: Slice['budget'], limit: bigint): Promise<Slice> {
    const known = this.#slices.get(account.windowId);
    if (known?.isOpened) return Promise.resolve(known);
    let opening = this.#opening.get(account.windowId);
    if (!opening) {
      opening = this.#open(account, budget, limit).finally(() => this.#opening.delete(account.windowId));
      this.#opening.set(account.windowId, opening);
    }
    return opening;
  }

  async #open(account: WindowAccount, budget: Slice['budget'], limit: bigint): Promise<Slice> {
    await this.register();
    const figures = await this.#store.open(account);
    const slice = this.openHere(account, budget, limit);
    slice.noteOpened(figures);
    return slice;
  }

  /** Makes the process known to the store. Throws when the store is away. */
  register(): Promise<void> {
    if (this.#isRegistered) return Promise.resolve();
    this.#registering ??= this.#register().finally(() => {
      this.#registering = undefined;
    });
    return this.#registering;
  }

  async #register(): Promise<void> {
    const sentAtMs = this.#clock.monotonicMs();
    const { latestMs } = await this.#store.register(this.#instanceId, this.nowMs);
    if (latestMs - this.nowMs <= farAheadMs) this.#latestMs = Math.max(this.#latestMs, latestMs);
    this.#isRegistered = true;
    this.#aliveAtMs = sentAtMs;
  }

  /** The store says that we are dead: what it lent us is gone, what we spent is not. */
  noteFenced(fencedId: string): void {
    if (fencedId !== this.#instanceId) return;
    this.#log.warn(
      { instanceId: fencedId },
      'this process was taken for dead and its parts of budgets were given away',
    );
    for (const slice of this.#slices.values()) slice.loseLease();
    this.#instanceId = this.#ids.next('ldg');
    this.#isRegistered = false;
    this.#aliveAtMs = Number.NEGATIVE_INFINITY;
  }

  /**
   * Reports what was spent, gives back what is not needed, and shows that the process lives. Answers whether the store
   * took it. Never throws; never twice at once.
   */
  sync(isGivingAllBack = false): Promise<boolean> {
    this.#syncing ??= this.#sync(isGivingAllBack).finally(() => {
      this.#syncing = undefined;
    });
    return this.#syncing;
  }

  /** Like `sync`, but surely begins after this call. */
  async syncAnew(isGivingAllBack = false): Promise<boolean> {
    while (this.#syncing) await this.#syncing;
    return this.sync(isGivingAllBack);
  }

  async #sync(isGivingAllBack: boolean): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const sent: { slice: Slice; undo(): void }[] = [];
    try {
      await this.register();
      for (const slice of this.#slices.values())
        if (!slice.isOpened) slice.noteOpened(await this.#store.open(slice.account));
      const { instanceId, nowMs } = this;
      const monotonicMs = this.#clock.monotonicMs();
      const reported = [...this.#slices.values()]
        .filter(
          (slice) =>
            slice.isOpened &&
            !slice.busy &&
            (slice.isDirty || isGivingAllBack || this.#isStale(slice, nowMs, monotonicMs)),
        )
        .map((slice) => {
          const isGivingBack = isGivingAllBack || slice.isWanted || this.#isStale(slice, nowMs, monotonicMs);
          slice.busy = promise;
          slice.isWanted = false;
          const report = slice.startReport(isGivingBack);
          sent.push({ slice, undo: report.undo });
          return report;
        });
      const answer = await this.#store.sync(
        {
          instanceId,
          entries: reported.flatMap(({ entries }) => entries),
          holdings: reported.map(({ holding }) => holding),
          windowIds: [...this.#slices.keys()],
        },
        nowMs,
      );
      if (answer.isFenced) this.noteFenced(instanceId);
      else this.#aliveAtMs = monotonicMs;
      const mine = new Set(sent.map(({ slice }) => slice));
      for (const [windowId, figures] of answer.accounts) {
        const slice = this.#slices.get(windowId);
        if (!slice || (slice.busy && !mine.has(slice))) continue;
        slice.noteFigures(figures);
        slice.isWanted = figures.isWanted;
      }
      this.#forgetIdle(nowMs, monotonicMs);
      return true;
    } catch (error) {
      for (const { undo } of sent) undo();
      this.#log.warn({ error: String(error) }, 'budgets could not be synchronised yet');
      return false;
    } finally {
      for (const { slice } of sent) if (slice.busy === promise) slice.busy = undefined;
      resolve();
    }
  }

  /** Whether nobody will need the free part soon: the window is over, or has not been used for a while. */
  #isStale(slice: Slice, nowMs: number, monotonicMs: number): boolean {
    if (slice.free <= 0n) return false;
    const { endMs } = slice.account;
    return (endMs !== undefined && endMs <= nowMs) || monotonicMs - slice.usedAtMs > this.#settings.keepUnusedMs;
  }

  #forgetIdle(nowMs: number, monotonicMs: number): void {
    for (const [windowId, slice] of this.#slices) {
      const { endMs } = slice.account;
      const isOver = endMs !== undefined && endMs <= nowMs;
      const isUnused = monotonicMs - slice.usedAtMs > this.#settings.keepUnusedMs;
      if (slice.isIdle && slice.waiting.size === 0 && !slice.busy && (isOver || isUnused))
        this.#slices.delete(windowId);
    }
  }
}
