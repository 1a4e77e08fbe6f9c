import { type Clock, type Log, sleep } from '@switchyard/core/kernel';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';

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
  /** How many days records are kept one by one; at least 2. */
  readonly recordDays: number;
}

/** How long rollups are kept, to the full day; hours of pairs of values go with the records, days are kept for good. */
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
    for (const teamId of new Set(scopes.map((scope) => scope.teamId)))
      await repeat(oldRecordsSql(teamId, await this.#recordsUntil(Number(state.recordsFromMs))));
    for (const { id } of scopes) {
      await repeat(oldRollupsSql(id, 0, Number(state.minutesFromMs)));
      await repeat(oldRollupsSql(id, 1, Number(state.hoursFromMs)));
      // Pairs of values are the many: their hours go with the records.
      await repeat(oldRollupsSql(id, 1, Number(state.recordsFromMs), Prisma.sql`AND b <> 0`));
    }
    await this.#declare(this.#clock.nowMs());
    if (deleted > 0) this.#log.debug({ deleted }, 'old call records and rollups were deleted');
    return deleted;
  }

  async #declare(nowMs: number): Promise<void> {
    const fullDay = (atMs: number) => BigInt(Math.max(0, Math.floor(atMs / dayMs) * dayMs));
    const records = fullDay(nowMs - Math.max(2, this.#settings.recordDays) * dayMs);
    await this.#prisma.$executeRaw`
      UPDATE metric_state SET
        "recordsFromMs" = greatest("recordsFromMs", ${records}),
        "minutesFromMs" = greatest("minutesFromMs", ${fullDay(nowMs - minuteRollupsMs)}),
        "hoursFromMs" = greatest("hoursFromMs", ${fullDay(nowMs - hourRollupsMs)})
      WHERE id = 1`;
  }

  /** Records younger than this stay, whatever the setting says: a dead process may still have to be settled by them. */
  async #recordsUntil(recordsFromMs: number): Promise<number> {
    const [oldest] = await this.#prisma.$queryRaw<{ ms: bigint | null }[]>`
      SELECT min("reportedAtMs") AS ms FROM budget_instance`;
    return oldest?.ms == null ? recordsFromMs : Math.min(recordsFromMs, Number(oldest.ms) - ledgerNeedsMs);
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

function oldRollupsSql(scopeId: number, grain: 0 | 1, untilMs: number, condition = Prisma.empty): Prisma.Sql {
  return Prisma.sql`
    DELETE FROM metric_rollup WHERE ("scopeId", grain, mask, bucket, a, b) IN (
      SELECT "scopeId", grain, mask, bucket, a, b FROM metric_rollup
      WHERE "scopeId" = ${scopeId} AND grain = ${Prisma.raw(String(grain))}::int2 AND bucket < ${Math.floor(untilMs / 60_000)} ${condition}
      LIMIT ${rowsPerStatement})`;
}
