import { createSeededRandom, silentLog } from '@switchyard/core/kernel';
import {
  addCall,
  axesOf,
  axisValuesOf,
  type CallRecord,
  countedFailures,
  type MetricDimension,
  type MetricFigures,
  type MetricsQuery,
  metricDimensions,
  noFigures,
  placeOf,
  rollupSums,
  sketchNames,
  stepBoundaries,
} from '@switchyard/core/metrics';
import { FakeClock } from '@switchyard/core/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { type Database, openDatabase } from '../../persistence/database.ts';
import { callRecord } from '../../testing/call-record.ts';
import { AxisValues } from './axis-values.ts';
import { insertCallRecords, serialiseRow, toStoredRow } from './call-record-rows.ts';
import { DatabaseMetricsReader } from './database-metrics-reader.ts';
import { RollupWorker } from './rollup-worker.ts';
import { WeekFolder } from './week-folder.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** 2026-03-27, so that Europe's clock change of 29 March is within the days that follow. */
const beginMs = Date.UTC(2026, 2, 27);

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ kind: 'memory' });
});
afterAll(() => database.close());
beforeEach(() => empty(0));

/** No calls; half hours and quarters of days are kept from `partsFromMs` on, as after an update of the product. */
async function empty(partsFromMs: number): Promise<void> {
  await database.prisma.$executeRaw`TRUNCATE call_record, call_record_batch, metric_rollup, metric_value, metric_scope`;
  await database.prisma.$executeRaw`
    UPDATE metric_state SET "minutesFromMs" = 0, "hoursFromMs" = 0, "partsFromMs" = ${BigInt(partsFromMs)}, "weeksUntilMs" = 0`;
}

const insert = (records: readonly CallRecord[]) =>
  insertCallRecords(
    database.prisma,
    `[${records.map((record) => serialiseRow(toStoredRow(record))).join(',')}]`,
    records.length,
  );

/**
 * A process that rolls up; `fail` says what happens to its statements: nothing, or a crash before or after one. Where a
 * claim is lost, it took too long and another process begins.
 */
function startWorker(
  fail: () => 'before' | 'after' | undefined = () => undefined,
  isClaimLost: () => boolean = () => false,
): RollupWorker {
  const prisma = new Proxy(database.prisma, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (typeof value !== 'function') return value;
      if (property !== '$queryRaw') return value.bind(target);
      return async (...statement: unknown[]) => {
        const how = fail();
        if (isClaimLost()) await releaseClaims();
        if (how === 'before') throw new Error('killed');
        const rows: unknown = await value.apply(target, statement);
        if (how === 'after') throw new Error('killed');
        return rows;
      };
    },
  }) as PrismaClient;
  // A dead process's claim runs out at once here.
  const clock = new FakeClock();
  const values = new AxisValues(prisma);
  const settings = { afterRecords: 1, afterMs: 0, recordsPerTurn: 7 };
  return new RollupWorker({ prisma, values, clock, log: silentLog, settings });
}

/** Adds weeks up that were over so many days after the first record; from the fourth day on that is the first one. */
function startFolder(daysLater: number): WeekFolder {
  const clock = new FakeClock(beginMs + daysLater * dayMs);
  return new WeekFolder({ prisma: database.prisma, clock, log: silentLog });
}
const releaseClaims = () => database.prisma.$executeRaw`UPDATE metric_state SET "claimedUntilMs" = 0`;

const optional = <Value>(...values: Value[]) => fc.constantFrom(undefined, ...values);
const records = fc
  .array(
    fc.record({
      startedAtMs: fc.integer({ min: beginMs, max: beginMs + 4 * dayMs }),
      team: fc.constantFrom('team_1', 'team_1', 'team_1', 'team_2'),
      origin: fc.constantFrom('live' as const, 'live' as const, 'simulated' as const),
      model: fc.constantFrom('openai/a', 'openai/b', 'google/a'),
      member: optional('user_1', 'user_2'),
      key: optional('key_1'),
      step: optional('step_1', 'step_2', 'step_3'),
      role: optional('coder', 'reviewer'),
      taskClass: optional('code'),
      tags: fc.subarray(['x', 'y', 'z']),
      outcome: fc.constantFrom('succeeded' as const, 'succeeded' as const, 'failed' as const, 'cancelled' as const),
      attempt: fc.integer({ min: 1, max: 3 }),
      latencyMs: fc.integer({ min: 0, max: 200_000 }),
      firstMs: optional(10, 700),
      speed: optional(0.0004, 33.3, 120.25),
      cost: optional(0n, 5n, 1_234_567_890n),
      tokens: optional(0, 7, 90_000),
      isHedge: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((drawn) =>
    drawn.map((one, index): CallRecord => {
      const { costNanoUsd, timeToFirstTokenMs, tokensPerSecond, ...base } = callRecord(`call_${index}`);
      return {
        ...base,
        teamId: one.team,
        origin: one.origin,
        providerId: one.model.split('/')[0]!,
        modelId: one.model,
        startedAtMs: one.startedAtMs,
        outcome: one.outcome,
        attempt: one.attempt,
        latencyMs: one.latencyMs,
        tags: one.tags,
        usage: one.tokens === undefined ? {} : { inputTokens: one.tokens, outputTokens: one.tokens * 2 },
        ...(one.outcome === 'failed' && { errorKind: countedFailures[index % countedFailures.length]! }),
        ...(one.member && { userId: one.member }),
        ...(one.key && { apiKeyId: one.key }),
        ...(one.step && { workflowId: one.step === 'step_3' ? 'flow_2' : 'flow_1', stepId: one.step }),
        ...(one.role && { role: one.role }),
        ...(one.taskClass && { taskClass: one.taskClass }),
        ...(one.cost !== undefined && { costNanoUsd: one.cost }),
        ...(one.firstMs !== undefined && { timeToFirstTokenMs: one.firstMs }),
        ...(one.speed !== undefined && { tokensPerSecond: one.speed }),
        ...(one.isHedge && { isHedge: true as const }),
      };
    }),
  );

const queries = fc
  .record({
    span: fc.tuple(
      fc.integer({ min: beginMs - hourMs, max: beginMs + 4 * dayMs }),
      fc.oneof(fc.integer({ min: 1, max: 3 * dayMs }), fc.integer({ min: 1, max: 20 * dayMs })),
    ),
    isAligned: fc.boolean(),
    by: fc.uniqueArray(fc.constantFrom(...metricDimensions), { maxLength: 2 }),
    interval: optional('hour' as const, 'day' as const, 'week' as const),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/Los_Angeles'),
    filter: optional(
      { model: ['openai/a', 'google/a'] },
      { provider: ['openai'] },
      { tag: ['x'] },
      { step: ['step_1'] },
    ),
  })
  .map(({ span: [from, length], isAligned, by, interval, timeZone, filter }): MetricsQuery => {
    const fromMs = isAligned ? Math.floor(from / hourMs) * hourMs : from;
    return {
      ...{ teamId: 'team_1', origin: 'live', fromMs, timeZone, by, groups: 100, isWithPrevious: true },
      toMs: isAligned ? fromMs + Math.ceil(length / dayMs) * dayMs : fromMs + length,
      ...(filter && axesOf({ by, filter }).length <= 2 && { filter }),
      // No more than 100 steps for 100 groups.
      ...(interval && { interval: interval === 'hour' && length > 3 * dayMs ? 'day' : interval }),
      include: { failures: true, percentiles: sketchNames, seriesPercentiles: sketchNames },
    };
  });

/** The values that a call has for a dimension, by the plainest reading. */
function valuesOf(record: CallRecord, dimension: MetricDimension): readonly string[] {
  const { axis, part } = placeOf(dimension);
  return [...new Set(axisValuesOf(record)[axis]!.map((value) => value[part]))].filter((value) => value !== '');
}

/** All figures of a group, computed from the records one by one. */
function figuresOf(calls: readonly CallRecord[]): object {
  const figures = noFigures();
  for (const call of calls) addCall(figures, call);
  const failures = Object.fromEntries(figures.failures);
  const sums = Object.fromEntries(rollupSums.map((name) => [name, figures[name]]));
  return { ...sums, failures, costNanoUsd: figures.costNanoUsd, latenciesMs: figures.latenciesMs };
}

function expectFigures(actual: MetricFigures | undefined, calls: readonly CallRecord[], isWithFailures = true): void {
  const { latenciesMs, failures, ...expected } = figuresOf(calls) as { latenciesMs: number[]; failures: object };
  expect(actual).toMatchObject(expected);
  if (isWithFailures) expect(actual?.failures).toEqual(failures);
  const sorted = [...latenciesMs].sort((a, b) => a - b);
  expect(actual?.latency?.count ?? 0).toBe(sorted.length);
  for (const [share, name] of [
    [0.5, 'p50Ms'],
    [0.95, 'p95Ms'],
  ] as const) {
    const exact = sorted[Math.ceil(share * sorted.length - 1e-9) - 1];
    if (exact !== undefined)
      expect(Math.abs((actual?.latency?.[name] ?? Number.NaN) - exact)).toBeLessThanOrEqual(exact * 0.0101 + 1e-9);
  }
}

async function checkQuery(
  all: readonly CallRecord[],
  query: MetricsQuery,
  reader: DatabaseMetricsReader,
): Promise<void> {
  const within = (fromMs: number, toMs: number) =>
    all.filter(
      (record) =>
        record.teamId === query.teamId &&
        record.origin === query.origin &&
        record.startedAtMs >= fromMs &&
        record.startedAtMs < toMs &&
        Object.entries(query.filter ?? {}).every(([dimension, wanted]) =>
          valuesOf(record, dimension as MetricDimension).some((value) => wanted.includes(value)),
        ),
    );
  const report = await reader.read(query);
  const calls = within(query.fromMs, query.toMs);
  expectFigures(report.total, calls);
  expectFigures(report.previousTotal, within(2 * query.fromMs - query.toMs, query.fromMs));
  const boundaries = query.interval ? stepBoundaries(query, query.interval, query.timeZone!, 10_000) : [];
  expect(report.series.map(({ fromMs }) => fromMs)).toEqual(boundaries.slice(0, -1));
  for (const { fromMs, toMs, figures } of report.series) expectFigures(figures, within(fromMs, toMs), false);
  if (query.by.length === 0) return;
  // A tag that is filtered by is the only one that is grouped by.
  const kept = (dimension: MetricDimension, value: string) => query.filter?.[dimension]?.includes(value) ?? true;
  const groups = Map.groupBy(
    calls.flatMap((call) =>
      query.by
        .reduce<string[][]>(
          (lists, dimension) =>
            lists.flatMap((list) =>
              valuesOf(call, dimension).flatMap((value) => (kept(dimension, value) ? [[...list, value]] : [])),
            ),
          [[]],
        )
        .map((values) => ({ key: values.join(), call })),
    ),
    ({ key }) => key,
  );
  expect(report.groups.map(({ values }) => values.join()).sort()).toEqual([...groups.keys()].sort());
  for (const group of report.groups) {
    const members = groups.get(group.values.join())!.map(({ call }) => call);
    expectFigures(group.figures, members);
    for (const { fromMs, toMs, figures } of group.series)
      expectFigures(
        figures,
        members.filter(({ startedAtMs }) => startedAtMs >= fromMs && startedAtMs < toMs),
        false,
      );
  }
}

test('figures equal a slow recomputation, whatever the order of arrival, duplicates, and kills while rolling up', async () => {
  await fc.assert(
    fc.asyncProperty(
      records,
      fc.array(queries, { minLength: 3, maxLength: 3 }),
      fc.integer(),
      async (all, asked, seed) => {
        const random = createSeededRandom(seed);
        await empty([0, beginMs + 2 * dayMs, beginMs + 9 * dayMs][Math.floor(random.next() * 3)]!);
        const workers = [1, 2].map(() =>
          startWorker(
            () => (random.next() < 0.1 ? (random.next() < 0.5 ? 'before' : 'after') : undefined),
            () => random.next() < 0.3,
          ),
        );
        const reader = new DatabaseMetricsReader(database.prisma, new AxisValues(database.prisma), new FakeClock());
        // Arrival in any order, in batches of any size, some records twice.
        const arriving = [...all, ...all.filter(() => random.next() < 0.3)]
          .map((record) => ({ record, place: random.next() }))
          .sort((a, b) => a.place - b.place)
          .map(({ record }) => record);
        while (arriving.length > 0) {
          await insert(arriving.splice(0, 1 + Math.floor(random.next() * 12)));
          const racing = workers.filter(() => random.next() < 0.5);
          // Again and again, so that one begins in the middle of the other's turn when that has lost its claim.
          const persist = async (worker: RollupWorker) => {
            for (let time = 0; time < 5; time += 1) await worker.rollUp().catch(() => 0);
          };
          // Weeks are added up while records still arrive for them, and while others roll up.
          const folder = startFolder(random.next() < 0.5 ? 4 : 12);
          const folding = random.next() < 0.5 ? [folder.fold(), folder.fold()] : [];
          await Promise.all([...racing.map(persist), ...folding]);
          if (random.next() < 0.5) await releaseClaims();
        }
        await checkQuery(all, asked[0]!, reader);
        await releaseClaims();
        await startWorker().rollUp();
        expect(await database.prisma.callRecordBatch.count()).toBe(0);
        for (const query of asked) await checkQuery(all, query, reader);
        for (let isMore = true; isMore; ) isMore = await startFolder(12).fold();
        for (const query of asked) await checkQuery(all, query, reader);
        // And without the records: from rollups alone wherever a bucket lies wholly within.
        await database.prisma.$executeRaw`DELETE FROM call_record`;
        const dayAligned: MetricsQuery = {
          ...{ teamId: 'team_1', origin: 'live', by: ['model', 'step'], groups: 100, isWithPrevious: true },
          ...{ fromMs: beginMs, toMs: beginMs + 3 * dayMs, include: { failures: true, percentiles: sketchNames } },
        };
        await checkQuery(all, dayAligned, reader);
        const mondayMs = beginMs - 4 * dayMs;
        const weeks = { fromMs: mondayMs, toMs: mondayMs + 14 * dayMs };
        await checkQuery(all, { ...dayAligned, ...weeks }, reader);
        // Not even days are looked at where there are weeks.
        await database.prisma.$executeRaw`DELETE FROM metric_rollup WHERE grain <> 3`;
        await checkQuery(all, { ...dayAligned, ...weeks, by: ['tag'] }, reader);
      },
    ),
    { numRuns: 12 },
  );
}, 180_000);
