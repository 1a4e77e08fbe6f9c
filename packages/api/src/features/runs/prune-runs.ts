import type { Clock, Log } from '@switchyard/core/kernel';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { endedRunStates, runSources } from './run-record.ts';

export interface RunPruneParts {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly log: Log;
  /** How many days runs are kept after their end where their team did not say. */
  readonly keepDays: number;
}

const dayMs = 86_400_000;
/** Tries of single steps are looked at once. */
const previewsKeptMs = dayMs;
const runsPerPortion = 200;
/** Events go with their run: so many in one statement hold up nobody for long. */
const eventsPerPortion = 10_000;
const portionsPerTick = 100;

interface OldRun {
  readonly id: string;
  readonly endedAt: Date;
  readonly lastSeq: number;
}

/**
 * Deletes runs that ended longer ago than their team keeps them, with their events, approvals and folds, in portions. Of
 * several processes one does it at a time. What it cost stays on record. Returns how many runs went.
 */
export async function pruneRuns(parts: RunPruneParts): Promise<number> {
  const nowMs = parts.clock.nowMs();
  let deleted = 0;
  for (let portion = 0; portion < portionsPerTick; portion += 1) {
    const count = await prunePortion(parts, nowMs);
    deleted += count;
    if (count === 0) break;
  }
  if (deleted > 0) parts.log.debug({ deleted }, 'old runs were deleted');
  return deleted;
}

function prunePortion({ prisma, keepDays }: RunPruneParts, nowMs: number): Promise<number> {
  return prisma.$transaction(
    async (tx) => {
      const [lock] = await tx.$queryRaw<{ isMine: boolean }[]>`
        SELECT pg_try_advisory_xact_lock(hashtext('switchyard.prune-runs')) AS "isMine"`;
      if (!lock?.isMine) return 0;
      const old = await tx.$queryRaw<OldRun[]>`
        SELECT "r"."id", "r"."endedAt", "r"."lastSeq"
        FROM "team" AS "t"
        LEFT JOIN "run_settings" AS "s" ON "s"."teamId" = "t"."id"
        CROSS JOIN unnest(${[...runSources]}::text[]) AS "from"("source")
        CROSS JOIN LATERAL (
          SELECT "id", "endedAt", "lastSeq" FROM "run"
          WHERE "teamId" = "t"."id" AND "source" = "from"."source" AND "endedAt" < CASE
            WHEN "from"."source" = 'preview' THEN ${new Date(nowMs - previewsKeptMs)}::timestamp
            ELSE ${new Date(nowMs)}::timestamp - COALESCE("s"."keepDays", ${keepDays}::int) * interval '1 day' END
          ORDER BY "endedAt" LIMIT ${runsPerPortion}) AS "r"
        LIMIT ${runsPerPortion}`;
      const portion = takePortion(old);
      if (portion.length === 0) return 0;
      // A run that was retried meanwhile has another end, or none.
      return tx.$executeRaw`
        DELETE FROM "run" AS "r"
        USING unnest(${portion.map(({ id }) => id)}::text[], ${portion.map(({ endedAt }) => endedAt)}::timestamp[]) AS "old"("id", "endedAt")
        WHERE "r"."id" = "old"."id" AND "r"."endedAt" = "old"."endedAt" AND "r"."state" = ANY(${[...endedRunStates]}::text[])`;
    },
    { maxWait: 10_000, timeout: 60_000 },
  );
}

/** At least one run, and then as many as have few enough events together. */
export function takePortion(old: readonly OldRun[]): readonly OldRun[] {
  let events = 0;
  const last = old.findIndex(({ lastSeq }, index) => {
    events += lastSeq;
    return index > 0 && events > eventsPerPortion;
  });
  return last < 0 ? old : old.slice(0, last);
}
