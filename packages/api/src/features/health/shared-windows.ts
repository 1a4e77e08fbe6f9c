import type { Clock } from '@switchyard/core/kernel';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { packOutcomes, type SeenOutcome, unpackOutcomes } from './outcome-window.ts';
import type { PassiveHealth } from './passive-health.ts';

/** The last outcomes of all server processes: each tells the others what it saw, about once a second. */
export class SharedWindows {
  readonly #parts: { readonly prisma: PrismaClient; readonly clock: Clock; readonly instanceId: string };
  readonly #passive: PassiveHealth;
  /** By provider and process. */
  readonly #others = new Map<string, Map<string, readonly SeenOutcome[]>>();
  /** When the outcomes of each other process were stored that this one has taken. */
  readonly #heardAtMs = new Map<string, bigint>();

  constructor(
    parts: { readonly prisma: PrismaClient; readonly clock: Clock; readonly instanceId: string },
    passive: PassiveHealth,
  ) {
    this.#parts = parts;
    this.#passive = passive;
  }

  /** Tells what this process saw since the last time, and takes what others told within `withinMs`. */
  async exchange(withinMs: number): Promise<void> {
    const { prisma, instanceId, clock } = this.#parts;
    const nowMs = clock.nowMs();
    for (const [subjectId, window] of this.#passive.windows) {
      if (window.isShared) continue;
      window.isShared = true;
      const columns = { outcomes: packOutcomes(window.read(nowMs)) as never, updatedAtMs: BigInt(nowMs) };
      try {
        await prisma.healthWindow.upsert({
          where: { subjectId_instanceId: { subjectId, instanceId } },
          create: { subjectId, instanceId, ...columns },
          update: columns,
        });
      } catch (error) {
        window.isShared = false;
        throw error;
      }
    }
    const rows = await prisma.healthWindow.findMany({
      where: { instanceId: { not: instanceId }, updatedAtMs: { gt: BigInt(nowMs - withinMs) } },
    });
    for (const row of rows) {
      const key = `${row.subjectId} ${row.instanceId}`;
      if (this.#heardAtMs.get(key) === row.updatedAtMs) continue;
      this.#heardAtMs.set(key, row.updatedAtMs);
      this.#passive.windowOf(row.subjectId).isJudged = false;
      const ofSubject = this.#others.get(row.subjectId) ?? new Map<string, readonly SeenOutcome[]>();
      this.#others.set(row.subjectId, ofSubject.set(row.instanceId, unpackOutcomes(row.outcomes)));
    }
  }

  /** What all processes saw of a provider, oldest first. */
  outcomesOf(subjectId: string, nowMs: number): readonly SeenOutcome[] {
    const own = this.#passive.windowOf(subjectId).read(nowMs);
    const others = this.#others.get(subjectId);
    if (!others) return own;
    return [...own, ...[...others.values()].flat()].sort((a, b) => a.atMs - b.atMs);
  }
}
