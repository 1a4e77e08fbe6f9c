import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Log } from '@switchyard/core/kernel';
import {
  axisValuesOf,
  type FoldedCall,
  type FoldedRow,
  foldChunkSize,
  foldRecords,
  metricSketchError,
  type RollupKey,
} from '@switchyard/core/metrics';
import { SketchMerger } from '@switchyard/core/stats';
import type { MetricState, PrismaClient } from '../../generated/prisma/client.ts';
import { type AxisValues, valueKeyOf, type WantedValue } from './axis-values.ts';
import { toHorizons } from './metric-horizons.ts';
import { failureColumn, sumColumns } from './rollup-columns.ts';
import { addRollupsSql, storedSketchesSql } from './rollup-sql.ts';
import { toFoldedCall, type WaitingCall, waitingCallsSql } from './waiting-calls.ts';

/** How long a process may take for one turn before another one tries; what the late one writes is refused. */
const claimMs = 120_000;

export interface RollupSettings {
  /** Roll up when this many records wait, … */
  readonly afterRecords: number;
  /** … or when the oldest has waited this long. */
  readonly afterMs: number;
  /** At most about this many in one statement. */
  readonly recordsPerTurn: number;
}

/** Of what was rolled up in vain; the next tick tries again. */
const mostRefusals = 5;
/** Rows that are looked at before the event loop has its turn: about half a millisecond. */
const rowsPerStretch = 40;

/**
 * Brings the records that arrived into the rollups, each exactly once, whichever of the processes does it and whenever it
 * is killed. It waits until there is something worth it: what waits is read one by one beside the rollups, so figures
 * are complete at any time, and a bucket that fills is written a few times in place of hundreds.
 */
export class RollupWorker {
  readonly #prisma: PrismaClient;
  readonly #values: AxisValues;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #settings: RollupSettings;
  readonly #merger = new SketchMerger(metricSketchError);

  constructor(dependencies: {
    readonly prisma: PrismaClient;
    readonly values: AxisValues;
    readonly clock: Clock;
    readonly log: Log;
    readonly settings: RollupSettings;
  }) {
    this.#prisma = dependencies.prisma;
    this.#values = dependencies.values;
    this.#clock = dependencies.clock;
    this.#log = dependencies.log;
    this.#settings = dependencies.settings;
  }

  /** Rolls up what is due; a backlog until it is gone. */
  async tick(): Promise<void> {
    const [waiting] = await this.#prisma.$queryRaw<{ records: number; oldestMs: number | null }[]>`
      SELECT coalesce(sum(records), 0)::int AS records,
        (extract(epoch FROM localtimestamp - min("arrivedAt")) * 1000)::float8 AS "oldestMs"
      FROM call_record_batch`;
    if (!waiting || waiting.oldestMs === null) return;
    if (waiting.records >= this.#settings.afterRecords || waiting.oldestMs >= this.#settings.afterMs)
      await this.rollUp();
  }

  /**
   * Rolls up everything that waits now, unless another process is at it. Returns how many batches it took. More records
   * in a turn is faster for a large backlog, and holds up this process and the database for longer.
   */
  async rollUp(recordsPerTurn = this.#settings.recordsPerTurn, mostTurns = Number.POSITIVE_INFINITY): Promise<number> {
    let batches = 0;
    let refused = 0;
    for (let turn = 0; turn < mostTurns; turn += 1) {
      const taken = await this.#turn(recordsPerTurn);
      if (taken === 0) break;
      if (taken === 'changed') refused += 1;
      else batches += taken;
      if (refused > mostRefusals) break;
    }
    return batches;
  }

  /** How many batches it took; `changed` when the rollups were not what they had been when it wrote. */
  async #turn(recordsPerTurn: number): Promise<number | 'changed'> {
    const batches = await this.#nextBatches(recordsPerTurn);
    if (batches.length === 0) return 0;
    const nowMs = BigInt(Math.round(this.#clock.nowMs()));
    const [state] = await this.#prisma.$queryRaw<MetricState[]>`
      UPDATE metric_state SET "claimedUntilMs" = ${nowMs + BigInt(claimMs)}
      WHERE id = 1 AND ("claimedUntilMs" <= ${nowMs} OR "claimedUntilMs" > ${nowMs + BigInt(2 * claimMs)}) RETURNING *`;
    if (!state) return 0;
    try {
      // Read after the claim: another process may have taken some of them meanwhile.
      const ids = await this.#nextBatches(recordsPerTurn);
      if (ids.length === 0) return 0;
      const calls = await this.#readCalls(ids);
      const rows = await this.#fold(calls, state);
      const json = await this.#toJson(rows);
      const [done] = await this.#prisma.$queryRaw<{ version: number }[]>(addRollupsSql(state.version, ids, json));
      if (!done) this.#log.debug({}, 'the rollups changed while records were rolled up; it is done again');
      return done ? ids.length : 'changed';
    } finally {
      await this.#prisma.$executeRaw`
        UPDATE metric_state SET "claimedUntilMs" = 0 WHERE id = 1 AND "claimedUntilMs" = ${nowMs + BigInt(claimMs)}`.catch(
        () => 0,
      );
    }
  }

  async #nextBatches(recordsPerTurn: number): Promise<readonly bigint[]> {
    const rows = await this.#prisma.callRecordBatch.findMany({ orderBy: { id: 'asc' }, take: 1_000 });
    const ids: bigint[] = [];
    let records = 0;
    for (const row of rows) {
      if (ids.length > 0 && records + row.records > recordsPerTurn) break;
      ids.push(row.id);
      records += row.records;
    }
    return ids;
  }

  async #readCalls(batchIds: readonly bigint[]): Promise<readonly FoldedCall[]> {
    const [read] = await this.#prisma.$queryRaw<{ lines: string | null }[]>(waitingCallsSql(batchIds));
    const calls: FoldedCall[] = [];
    for (const [index, line] of (read?.lines?.split('\n') ?? []).entries()) {
      if (index > 0 && index % foldChunkSize === 0) await nextTurn();
      const row = JSON.parse(line) as WaitingCall;
      const scopeId = await this.#values.scopeOf(row.teamId, row.origin === 'LIVE' ? 'live' : 'simulated', true);
      if (scopeId !== undefined) calls.push(toFoldedCall(row, scopeId));
    }
    return calls;
  }

  async #fold(calls: readonly FoldedCall[], state: MetricState): Promise<readonly FoldedRow[]> {
    const wanted = new Map<string, WantedValue>();
    for (const [index, call] of calls.entries()) {
      if (index > 0 && index % foldChunkSize === 0) await nextTurn();
      for (const [axis, values] of axisValuesOf(call).entries()) {
        for (const value of values) {
          const one = { scopeId: call.scopeId, axis, ...value };
          wanted.set(valueKeyOf(one), one);
        }
      }
    }
    const number = await this.#values.number([...wanted.values()]);
    const ids = [...new Set(calls.map(({ scopeId }) => scopeId))];
    const scopes = await this.#prisma.metricScope.findMany({ where: { id: { in: ids } } });
    const horizons = new Map(
      ids.map((id) => [
        id,
        toHorizons(
          state,
          scopes.find((scope) => scope.id === id),
        ),
      ]),
    );
    return foldRecords(
      calls,
      (scopeId, axis, value) => number({ scopeId, axis, ...value }),
      (scopeId) => horizons.get(scopeId)!,
      () => nextTurn(),
    );
  }

  /** The rows with their sketches merged with what is stored. */
  async #toJson(rows: readonly FoldedRow[]): Promise<string> {
    const keys = rows.flatMap(({ figures, ...key }) => (figures.latenciesMs.length > 0 ? [key] : []));
    const [stored] = await this.#prisma.$queryRaw<{ rows: string | null }[]>(storedSketchesSql(JSON.stringify(keys)));
    const byKey = new Map<string, readonly string[]>();
    for (const [index, row] of (stored?.rows?.split(';') ?? []).entries()) {
      if (index > 0 && index % rowsPerStretch === 0) await nextTurn();
      const [key, ...sketches] = row.split(',');
      byKey.set(key!, sketches);
    }
    const parts: string[] = [];
    for (const [index, row] of rows.entries()) {
      if (index > 0 && index % rowsPerStretch === 0) await nextTurn();
      const old = byKey.get(keyText(row));
      const { figures, ...key } = row;
      const fields: Record<string, unknown> = { ...key };
      for (const column of sumColumns) {
        const value = figures[column];
        if (value !== 0 && value !== 0n) fields[column] = typeof value === 'bigint' ? value.toString() : value;
      }
      for (const [kind, count] of figures.failures) fields[failureColumn(kind)] = count;
      fields.latency = this.#merge(old?.[0], figures.latenciesMs);
      fields.timeToFirstToken = this.#merge(old?.[1], figures.timesToFirstTokenMs);
      parts.push(JSON.stringify(fields));
    }
    return `[${parts.join(',')}]`;
  }

  /** Base64 of the sketch; undefined when there is nothing to add. */
  #merge(stored: string | undefined, values: readonly number[]): string | undefined {
    if (values.length === 0) return undefined;
    this.#merger.reset();
    if (stored) this.#merger.addAll(Buffer.from(stored, 'base64'));
    for (const value of values) this.#merger.add(value);
    return Buffer.from(this.#merger.toBytes()).toString('base64');
  }
}

function keyText({ scopeId, grain, mask, bucket, a, b }: RollupKey): string {
  return `${scopeId} ${grain} ${mask} ${bucket} ${a} ${b}`;
}
