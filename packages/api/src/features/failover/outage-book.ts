import type { FailoverWatch, PassedOver, ReturnReason, TriggerVerdict } from '@switchyard/core/failover';
import type { Clock, Ids, Log } from '@switchyard/core/kernel';
import type { PrismaClient } from '../../generated/prisma/client.ts';

interface OutageBookParts {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly watch: FailoverWatch;
  readonly isShared: boolean;
  readonly teamOf: (planId: string) => string | undefined;
  readonly originOf: (key: string) => 'LIVE' | 'SIMULATED';
}

/** While the database is away so many changes wait; older ones are dropped. */
const mostWaiting = 2_000;

type Change =
  | { readonly type: 'open'; readonly out: PassedOver }
  | { readonly type: 'close'; readonly out: PassedOver; readonly reason: ReturnReason; readonly atMs: number };

/** Stores who is passed over since when, behind the calls, and takes over what other processes stored. */
export class OutageBook {
  readonly #parts: OutageBookParts;
  readonly #waiting: Change[] = [];
  readonly #authors = new Map<string, string>();
  #draining: Promise<void> | undefined;
  #isSynced = false;

  constructor(parts: OutageBookParts) {
    this.#parts = parts;
  }

  open(out: PassedOver): void {
    this.#push({ type: 'open', out });
  }

  close(out: PassedOver, reason: ReturnReason): void {
    this.#push({ type: 'close', out, reason, atMs: this.#parts.clock.nowMs() });
  }

  /** Who gives a model back by hand; for the next change of it. */
  noteAuthor(planId: string, key: string, userId: string | undefined): void {
    if (userId !== undefined) this.#authors.set(keyOf({ planId, key }), userId);
  }

  /** Stores what waits, in order. Rejects when the database is away: what waits is kept. */
  drain(): Promise<void> {
    this.#draining ??= this.#drainAll().finally(() => {
      this.#draining = undefined;
    });
    return this.#draining;
  }

  /** Takes over what is stored: after a start, and what other processes found out. */
  async sync(): Promise<void> {
    const { prisma, watch, isShared } = this.#parts;
    if (this.#isSynced && !isShared) return;
    const rows = await prisma.failoverOutage.findMany({ where: { openKey: { not: null } }, take: 10_000 });
    // What this process changed meanwhile is newer than what was read.
    if (this.#waiting.length > 0) return;
    const open = new Set<string>();
    for (const { planId, circuitKey: key, modelId, reason, measured, threshold, outAt } of rows) {
      open.add(keyOf({ planId, key }));
      const verdict: TriggerVerdict = { reason: reason as TriggerVerdict['reason'], measured, limit: threshold };
      watch.adopt({ planId, key, modelId, verdict, outAtMs: outAt.getTime() });
    }
    if (this.#isSynced) {
      for (const out of watch.all) if (!open.has(keyOf(out))) watch.release(out.planId, out.key, 'answers', true);
    }
    this.#isSynced = true;
  }

  #push(change: Change): void {
    if (this.#waiting.length >= mostWaiting) this.#waiting.shift();
    this.#waiting.push(change);
    this.drain().catch((error: unknown) =>
      this.#parts.log.warn({ error: String(error) }, 'a failover could not be stored yet'),
    );
  }

  async #drainAll(): Promise<void> {
    for (let change = this.#waiting[0]; change; change = this.#waiting[0]) {
      await (change.type === 'open' ? this.#open(change.out) : this.#close(change));
      if (this.#waiting[0] === change) this.#waiting.shift();
    }
  }

  async #open(out: PassedOver): Promise<void> {
    const { prisma, ids, teamOf, originOf } = this.#parts;
    const teamId = teamOf(out.planId);
    if (teamId === undefined) return;
    await prisma.failoverOutage.createMany({
      data: [
        {
          id: ids.next('fot'),
          teamId,
          planId: out.planId,
          circuitKey: out.key,
          modelId: out.modelId,
          origin: originOf(out.key),
          reason: out.verdict.reason,
          measured: out.verdict.measured,
          threshold: out.verdict.limit,
          outAt: new Date(out.outAtMs),
          openKey: keyOf(out),
        },
      ],
      // Another process saw it first.
      skipDuplicates: true,
    });
  }

  async #close({ out, reason, atMs }: Extract<Change, { type: 'close' }>): Promise<void> {
    const openKey = keyOf(out);
    await this.#parts.prisma.failoverOutage.updateMany({
      where: { openKey },
      data: {
        openKey: null,
        returnedAt: new Date(atMs),
        returnReason: reason,
        returnedById: this.#authors.get(openKey) ?? null,
      },
    });
    this.#authors.delete(openKey);
  }
}

function keyOf({ planId, key }: Pick<PassedOver, 'planId' | 'key'>): string {
  return `${planId} ${key}`;
}
