import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Log } from '@switchyard/core/kernel';
import { bucketStartMs, metricSketchError, rollupMasks } from '@switchyard/core/metrics';
import { SketchMerger } from '@switchyard/core/stats';
import type { MetricState, PrismaClient } from '../../generated/prisma/client.ts';
import { failureColumn, failureKinds, sumColumns } from './rollup-columns.ts';
import { putRollupsSql, type SummedDays, summedDaysSql } from './week-sql.ts';

const hourMs = 3_600_000;
const weekMs = 7 * 24 * hourMs;
/** A week is added up so long after it ended; what comes later is added to it as it is to days. */
const lateMs = hourMs;
/** How long a portion may take before another process may begin; what the late one writes is refused. */
const claimMs = 120_000;
const rowsPerPortion = 500;

/**
 * Adds the days of weeks that are over up to weeks, a week at a time, so that long ranges are read from a seventh of the
 * rows. Readers use weeks only up to the one that is written down as done, which happens last and only when nobody changed a
 * rollup meanwhile: who is stopped half-way begins again.
 */
export class WeekFolder {
  readonly #prisma: PrismaClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #merger = new SketchMerger(metricSketchError);
  #nextAtMs = 0;

  constructor(dependencies: { readonly prisma: PrismaClient; readonly clock: Clock; readonly log: Log }) {
    this.#prisma = dependencies.prisma;
    this.#clock = dependencies.clock;
    this.#log = dependencies.log;
  }

  /** Folds one week when one is due; asks the database nothing before that. */
  async tick(): Promise<void> {
    if (this.#clock.nowMs() >= this.#nextAtMs) await this.fold();
  }

  /** Folds the oldest week that is over. Returns false when there is none, or another process changes rollups now. */
  async fold(): Promise<boolean> {
    const nowMs = Math.round(this.#clock.nowMs());
    const state = await this.#prisma.metricState.findFirst({ where: { id: 1 } });
    if (!state) return false;
    const untilMs = bucketStartMs(3, nowMs - lateMs);
    const weekFromMs = await this.#nextWeekMs(state, untilMs);
    if (weekFromMs === 'none') this.#nextAtMs = untilMs + weekMs + lateMs;
    if (typeof weekFromMs === 'string') return false;
    if (state.claimedUntilMs > BigInt(nowMs) && state.claimedUntilMs <= BigInt(nowMs + 2 * claimMs)) return false;
    const isDone = (await this.#foldWeek(state.version, weekFromMs)) && (await this.#finish(state.version, weekFromMs));
    if (!isDone) this.#log.debug({}, 'rollups changed while a week was added up; it is done again');
    return isDone;
  }

  /**
   * The first week that is not done, has days, and ends by `untilMs`. Weeks without any are done at once; `changed` when a
   * rollup came in between.
   */
  async #nextWeekMs(state: MetricState, untilMs: number): Promise<number | 'none' | 'changed'> {
    const doneMs = Number(state.weeksUntilMs);
    if (doneMs >= untilMs) return 'none';
    const [first] = await this.#prisma.$queryRaw<{ bucket: number | null }[]>`
      SELECT min(r.bucket) AS bucket FROM metric_scope s JOIN LATERAL (
        SELECT bucket FROM metric_rollup WHERE "scopeId" = s.id AND grain = 2::int2 AND mask = 0::int2 AND bucket >= ${doneMs / 60_000}
        ORDER BY bucket LIMIT 1) r ON true`;
    const weekMsOfFirst = first?.bucket == null ? untilMs : bucketStartMs(3, first.bucket * 60_000);
    if (weekMsOfFirst < untilMs) return weekMsOfFirst;
    // Records of a week that was empty are folded into it when they come late, as of every week before this. The version
    // guards it: a statement that waited for a rollup to be written would still see none of its days.
    const changed = await this.#prisma.$executeRaw`
      UPDATE metric_state SET "weeksUntilMs" = ${BigInt(untilMs)}, version = version + 1
      WHERE id = 1 AND version = ${state.version}`;
    return changed === 1 ? 'none' : 'changed';
  }

  async #foldWeek(version: number, weekFromMs: number): Promise<boolean> {
    const scopes = await this.#prisma.metricScope.findMany({ orderBy: { id: 'asc' } });
    for (const { id: scopeId } of scopes) {
      for (const mask of [...rollupMasks.single, ...rollupMasks.pair]) {
        let after: Pick<SummedDays, 'a' | 'b'> | undefined = { a: -1, b: 0 };
        while (after) {
          const rows: SummedDays[] = await this.#prisma.$queryRaw(
            summedDaysSql({ scopeId, mask, weekFromMs, after, most: rowsPerPortion }),
          );
          if (rows.length === 0) break;
          const untilMs = Math.round(this.#clock.nowMs()) + claimMs;
          const key = { scopeId, grain: 3, mask, bucket: weekFromMs / 60_000 };
          const json = JSON.stringify(rows.map((row) => ({ ...key, ...this.#toFields(row) })));
          const [turn] = await this.#prisma.$queryRaw<object[]>(putRollupsSql(version, untilMs, json));
          if (!turn) return false;
          await nextTurn();
          after = rows.length < rowsPerPortion ? undefined : rows.at(-1);
        }
      }
    }
    return true;
  }

  async #finish(version: number, weekFromMs: number): Promise<boolean> {
    const changed = await this.#prisma.$executeRaw`
      UPDATE metric_state SET "weeksUntilMs" = ${BigInt(weekFromMs + weekMs)}, version = version + 1, "claimedUntilMs" = 0
      WHERE id = 1 AND version = ${version}`;
    return changed === 1;
  }

  #toFields(row: SummedDays): Record<string, unknown> {
    const fields: Record<string, unknown> = { a: row.a, b: row.b };
    for (const name of [...sumColumns, ...failureKinds.map(failureColumn)]) {
      const value = row[name] as number | string | null;
      if (value !== null) fields[name] = value;
    }
    for (const name of ['latency', 'timeToFirstToken'] as const) {
      const text = row[name];
      if (!text) continue;
      this.#merger.reset();
      this.#merger.addAll(Buffer.from(text, 'base64'));
      fields[name] = Buffer.from(this.#merger.toBytes()).toString('base64');
    }
    return fields;
  }
}
