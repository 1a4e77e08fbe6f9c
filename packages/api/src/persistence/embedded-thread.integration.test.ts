import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import { beforeAll, expect, test } from 'vitest';
import { type EmbeddedThread, startEmbeddedThread } from './embedded-thread.ts';

let database: EmbeddedThread;

beforeAll(async () => {
  database = await startEmbeddedThread({ kind: 'memory' });
  await database.runScript('CREATE TABLE note (id int PRIMARY KEY, text text, data bytea)');
});

function ask(sql: string, args: unknown[] = [], scalarType: 'int' | 'bytes' = 'int') {
  return { sql, args, argTypes: args.map(() => ({ scalarType, arity: 'scalar' as const })) };
}

test('an error of the database arrives as the one that Prisma maps', async () => {
  const adapter = await database.factory.connect();
  await adapter.executeRaw(ask('INSERT INTO note (id) VALUES ($1)', [1]));
  const second = adapter.executeRaw(ask('INSERT INTO note (id) VALUES ($1)', [1]));
  await expect(second).rejects.toBeInstanceOf(DriverAdapterError);
  await expect(second).rejects.toMatchObject({ cause: { kind: 'UniqueConstraintViolation', originalCode: '23505' } });
});

test('what a transaction wrote is gone when it is rolled back, and a query beside it waits for its end', async () => {
  const adapter = await database.factory.connect();
  const transaction = await adapter.startTransaction();
  await transaction.executeRaw(ask('INSERT INTO note (id) VALUES ($1)', [2]));
  const beside = adapter.queryRaw(ask('SELECT count(*)::int FROM note WHERE id = $1', [2]));
  expect((await transaction.queryRaw(ask('SELECT count(*)::int FROM note WHERE id = $1', [2]))).rows).toEqual([[1]]);
  await transaction.rollback();
  expect((await beside).rows).toEqual([[0]]);
  await expect(transaction.queryRaw(ask('SELECT 1'))).rejects.toThrow('The transaction has ended.');
});

test('bytes cross whole, and nothing of the memory around them', async () => {
  const adapter = await database.factory.connect();
  const view = Buffer.from('secret|public|secret').subarray(7, 13);
  await adapter.executeRaw(ask('INSERT INTO note (id, data) VALUES (3, $1)', [view], 'bytes'));
  const { rows } = await adapter.queryRaw(ask('SELECT data FROM note WHERE id = 3'));
  expect(Buffer.from(rows[0]?.[0] as Uint8Array).toString()).toBe('public');
});

test('the thread of the server goes on while a query runs', async () => {
  const slow = database.rows('SELECT count(*)::int AS n FROM generate_series(1, 400000)', []);
  let turns = 0;
  const counting = setInterval(() => {
    turns += 1;
  }, 1);
  expect(await slow).toEqual([{ n: 400_000 }]);
  clearInterval(counting);
  expect(turns).toBeGreaterThan(3);
});

test('a folder that cannot be opened is told, and the thread ends', async () => {
  await expect(startEmbeddedThread({ kind: 'embedded', dataDir: import.meta.filename })).rejects.toThrow(
    /EEXIST|ENOTDIR/,
  );
});

test('after the end every request is refused', async () => {
  await database.close();
  await expect(database.rows('SELECT 1', [])).rejects.toThrow('The embedded database has been closed.');
});
