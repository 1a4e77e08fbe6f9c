import type { SlicedLedger } from '@switchyard/core/guardrails';
import { BoundedQueue, type Clock, type Log, type Timer } from '@switchyard/core/kernel';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { StoredBudget } from './budget.mapping.ts';
import { BudgetRepository } from './budget.repository.ts';
import { type BudgetEvent, windowsPerEvent } from './budget-event.ts';
import { type LiveWindow, liveWindows } from './live-windows.ts';
import { SeqCursor } from './seq-cursor.ts';

/** So often figures are told, and so late at the most what other processes did. */
const pollEveryMs = 500;
const maxPerPoll = 500;
const mostWaiting = 500;

export interface BudgetFeedParts {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Pick<SlicedLedger, 'slices' | 'instanceId'>;
}

interface Subscriber {
  readonly teamId: string;
  /** Undefined: all of the team. */
  readonly budgetIds: ReadonlySet<string> | undefined;
  readonly queue: BoundedQueue<BudgetEvent>;
  /** What was last told of each budget. */
  readonly told: Map<string, string>;
}

interface Cursors {
  readonly breaches: SeqCursor;
  readonly approvals: SeqCursor;
}

/** Of figures only the last of each budget counts; what happened is kept. */
function compact(waiting: readonly BudgetEvent[]): readonly BudgetEvent[] {
  const last = new Map(waiting.map((event, index) => [event.type === 'changed' ? event.budgetId : index, index]));
  return waiting.filter((event, index) => event.type !== 'changed' || last.get(event.budgetId) === index);
}

/**
 * What happens to budgets, for subscribers, whichever process brought it about: one poll for all subscribers of this
 * process, and none while there is no subscriber. One that reads too slowly gets fewer figures; one that does not read
 * at all is ended, and holds up nobody.
 */
export class BudgetFeed {
  readonly #parts: BudgetFeedParts;
  readonly #subscribers = new Set<Subscriber>();
  #cursors: Promise<Cursors> | undefined;
  #timer: Timer | undefined;
  #polling: Promise<void> | undefined;

  constructor(parts: BudgetFeedParts) {
    this.#parts = parts;
  }

  get subscriberCount(): number {
    return this.#subscribers.size;
  }

  /**
   * The events of the team's budgets (all of them without `budgetIds`) from now on, first the figures of each as they
   * are. Throws when the database is away.
   */
  async subscribe(teamId: string, budgetIds?: ReadonlySet<string>): Promise<AsyncIterableIterator<BudgetEvent>> {
    const queue = new BoundedQueue<BudgetEvent>({ maxWeight: mostWaiting, weigh: () => 1, compact });
    const subscriber: Subscriber = { teamId, budgetIds, queue, told: new Map() };
    this.#subscribers.add(subscriber);
    try {
      this.#cursors ??= this.#open();
      await this.#cursors;
      await this.#tellFigures(teamId, [subscriber]);
    } catch (error) {
      this.#leave(subscriber);
      throw error;
    }
    this.#schedule();
    return this.#iterate(subscriber);
  }

  /** Delivers what is new. Harmless at any time; rejects when the database is away. */
  async poll(): Promise<void> {
    if (this.#subscribers.size === 0 || !this.#cursors) return;
    this.#polling ??= this.#readNew().finally(() => {
      this.#polling = undefined;
    });
    await this.#polling;
  }

  /** Ends all subscriptions. */
  close(): void {
    for (const subscriber of [...this.#subscribers]) this.#leave(subscriber);
  }

  #iterate(subscriber: Subscriber): AsyncIterableIterator<BudgetEvent> {
    let waiting: readonly BudgetEvent[] = [];
    const finish = (): IteratorResult<BudgetEvent> => {
      this.#leave(subscriber);
      return { done: true, value: undefined };
    };
    const iterator: AsyncIterableIterator<BudgetEvent> = {
      next: async () => {
        if (waiting.length === 0) {
          const taken = await subscriber.queue.take();
          if (taken.kind !== 'items') return finish();
          waiting = compact(taken.items);
        }
        const [value, ...rest] = waiting;
        waiting = rest;
        return value === undefined ? finish() : { done: false, value };
      },
      return: async () => finish(),
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  #leave(subscriber: Subscriber): void {
    subscriber.queue.close();
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#cursors = undefined;
  }

  async #open(): Promise<Cursors> {
    const { prisma } = this.#parts;
    const latest = { orderBy: { seq: 'desc' }, take: SeqCursor.overlap, select: { seq: true } } as const;
    const [breaches, approvals] = await Promise.all([
      prisma.budgetBreach.findMany(latest),
      prisma.budgetApproval.findMany(latest),
    ]);
    const cursor = (rows: readonly { readonly seq: bigint }[]) => new SeqCursor(rows.map(({ seq }) => seq));
    return { breaches: cursor(breaches), approvals: cursor(approvals) };
  }

  #schedule(): void {
    this.#timer ??= this.#parts.clock.startTimer(pollEveryMs, () => {
      this.poll()
        .catch((error: unknown) => this.#parts.log.warn({ error: String(error) }, 'budgets could not be followed'))
        .finally(() => {
          this.#timer = undefined;
          if (this.#subscribers.size > 0) this.#schedule();
        });
    });
  }

  async #readNew(): Promise<void> {
    const cursors = await this.#cursors;
    if (!cursors) return;
    const { prisma } = this.#parts;
    const teams = new Set([...this.#subscribers].map(({ teamId }) => teamId));
    for (const teamId of teams) {
      const mine = [...this.#subscribers].filter((subscriber) => subscriber.teamId === teamId);
      await this.#tellFigures(teamId, mine);
    }
    const next = { orderBy: { seq: 'asc' }, take: maxPerPoll } as const;
    const breaches = await prisma.budgetBreach.findMany({ ...next, where: cursors.breaches.where });
    for (const breach of cursors.breaches.take(breaches))
      this.#tell(breach.teamId, { type: 'breach', budgetId: breach.budgetId, breach });
    const approvals = await prisma.budgetApproval.findMany({ ...next, where: cursors.approvals.where });
    for (const approval of cursors.approvals.take(approvals))
      this.#tell(approval.teamId, { type: 'approval', budgetId: approval.budgetId, approval });
  }

  #tell(teamId: string, event: BudgetEvent): void {
    for (const subscriber of this.#subscribers) {
      const { budgetIds, queue } = subscriber;
      if (subscriber.teamId === teamId && (!budgetIds || budgetIds.has(event.budgetId))) queue.push(event);
    }
  }

  /** Tells each subscriber of a team what moved since it was last told. */
  async #tellFigures(teamId: string, subscribers: readonly Subscriber[]): Promise<void> {
    const { prisma, clock, ledger } = this.#parts;
    const rows = new BudgetRepository(prisma);
    const nowMs = clock.nowMs();
    const options = { exceptInstance: ledger.instanceId, perBudget: windowsPerEvent };
    const [budgets, accounts] = await Promise.all([rows.list(teamId), rows.readAccounts(teamId, nowMs, options)]);
    const windows = Map.groupBy(liveWindows(budgets, accounts, ledger.slices(), nowMs), ({ budgetId }) => budgetId);
    const states = budgets.map((budget) => {
      const own = (windows.get(budget.id) ?? []).slice(0, windowsPerEvent);
      return { budget, windows: own, text: summarise(budget, own) };
    });
    const ids = new Set(budgets.map(({ id }) => id));
    for (const { budgetIds, queue, told } of subscribers) {
      for (const { budget, text, ...state } of states) {
        if ((budgetIds && !budgetIds.has(budget.id)) || told.get(budget.id) === text) continue;
        told.set(budget.id, text);
        queue.push({ type: 'changed', budgetId: budget.id, budget, windows: state.windows });
      }
      for (const budgetId of told.keys()) {
        if (ids.has(budgetId)) continue;
        told.delete(budgetId);
        queue.push({ type: 'changed', budgetId, budget: undefined, windows: [] });
      }
    }
  }
}

/** Equal when nothing that is shown has moved. */
function summarise({ version }: StoredBudget, windows: readonly LiveWindow[]): string {
  return [
    version,
    ...windows.map(({ windowId, spent, reserved, limit }) => `${windowId} ${spent} ${reserved} ${limit}`),
  ].join('\n');
}
