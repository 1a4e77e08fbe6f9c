import { silentLog } from '@switchyard/core/kernel';
import { FakeClock } from '@switchyard/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { type Database, openDatabase } from '../../persistence/database.ts';
import { callRecord } from '../../testing/call-record.ts';
import { AxisValues } from './axis-values.ts';
import { insertCallRecords, serialiseRow, toStoredRow } from './call-record-rows.ts';
import { RollupWorker } from './rollup-worker.ts';
import { WeekFolder } from './week-folder.ts';

const dayMs = 86_400_000;
const mondayMs = Date.UTC(2026, 2, 23);

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ kind: 'memory' });
});
afterAll(() => database.close());

async function record(id: string, startedAtMs: number): Promise<void> {
  await insertCallRecords(database.prisma, `[${serialiseRow(toStoredRow(callRecord(id, { startedAtMs })))}]`, 1);
  const { prisma } = database;
  const settings = { afterRecords: 1, afterMs: 0, recordsPerTurn: 100 };
  await prisma.$executeRaw`UPDATE metric_state SET "claimedUntilMs" = 0`;
  const clock = new FakeClock();
  await new RollupWorker({ prisma, values: new AxisValues(prisma), clock, log: silentLog, settings }).rollUp();
}

/** Adds weeks up ten days after the Monday; `meanwhile` happens before the week is written down as done. */
function startFolder(meanwhile: () => Promise<void> = async () => {}): WeekFolder {
  const prisma = new Proxy(database.prisma, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (typeof value !== 'function') return value;
      if (property !== '$executeRaw') return value.bind(target);
      return async (...statement: unknown[]) => {
        await meanwhile();
        return value.apply(target, statement);
      };
    },
  }) as PrismaClient;
  return new WeekFolder({ prisma, clock: new FakeClock(mondayMs + 10 * dayMs), log: silentLog });
}

const weekCalls = async () =>
  (await database.prisma.metricRollup.findMany({ where: { grain: 3, mask: 0 } })).map(({ calls }) => calls);
const doneUntilMs = async () =>
  Number((await database.prisma.metricState.findFirstOrThrow({ where: { id: 1 } })).weeksUntilMs);

test('a record that arrives while its week is added up is in the week, and so is one that comes when it is done', async () => {
  await record('call_1', mondayMs + dayMs);
  const late = startFolder(() => record('call_2', mondayMs + 2 * dayMs));
  expect(await late.fold()).toBe(false);
  expect(await doneUntilMs()).toBe(0);
  expect(await startFolder().fold()).toBe(true);
  expect([await weekCalls(), await doneUntilMs()]).toEqual([[2], mondayMs + 7 * dayMs]);
  await record('call_3', mondayMs + 3 * dayMs);
  expect(await weekCalls()).toEqual([3]);
  // The running week is not over: its days stand for it.
  await record('call_4', mondayMs + 8 * dayMs);
  expect(await startFolder().fold()).toBe(false);
  expect(await weekCalls()).toEqual([3]);
});

test('what is rolled up while a week changes the rollups is rolled up at once, not when its claim ends', async () => {
  const { prisma } = database;
  await insertCallRecords(prisma, `[${serialiseRow(toStoredRow(callRecord('call_5', { startedAtMs: mondayMs })))}]`, 1);
  let looks = 0;
  const batches = new Proxy(prisma.callRecordBatch, {
    get: (target, property) => {
      if (property !== 'findMany') return Reflect.get(target, property);
      return async (...asked: Parameters<typeof target.findMany>) => {
        looks += 1;
        // The second look comes after the claim.
        if (looks === 2) await prisma.metricState.updateMany({ data: { version: { increment: 1 } } });
        return target.findMany(...asked);
      };
    },
  });
  const changing = new Proxy(prisma, {
    get: (target, property) => {
      if (property === 'callRecordBatch') return batches;
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  }) as PrismaClient;
  await prisma.$executeRaw`UPDATE metric_state SET "claimedUntilMs" = 0`;
  const settings = { afterRecords: 1, afterMs: 0, recordsPerTurn: 100 };
  const parts = { prisma: changing, values: new AxisValues(prisma), clock: new FakeClock(), log: silentLog, settings };
  expect(await new RollupWorker(parts).rollUp()).toBe(1);
});
