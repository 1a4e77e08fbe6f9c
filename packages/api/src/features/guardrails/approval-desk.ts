import { createHash } from 'node:crypto';
import type { BudgetRefusal, CallAttributes } from '@switchyard/core/guardrails';
import type { Clock, Ids, Log, Timer } from '@switchyard/core/kernel';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { AlertDesk } from '../alerts/alert-desk.ts';
import { describeApproval } from './describe-approval.ts';
import { type Decision, expireDue } from './resolve-approval.ts';

/** A request that nobody decides lapses after so long, or with its window. */
const expireAfterMs = 24 * 60 * 60 * 1000;
const keepForMs = 30 * 24 * 60 * 60 * 1000;
/** While somebody waits, so often the database is asked. */
const pollEveryMs = 1_000;
/** More at a time are nobody's honest requests. */
const mostPending = 1_000;

export interface ApprovalDeskParts {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly alerts: Pick<AlertDesk, 'raiseWithin' | 'wake'>;
  readonly pollEveryMs?: number;
}

/** A request as whoever asked knows it. */
export interface Approval {
  readonly id: string;
  readonly expiresAtMs: number;
}

interface Waiter {
  settle(decision: Decision): void;
  fail(error: unknown): void;
}

/** Where calls ask for more money than a budget has, and wait for the answer, in whichever process it is given. */
export class ApprovalDesk {
  readonly #parts: ApprovalDeskParts;
  readonly #waiters = new Map<string, Set<Waiter>>();
  #timer: Timer | undefined;

  constructor(parts: ApprovalDeskParts) {
    this.#parts = parts;
  }

  /** How many calls wait here. */
  get waiterCount(): number {
    let count = 0;
    for (const { size } of this.#waiters.values()) count += size;
    return count;
  }

  /**
   * Files a request for room, or finds the one of the same requester for the same window that waits already; its amount
   * is then that of the largest call. People are told by an alert. Undefined when no raise could help: the limit is no
   * budget, the price is unknown, the books are away, or far too many requests wait. Throws when the database is away.
   */
  async request(
    refusal: BudgetRefusal,
    attributes: CallAttributes,
    context: { readonly source: string; readonly sourceId?: string | undefined },
  ): Promise<Approval | undefined> {
    if (refusal.budgetId === '' || refusal.reason !== 'budget-exceeded') return undefined;
    const { prisma, clock, ids, alerts } = this.#parts;
    const { teamId } = attributes;
    const nowMs = clock.nowMs();
    const expiresAtMs = Math.min(nowMs + expireAfterMs, refusal.resetsAtMs ?? Number.POSITIVE_INFINITY);
    const pendingKey = keyOf(refusal, attributes);
    if (expiresAtMs <= nowMs) return undefined;
    if ((await prisma.budgetApproval.count({ where: { teamId, state: 'pending' } })) >= mostPending) return undefined;
    const row = await prisma.$transaction(
      async (tx) => {
        for (const lapsed of await expireDue(tx, nowMs, pendingKey))
          await alerts.raiseWithin(tx, describeApproval(lapsed, nowMs));
        const { count } = await tx.budgetApproval.createMany({
          data: [
            {
              id: ids.next('apr'),
              teamId,
              budgetId: refusal.budgetId,
              budgetName: refusal.budgetName,
              windowId: refusal.windowId,
              unit: refusal.unit,
              origin: attributes.origin === 'live' ? 'LIVE' : 'SIMULATED',
              requested: refusal.requested,
              spent: refusal.spent,
              reserved: refusal.reserved,
              limitAmount: refusal.limit,
              resetsAt: refusal.resetsAtMs === undefined ? null : new Date(refusal.resetsAtMs),
              modelId: attributes.modelId,
              attributes: toJson(attributes),
              requestedById: attributes.memberId ?? null,
              apiKeyId: attributes.apiKeyId ?? null,
              source: context.source,
              sourceId: context.sourceId ?? null,
              state: 'pending',
              pendingKey,
              createdAt: new Date(nowMs),
              expiresAt: new Date(expiresAtMs),
            },
          ],
          skipDuplicates: true,
        });
        // The waiting one speaks for the largest call of its requester.
        await tx.budgetApproval.updateMany({
          where: { pendingKey, requested: { lt: refusal.requested } },
          data: { requested: refusal.requested, modelId: attributes.modelId },
        });
        const found = await tx.budgetApproval.findUnique({ where: { pendingKey } });
        if (found && count === 1) await alerts.raiseWithin(tx, describeApproval(found, nowMs));
        return found;
      },
      { maxWait: 10_000, timeout: 10_000 },
    );
    if (!row) return undefined;
    alerts.wake();
    return { id: row.id, expiresAtMs: row.expiresAt.getTime() };
  }

  /**
   * Waits for the decision on a request: at most `timeoutMs`, then it answers `expired`, and the request goes on waiting
   * for whoever asks again. Rejects with the signal's reason when that aborts. While the database is away it goes on.
   */
  wait(approvalId: string, signal: AbortSignal | undefined, timeoutMs: number): Promise<Decision> {
    const { clock } = this.#parts;
    const { promise, resolve, reject } = Promise.withResolvers<Decision>();
    if (signal?.aborted) return Promise.reject(signal.reason);
    const leave = () => {
      signal?.removeEventListener('abort', abort);
      timeout.cancel();
      const others = this.#waiters.get(approvalId);
      others?.delete(waiter);
      if (others?.size === 0) this.#waiters.delete(approvalId);
      if (this.#waiters.size === 0) {
        this.#timer?.cancel();
        this.#timer = undefined;
      }
    };
    const waiter: Waiter = {
      settle: (decision) => {
        leave();
        resolve(decision);
      },
      fail: (error) => {
        leave();
        reject(error);
      },
    };
    const abort = () => waiter.fail(signal?.reason);
    const timeout = clock.startTimer(Math.max(0, timeoutMs), () => waiter.settle('expired'));
    signal?.addEventListener('abort', abort, { once: true });
    const waiters = this.#waiters.get(approvalId) ?? new Set();
    this.#waiters.set(approvalId, waiters.add(waiter));
    this.#schedule(0);
    return promise;
  }

  /** Tells those who wait what was decided. Harmless at any time; throws when the database is away. */
  async poll(): Promise<void> {
    const ids = [...this.#waiters.keys()];
    if (ids.length === 0) return;
    const { prisma, clock } = this.#parts;
    const rows = await prisma.budgetApproval.findMany({
      where: { id: { in: ids } },
      select: { id: true, state: true, expiresAt: true },
    });
    const found = new Map(rows.map((row) => [row.id, row]));
    const nowMs = clock.nowMs();
    for (const id of ids) {
      const row = found.get(id);
      const isOver = !row || (row.state === 'pending' && row.expiresAt.getTime() <= nowMs);
      const decision = isOver ? 'expired' : row.state === 'pending' ? undefined : (row.state as Decision);
      if (decision) for (const waiter of [...(this.#waiters.get(id) ?? [])]) waiter.settle(decision);
    }
  }

  /** Lets requests lapse whose time is over. */
  async expire(): Promise<void> {
    const { prisma, clock, alerts } = this.#parts;
    const nowMs = clock.nowMs();
    const due = await prisma.budgetApproval.count({ where: { state: 'pending', expiresAt: { lte: new Date(nowMs) } } });
    if (due === 0) return;
    await prisma.$transaction(
      async (tx) => {
        for (const row of await expireDue(tx, nowMs)) await alerts.raiseWithin(tx, describeApproval(row, nowMs));
      },
      { maxWait: 10_000, timeout: 10_000 },
    );
    alerts.wake();
  }

  /** Forgets requests that were decided 30 days ago. */
  async prune(): Promise<void> {
    const { prisma, clock } = this.#parts;
    const before = new Date(clock.nowMs() - keepForMs);
    await prisma.budgetApproval.deleteMany({ where: { state: { not: 'pending' }, createdAt: { lt: before } } });
  }

  /** Nobody waits here any more: what was not decided counts as expired. */
  stop(): void {
    for (const waiters of [...this.#waiters.values()]) for (const waiter of [...waiters]) waiter.settle('expired');
  }

  #schedule(delayMs: number): void {
    if (this.#timer) return;
    const { clock, log } = this.#parts;
    this.#timer = clock.startTimer(delayMs, () => {
      this.poll()
        .catch((error: unknown) => log.warn({ error: String(error) }, 'decisions on budgets could not be read'))
        .finally(() => {
          this.#timer = undefined;
          if (this.#waiters.size > 0) this.#schedule(this.#parts.pollEveryMs ?? pollEveryMs);
        });
    });
  }
}

/** Window and requester; hashed, because names of windows may be longer than an index takes. */
function keyOf({ windowId }: BudgetRefusal, { memberId, apiKeyId }: CallAttributes): string {
  const requester = memberId ?? apiKeyId ?? '';
  return createHash('sha256')
    .update(JSON.stringify([windowId, requester]))
    .digest('hex');
}

const toJson = (attributes: CallAttributes) => JSON.parse(JSON.stringify(attributes)) as Prisma.InputJsonValue;
