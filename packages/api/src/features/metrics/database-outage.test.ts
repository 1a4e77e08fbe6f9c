import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@switchyard/core/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../persistence/database.ts';
import { callRecord } from '../../testing/call-record.ts';
import { RecordingLog } from '../../testing/recording-log.ts';
import { CallRecordWriter } from './call-record-writer.ts';
import { RecordSpill } from './record-spill.ts';

let database: Database;
let folder: string;
let clock: FakeClock;
let log: RecordingLog;
let isAway = false;
let statements = 0;

beforeAll(async () => {
  database = await openDatabase({ kind: 'memory' });
});
afterAll(() => database.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-spill-'));
  clock = new FakeClock();
  log = new RecordingLog();
  isAway = false;
  statements = 0;
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await database.prisma.callRecord.deleteMany();
  await database.prisma.callRecordBatch.deleteMany();
});

/** A process with its own writer on the same folder. */
function startWriter(owner: string, maxBytes = 50_000_000): CallRecordWriter {
  const flaky = new Proxy(database.prisma, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (property === '$executeRaw' || property === '$queryRaw') {
        statements += 1;
        if (isAway) return () => Promise.reject(new Error('the database is away'));
      }
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return new CallRecordWriter(flaky, clock, log, new RecordSpill({ folder, maxBytes, owner }, log));
}

const idOf = (index: number) => `call_${String(index).padStart(5, '0')}`;
const storedIds = async () =>
  (await database.prisma.callRecord.findMany({ orderBy: { id: 'asc' }, select: { id: true } })).map(({ id }) => id);
const filesLeft = async () => (await readdir(folder)).length;

test('records wait on disk while the database is away and are all written, once, when it is back', async () => {
  const writer = startWriter('srv_a');
  isAway = true;
  for (let index = 0; index < 700; index += 1) writer.record(callRecord(idOf(index)));
  await clock.advanceAsync(30_000);
  for (let index = 700; index < 1_200; index += 1) writer.record(callRecord(idOf(index)));
  await writer.flush();
  expect(statements).toBeLessThan(50);
  expect(await filesLeft()).toBeGreaterThan(0);
  isAway = false;
  writer.record(
    callRecord(idOf(1_200), { errorMessage: 'NUL \0 and half \ud83d', usage: { inputTokens: 2 ** 53 - 1 } }),
  );
  await writer.flush();
  expect(await storedIds()).toEqual(Array.from({ length: 1_201 }, (_, index) => idOf(index)));
  expect(await database.prisma.callRecord.findUnique({ where: { id: idOf(1_200) } })).toMatchObject({
    errorMessage: 'NUL \ufffd and half \ufffd',
    inputTokens: null,
  });
  expect(await filesLeft()).toBe(0);
  const batches = await database.prisma.callRecordBatch.findMany();
  expect(batches.reduce((sum, { records }) => sum + records, 0)).toBe(1_201);
});

test('a clean stop without a database loses nothing: the next start writes what was left', async () => {
  const first = startWriter('srv_a');
  isAway = true;
  for (let index = 0; index < 30; index += 1) first.record(callRecord(idOf(index)));
  await first.close();
  isAway = false;
  const second = startWriter('srv_b');
  await second.adopt((owner) => owner !== 'srv_a');
  await second.flush();
  expect(await storedIds()).toEqual([]);
  await second.adopt((owner) => owner === 'srv_a');
  await second.flush();
  expect(await storedIds()).toHaveLength(30);
  expect(await filesLeft()).toBe(0);
});

test('after a kill a torn last line is left out with a line in the log, and nothing else', async () => {
  const killed = startWriter('srv_a');
  isAway = true;
  for (let index = 0; index < 20; index += 1) killed.record(callRecord(idOf(index)));
  await killed.flush();
  const [name = ''] = await readdir(folder);
  const text = await readFile(join(folder, name), 'utf8');
  await writeFile(join(folder, name), text.slice(0, -40));
  isAway = false;
  const next = startWriter('srv_b');
  await next.adopt(() => true);
  await next.flush();
  expect(await storedIds()).toEqual(Array.from({ length: 19 }, (_, index) => idOf(index)));
  expect(log.lines.filter(({ message }) => message.includes('damaged'))).toMatchObject([{ fields: { lines: 1 } }]);
});

test('a damaged line in the middle costs that line alone, and a record that was written before is not written twice', async () => {
  const killed = startWriter('srv_a');
  killed.record(callRecord(idOf(0)));
  await killed.flush();
  isAway = true;
  killed.record(callRecord(idOf(0)));
  killed.record(callRecord(idOf(1)));
  await killed.flush();
  const [name = ''] = await readdir(folder);
  await appendFile(join(folder, name), '00000000 {"id":"call_evil"}\nnonsense\n');
  isAway = false;
  killed.record(callRecord(idOf(2)));
  await killed.flush();
  expect(await storedIds()).toEqual([idOf(0), idOf(1), idOf(2)]);
  const rows = await database.prisma.callRecord.groupBy({ by: ['arrivalBatch'], _count: true });
  expect(rows.every(({ arrivalBatch }) => arrivalBatch !== null)).toBe(true);
});

test('the disk is not filled: beyond the limit the oldest are given up, and the log says how many', async () => {
  const writer = startWriter('srv_a', 200_000);
  isAway = true;
  for (let index = 0; index < 1_000; index += 1) {
    writer.record(callRecord(idOf(index)));
    if (index % 50 === 49) await writer.flush();
  }
  const dropped = log.lines
    .filter(({ message }) => message.includes('given up'))
    .reduce((sum, { fields }) => sum + Number(fields.dropped), 0);
  expect(dropped).toBeGreaterThan(0);
  isAway = false;
  await writer.flush();
  const ids = await storedIds();
  expect(ids).toEqual(Array.from({ length: 1_000 - dropped }, (_, index) => idOf(index + dropped)));
});

test('a record that the database refuses for good holds up no others', async () => {
  const writer = startWriter('srv_a');
  for (let index = 0; index < 20; index += 1)
    writer.record(callRecord(idOf(index), index === 7 ? { latencyMs: 1e12 } : {}));
  await writer.flush();
  expect(await storedIds()).toHaveLength(19);
  expect(log.lines.some(({ message }) => message.includes('refuses'))).toBe(true);
});

test('when the disk takes nothing either, records stay in memory', async () => {
  const writer = startWriter('srv_a');
  await rm(folder, { recursive: true });
  await writeFile(folder, 'a file in the place of the folder');
  isAway = true;
  for (let index = 0; index < 10; index += 1) writer.record(callRecord(idOf(index)));
  await writer.flush();
  isAway = false;
  await writer.flush();
  expect(await storedIds()).toHaveLength(10);
});
