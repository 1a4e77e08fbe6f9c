import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';

/** A run that this process owns from now on. */
export interface ClaimedRun {
  readonly id: string;
  readonly teamId: string;
  readonly leaseToken: number;
}

export interface ClaimOptions {
  /** What this process executes. */
  readonly own?: readonly { readonly runId: string; readonly teamId: string }[];
  readonly mayTakeOver?: boolean;
  /** So many runs of one team at the most, those that are executed included. */
  readonly mostOfTeam?: number;
}

export interface RunQueueParts {
  readonly prisma: PrismaClient;
  readonly instanceId: string;
  /** How long a lease holds that is not renewed. */
  readonly leaseMs: number;
}

/**
 * The queue of runs is the table of runs: a run is due when its `wakeAt` has come and nobody owns it. Leases are timed by
 * the clock of the database, so that processes need not agree about the time.
 */
export class RunQueue {
  readonly #parts: RunQueueParts;

  constructor(parts: RunQueueParts) {
    this.#parts = parts;
  }

  /**
   * Takes at most `most` runs that are due; each goes to one process only. Teams take turns, those first of which this
   * process executes fewest; within a team those first that have waited longest. `own` are left out: what this process
   * executes is its own, however long it could not say so. Without `mayTakeOver` runs of owners whose leases have ended
   * are left alone, too.
   */
  claim(
    nowMs: number,
    most: number,
    { own = [], mayTakeOver = true, mostOfTeam = Number.MAX_SAFE_INTEGER }: ClaimOptions = {},
  ): Promise<readonly ClaimedRun[]> {
    const { prisma, instanceId, leaseMs } = this.#parts;
    const perTeam = Map.groupBy(own, ({ teamId }) => teamId);
    const due = Prisma.sql`
      "wakeAt" <= ${new Date(nowMs)}
      AND ("leaseUntil" IS NULL OR (${mayTakeOver} AND "leaseUntil" < (now() AT TIME ZONE 'UTC')))
      AND "id" <> ALL(${own.map(({ runId }) => runId)}::text[])`;
    // More are looked at than are taken: another process may be taking the first ones.
    const looked = most * 4;
    return prisma.$queryRaw<ClaimedRun[]>`
      UPDATE "run" SET
        "leaseToken" = "leaseToken" + 1,
        "leaseUntil" = (now() AT TIME ZONE 'UTC') + ${leaseMs} * interval '1 millisecond',
        "ownerId" = ${instanceId}
      WHERE "id" IN (
        SELECT "taken"."id" FROM "run" AS "taken" JOIN (
          SELECT "r"."id" AS "dueId", "r"."wakeAt" AS "dueAt", COALESCE("own"."count", 0)
            + row_number() OVER (PARTITION BY "t"."id" ORDER BY "r"."wakeAt") AS "turn"
          FROM "team" AS "t"
          LEFT JOIN unnest(${[...perTeam.keys()]}::text[], ${[...perTeam.values()].map(({ length }) => length)}::int[])
            AS "own"("teamId", "count") ON "own"."teamId" = "t"."id"
          CROSS JOIN LATERAL (
            SELECT "id", "wakeAt" FROM "run" WHERE "teamId" = "t"."id" AND ${due} ORDER BY "wakeAt" LIMIT ${looked}) AS "r"
          WHERE EXISTS (SELECT 1 FROM "run" WHERE ${due})
        ) AS "due" ON "due"."dueId" = "taken"."id"
        WHERE "turn" <= ${mostOfTeam} AND ${due}
        ORDER BY "turn", "dueAt" LIMIT ${most} FOR UPDATE OF "taken" SKIP LOCKED)
      RETURNING "id", "teamId", "leaseToken"`;
  }

  /**
   * Renews the leases of `runs` and says what is new about those that this process still owns. A run that is missing
   * from the answer was taken over or deleted.
   */
  async renew(
    runs: readonly { readonly id: string; readonly token: number }[],
  ): Promise<ReadonlyMap<string, { readonly lastJournalSeq: number }>> {
    const { prisma, leaseMs } = this.#parts;
    const rows = await prisma.$queryRaw<{ id: string; lastJournalSeq: number }[]>`
      UPDATE "run" AS "r" SET "leaseUntil" = (now() AT TIME ZONE 'UTC') + ${leaseMs} * interval '1 millisecond'
      FROM unnest(${runs.map(({ id }) => id)}::text[], ${runs.map(({ token }) => token)}::int[]) AS "v"("id", "token")
      WHERE "r"."id" = "v"."id" AND "r"."leaseToken" = "v"."token" AND "r"."leaseUntil" IS NOT NULL
      RETURNING "r"."id", "r"."lastJournalSeq"`;
    return new Map(rows.map(({ id, lastJournalSeq }) => [id, { lastJournalSeq }]));
  }

  /** The numbers of the last events of `ids`, to notice what other processes wrote. */
  async readHeads(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { prisma } = this.#parts;
    const rows = await prisma.run.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, lastJournalSeq: true },
    });
    return new Map(rows.map(({ id, lastJournalSeq }) => [id, lastJournalSeq]));
  }

  /**
   * Gives a run back until `wakeAtMs`, unless something was written behind `lastJournalSeq` that its owner did not know:
   * then it is due at once. Answers whether it was still owned.
   */
  async release(id: string, token: number, wakeAtMs: number, lastJournalSeq: number, nowMs: number): Promise<boolean> {
    const { prisma } = this.#parts;
    const count = await prisma.$executeRaw`
      UPDATE "run" SET
        "leaseUntil" = NULL,
        "wakeAt" = CASE WHEN "lastJournalSeq" > ${lastJournalSeq} THEN ${new Date(nowMs)}::timestamp ELSE ${new Date(wakeAtMs)}::timestamp END
      WHERE "id" = ${id} AND "leaseToken" = ${token} AND "leaseUntil" IS NOT NULL`;
    return count === 1;
  }

  /** Takes all leases away: on an embedded database whoever had one is dead. Returns how many. */
  async expireAll(): Promise<number> {
    const { prisma } = this.#parts;
    const { count } = await prisma.run.updateMany({ where: { leaseUntil: { not: null } }, data: { leaseUntil: null } });
    return count;
  }
}
