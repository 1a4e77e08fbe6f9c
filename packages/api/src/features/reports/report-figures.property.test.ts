import { createSeededRandom, formatUsd, silentLog } from '@switchyard/core/kernel';
import {
  addCall,
  type CallRecord,
  costPerSuccessUsd,
  latencyMeanMs,
  noFigures,
  successRate,
  tokensPerSecond,
} from '@switchyard/core/metrics';
import { buildWeeklyReport, lastWeeks } from '@switchyard/core/reports';
import { FakeClock } from '@switchyard/core/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Services } from '../../container.ts';
import { type Database, openDatabase } from '../../persistence/database.ts';
import { callRecord } from '../../testing/call-record.ts';
import { AxisValues } from '../metrics/axis-values.ts';
import { insertCallRecords, serialiseRow, toStoredRow } from '../metrics/call-record-rows.ts';
import { DatabaseMetricsReader } from '../metrics/database-metrics-reader.ts';
import { countCallRecords, listCallRecords } from '../metrics/list-call-records.ts';
import { readQuality } from '../metrics/read-quality.ts';
import { RollupWorker } from '../metrics/rollup-worker.ts';
import { WeekFolder } from '../metrics/week-folder.ts';
import { readWeekFacts } from './read-week-facts.ts';

const teamId = 'team_1';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ kind: 'memory' });
  await database.prisma.team.create({ data: { id: teamId, name: 'One', slug: 'one' } });
});
afterAll(() => database.close());

/** Weeks that hold a change of the clock, by whole hours and by half of one, and zones that lie beside full hours. */
const places = [
  ['Europe/Berlin', '2026-03-31T12:00:00Z'],
  ['Europe/Berlin', '2026-10-27T12:00:00Z'],
  ['America/New_York', '2026-11-04T12:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-06T12:00:00Z'],
  ['Asia/Kolkata', '2026-06-10T12:00:00Z'],
  ['Asia/Kathmandu', '2026-06-10T12:00:00Z'],
] as const;

const drawn = fc.array(
  fc.record({
    /** Where in the six weeks, 0 to 1; the ends of weeks are drawn on purpose. */
    at: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom('begin', 'before end')),
    week: fc.integer({ min: 0, max: 5 }),
    team: fc.constantFrom(teamId, teamId, teamId, 'team_2'),
    origin: fc.constantFrom('live' as const, 'live' as const, 'simulated' as const),
    model: fc.constantFrom('openai/a', 'openai/b', 'google/a'),
    step: fc.constantFrom(undefined, 'flow/one', 'flow/two'),
    tags: fc.subarray(['x', 'y']),
    outcome: fc.constantFrom('succeeded' as const, 'succeeded' as const, 'failed' as const, 'cancelled' as const),
    latencyMs: fc.integer({ min: 0, max: 90_000 }),
    cost: fc.constantFrom(undefined, 0n, 7n, 1_234_567_891n),
    quality: fc.constantFrom(undefined, 0, 0.25, 1),
  }),
  { minLength: 1, maxLength: 60 },
);

test('every number of reports, lists and judgements equals an independent sum over the records, whatever the zone and its clock', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), drawn, fc.integer(), async ([timeZone, now], all, seed) => {
      const { prisma } = database;
      await prisma.$executeRaw`TRUNCATE call_record, call_record_batch, metric_rollup, metric_value, metric_scope, routing_reward, routing_decision`;
      await prisma.$executeRaw`UPDATE metric_state SET "minutesFromMs" = 0, "hoursFromMs" = 0, "partsFromMs" = 0, "weeksUntilMs" = 0, "claimedUntilMs" = 0`;
      const weeks = lastWeeks(Date.parse(now), timeZone, 6);
      const records = all.map((one, index): CallRecord => {
        const { fromMs, toMs } = weeks[one.week]!;
        const share =
          typeof one.at === 'number'
            ? Math.floor(one.at * (toMs - fromMs - 1))
            : one.at === 'begin'
              ? 0
              : toMs - fromMs - 1;
        const { costNanoUsd: _none, ...base } = callRecord(`call_${String(index).padStart(3, '0')}`);
        return {
          ...base,
          ...{ teamId: one.team, origin: one.origin, modelId: one.model, providerId: one.model.split('/')[0]! },
          ...{ startedAtMs: fromMs + share, outcome: one.outcome, latencyMs: one.latencyMs, tags: one.tags },
          ...(one.step && { workflowId: 'flow', stepId: one.step }),
          ...(one.cost !== undefined && { costNanoUsd: one.cost }),
          ...(one.quality !== undefined && { decisionId: `dec_${index}` }),
        };
      });
      await insertCallRecords(
        prisma,
        `[${records.map((record) => serialiseRow(toStoredRow(record))).join(',')}]`,
        records.length,
      );
      const at = new Date(now);
      const judged = all.flatMap(({ quality, team }, index) =>
        quality === undefined || team !== teamId ? [] : [{ quality, index }],
      );
      const decision = {
        teamId,
        decidedAt: at,
        requestedName: 'auto',
        source: 'complete',
        request: {},
        plan: {},
        strategy: 'x',
      };
      await prisma.routingDecision.createMany({
        data: judged.map(({ index }) => ({
          ...{ ...decision, id: `dec_${index}`, snapshotVersion: '1', seed: 1n, propensity: 1 },
          ...{ chosenModelId: all[index]!.model, servedModelId: all[index]!.model },
        })),
      });
      await prisma.routingReward.createMany({
        data: judged.map(({ index, quality }) => ({
          ...{
            id: `rwd_${index}`,
            teamId,
            decisionId: `dec_${index}`,
            judge: 'app',
            quality,
            createdAt: at,
            updatedAt: at,
          },
        })),
      });
      const values = new AxisValues(prisma);
      const clock = new FakeClock(Date.parse(now));
      const random = createSeededRandom(seed);
      // Rolled up in full, in part, or not at all.
      const worker = new RollupWorker({
        prisma,
        values,
        clock,
        log: silentLog,
        settings: { afterRecords: 1, afterMs: 0, recordsPerTurn: 17 },
      });
      if (random.next() < 0.7) await worker.rollUp();
      if (random.next() < 0.5)
        for (let isMore = true; isMore; ) isMore = await new WeekFolder({ prisma, clock, log: silentLog }).fold();
      const reader = new DatabaseMetricsReader(prisma, values, clock);
      const services = { prisma, clock, metrics: { reader } } as unknown as Services;

      const own = (fromMs: number, toMs: number) =>
        records.filter(
          (record) =>
            record.teamId === teamId &&
            record.origin === 'live' &&
            record.startedAtMs >= fromMs &&
            record.startedAtMs < toMs,
        );
      const [week, previous] = [weeks[5]!, weeks[4]!];
      const question = { teamId, origin: 'live' as const, timeZone, week, previous, earlier: weeks.slice(1, 5) };
      const report = buildWeeklyReport(await readWeekFacts(services, question));
      expect(report.total).toMatchObject(sumsOf(own(week.fromMs, week.toMs)));
      expect(report.previous).toMatchObject(sumsOf(own(previous.fromMs, previous.toMs)));
      const counts = weeks.slice(1, 5).map(({ fromMs, toMs }) => own(fromMs, toMs).length);
      const busy = counts.filter((count) => count > 0);
      expect(report.meanWeeks).toBe(busy.length);
      if (busy.length > 0) expect(report.mean?.calls).toBeCloseTo(busy.reduce((a, b) => a + b, 0) / busy.length, 9);
      expect(report.days.length).toBe(7);
      expect(report.days.reduce((sum, { calls }) => sum + calls, 0)).toBe(own(week.fromMs, week.toMs).length);
      for (const { model, figures } of report.models)
        expect(figures).toMatchObject(sumsOf(own(week.fromMs, week.toMs).filter(({ modelId }) => modelId === model)));
      for (const { dimension, value, costUsd, previousCostUsd } of report.movers) {
        const of = (calls: readonly CallRecord[]) =>
          sumsOf(
            calls.filter(
              (call) =>
                ({ model: call.modelId, workflow: call.workflowId, step: call.stepId })[dimension as 'model'] === value,
            ),
          );
        expect(costUsd).toBe(of(own(week.fromMs, week.toMs)).costUsd);
        expect(previousCostUsd).toBe(of(own(previous.fromMs, previous.toMs)).costUsd);
      }

      const range = { fromMs: weeks[0]!.fromMs, toMs: week.toMs };
      for (const [filter, matches] of [
        [{}, () => true],
        [{ model: ['openai/a'] }, (call: CallRecord) => call.modelId === 'openai/a'],
        [
          { tag: ['x'], step: ['flow/one'] },
          (call: CallRecord) => call.tags!.includes('x') && call.stepId === 'flow/one',
        ],
      ] as const) {
        const expected = own(range.fromMs, range.toMs).filter(matches);
        const listed: string[] = [];
        const asked = { teamId, origin: 'live' as const, ...range, filter };
        for (let last: { startedAtMs: number; id: string } | undefined, isMore = true; isMore; ) {
          const rows = await listCallRecords({ prisma, reader }, asked, { limit: 7, ...(last && { after: last }) });
          listed.push(...rows.slice(0, 7).map(({ id }) => id));
          isMore = rows.length > 7;
          if (isMore) last = { startedAtMs: rows[6]!.startedAt.getTime(), id: rows[6]!.id };
        }
        const newest = expected.toSorted((a, b) => b.startedAtMs - a.startedAtMs || (a.id < b.id ? 1 : -1));
        expect(listed).toEqual(newest.map(({ id }) => id));
        expect(await countCallRecords(reader, asked)).toBe(expected.length);
        const qualities = await readQuality(prisma, { ...asked, by: ['model'] });
        for (const model of ['openai/a', 'openai/b', 'google/a']) {
          const scores = expected.flatMap((call) => {
            const quality = all[records.indexOf(call)]!.quality;
            return quality !== undefined && call.outcome === 'succeeded' && call.modelId === model ? [quality] : [];
          });
          const found = qualities.get(model) ?? { judged: 0, sum: 0, sumOfSquares: 0 };
          expect(found.judged).toBe(scores.length);
          expect(found.sum).toBeCloseTo(
            scores.reduce((a: number, b) => a + b, 0),
            9,
          );
        }
      }
    }),
    { numRuns: 8 },
  );
}, 180_000);

/** The figures of a report, computed from its records one by one. */
function sumsOf(calls: readonly CallRecord[]) {
  const sums = noFigures();
  for (const call of calls) addCall(sums, call);
  const figures = { ...sums, failed: sums.calls - sums.succeeded - sums.cancelled } as unknown as Parameters<
    typeof successRate
  >[0];
  const succeeded = calls.filter(({ outcome }) => outcome === 'succeeded');
  expect(latencyMeanMs(figures) ?? 0).toBeCloseTo(
    succeeded.reduce((sum, { latencyMs }) => sum + latencyMs, 0) / Math.max(1, succeeded.length),
    6,
  );
  return {
    calls: calls.length,
    succeeded: succeeded.length,
    failed: calls.filter(({ outcome }) => outcome === 'failed').length,
    cancelled: calls.filter(({ outcome }) => outcome === 'cancelled').length,
    successRate: successRate(figures) ?? null,
    costUsd: formatUsd(calls.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0n), 0n)),
    unknownCostCalls: calls.filter(({ costNanoUsd }) => costNanoUsd === undefined).length,
    costPerSuccessUsd: costPerSuccessUsd(figures) ?? null,
    tokensPerSecond: tokensPerSecond(figures) ?? null,
    inputTokens: calls.length * 10,
    outputTokens: calls.length * 5,
  };
}
