import { type Clock, type Log, sleep } from '@switchyard/core/kernel';
import { rollupMasks } from '@switchyard/core/metrics';
import { type MetricScope, Prisma, type PrismaClient } from '../../generated/prisma/client.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const rowsPerStatement = 1_000;
const statementsPerTick = 50;
const pauseMs = 20;
/** A busy time may put pruning off for this long. */
const longestDelayMs = dayMs;
/** The ledger books from the records what a dead process had not reported: calls of an hour, heard of an hour late. */
const ledgerNeedsMs = 3 * hourMs;

export interface RetentionSettings {
  /** How many days records are kept one by one where a team did not say; at least 2. */
  readonly recordDays: number;
}

/** Fewer days than this are kept by nobody: the figures of yesterday are made of records at the ends. */
export const fewestRecordDays = 2;
export const mostRecordDays = 3_650;

/** How long rollups are kept, to the full day; hours of pairs of values and half hours go with the records, days and weeks are kept for good. */
const minuteRollupsMs = 48 * hourMs;
const hourRollupsMs = 90 * dayMs;

/**
 * Deletes what is older than it is kept, in small portions and preferably when less is going on than usual. What begins
 * where is written down first, and rows go one tick later, so that nobody reads a bucket that is half gone.
 */
export class MetricsPruner {
  readonly #prisma: PrismaClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #settings: RetentionSettings;
  #busySinceMs: number | undefined;

  constructor(prisma: PrismaClient, clock: Clock, log: Log, settings: RetentionSettings) {
    this.#prisma = prisma;
    this.#clock = clock;
    this.#log = log;
    this.#settings = settings;
  }

  /** Prunes a portion unless it is a busy time. */
  async tick(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    if (await this.#isBusy(nowMs)) {
      this.#busySinceMs ??= nowMs;
      if (nowMs - this.#busySinceMs < longestDelayMs) return;
    }
    this.#busySinceMs = undefined;
    await this.prune();
  }

  /** Deletes up to 50 portions of what was declared old by an earlier call, then declares what is old now. */
  async prune(): Promise<number> {
    const state = await this.#prisma.metricState.findFirst({ where: { id: 1 } });
    if (!state) return 0;
    const scopes = await this.#prisma.metricScope.findMany();
    let deleted = 0;
    let left = statementsPerTick;
    const repeat = async (statement: Prisma.Sql) => {
      while (left > 0) {
        const rows = await this.#prisma.$executeRaw(statement);
        deleted += rows;
        if (rows < rowsPerStatement) return;
        left -= 1;
        await sleep(this.#clock, pauseMs);
      }
    };
    const ledgerFromMs = await this.#ledgerFromMs();
    for (const [teamId, own] of Map.groupBy(scopes, (scope) => scope.teamId)) {
      const untilMs = Math.min(...own.map(({ recordsFromMs }) => Number(recordsFromMs)), ledgerFromMs);
      await repeat(oldRecordsSql(teamId, untilMs));
    }
    for (const { id, recordsFromMs } of scopes) {
      for (const { grains, masks, fromMs } of [
        { grains: [0], masks: rollupMasks.single, fromMs: state.minutesFromMs },
        { grains: [1, 5], masks: rollupMasks.single, fromMs: state.hoursFromMs },
        { grains: [4], masks: rollupMasks.single, fromMs: recordsFromMs },
        // Pairs of values are the many: they go with the records.
        { grains: [1, 5], masks: rollupMasks.pair, fromMs: recordsFromMs },
      ])
        await repeat(oldRollupsSql(id, grains, masks, Number(fromMs)));
    }
    await this.#declare(this.#clock.nowMs(), scopes);
    if (deleted > 0) this.#log.debug({ deleted }, 'old call records and rollups were deleted');
    return deleted;
  }

  async #declare(nowMs: number, scopes: readonly MetricScope[]): Promise<void> {
    const fullDay = (atMs: number) => BigInt(Math.max(0, Math.floor(atMs / dayMs) * dayMs));
    await this.#prisma.$executeRaw`
      UPDATE metric_state SET
        "minutesFromMs" = greatest("minutesFromMs", ${fullDay(nowMs - minuteRollupsMs)}),
        "hoursFromMs" = greatest("hoursFromMs", ${fullDay(nowMs - hourRollupsMs)})
      WHERE id = 1`;
    const settings = await this.#prisma.metricSettings.findMany({ where: { recordDays: { not: null } } });
    const daysOf = new Map(settings.map(({ teamId, recordDays }) => [teamId, recordDays]));
    for (const { id, teamId, recordsFromMs } of scopes) {
      const days = Math.max(fewestRecordDays, daysOf.get(teamId) ?? this.#settings.recordDays);
      const fromMs = fullDay(nowMs - days * dayMs);
      // Never back: what is deleted does not return when more is to be kept.
      if (fromMs > recordsFromMs)
        await this.#prisma.metricScope.updateMany({
          where: { id, recordsFromMs: { lt: fromMs } },
          data: { recordsFromMs: fromMs },
        });
    }
  }

  /** Records younger than this stay, whatever the setting says: a dead process may still have to be settled by them. */
  async #ledgerFromMs(): Promise<number> {
    const [oldest] = await this.#prisma.$queryRaw<{ ms: bigint | null }[]>`
      SELECT min("reportedAtMs") AS ms FROM budget_instance`;
    return oldest?.ms == null ? Number.POSITIVE_INFINITY : Number(oldest.ms) - ledgerNeedsMs;
  }

  /** More calls in the last ten minutes than in ten minutes of the last day on average. */
  async #isBusy(nowMs: number): Promise<boolean> {
    const minute = Math.floor(nowMs / 60_000);
    const [calls] = await this.#prisma.$queryRaw<{ lately: number; usually: number }[]>`
      SELECT coalesce(sum(calls) FILTER (WHERE bucket >= ${minute - 10}), 0)::float8 AS lately,
        coalesce(sum(calls), 0)::float8 / 144 AS usually
      FROM metric_rollup WHERE grain = 0::int2 AND mask = 0::int2 AND bucket >= ${minute - 1_440}
        AND "scopeId" IN (SELECT id FROM metric_scope)`;
    return calls !== undefined && calls.lately > calls.usually * 1.2 && calls.lately > 100;
  }
}

/** Never what waits to be rolled up. */
function oldRecordsSql(teamId: string, untilMs: number): Prisma.Sql {
  return Prisma.sql`
    DELETE FROM "call_record" WHERE id IN (
      SELECT c.id FROM "call_record" c
      WHERE c."teamId" = ${teamId} AND c."startedAt" < ${new Date(Math.max(0, untilMs))}
        AND NOT EXISTS (SELECT 1 FROM call_record_batch p WHERE p.id = c."arrivalBatch")
      ORDER BY c."startedAt" LIMIT ${rowsPerStatement})`;
}

/** Mask by mask: the key begins with it, so that what is young is never looked at. */
function oldRollupsSql(
  scopeId: number,
  grains: readonly number[],
  masks: readonly number[],
  untilMs: number,
): Prisma.Sql {
  const kinds = grains.flatMap((grain) => masks.map((mask) => `(${grain}::int2, ${mask}::int2)`));
  return Prisma.sql`
    DELETE FROM metric_rollup WHERE ("scopeId", grain, mask, bucket, a, b) IN (
      SELECT old.* FROM (VALUES ${Prisma.raw(kinds.join(', '))}) AS k(grain, mask)
      CROSS JOIN LATERAL (
        SELECT "scopeId", grain, mask, bucket, a, b FROM metric_rollup r
        WHERE r."scopeId" = ${scopeId} AND r.grain = k.grain AND r.mask = k.mask AND r.bucket < ${Math.floor(untilMs / 60_000)}
        LIMIT ${rowsPerStatement}) AS old
      LIMIT ${rowsPerStatement})`;
}
