import { expect, it } from 'vitest';
import { checkBooksAgree } from './check-books-agree.ts';

const server = { databaseUrl: 'postgresql://me:hunter2@db/main' };
const agreeing = { accounts: 2, entries: 5, records: 3, differences: [] };

it('says how much of the books was compared when they agree', async () => {
  expect(await checkBooksAgree(server, async () => agreeing)).toMatchObject([
    { id: 'books', status: 'passed', message: expect.stringContaining('2 accounts, 5 entries and 3 calls') },
  ]);
});

it('tells the first difference and what to do', async () => {
  const difference = { kind: 'entry-amount', windowId: 'bud_1/live/0/', callId: 'call_9', expected: 7n, found: 8n };
  const [check] = await checkBooksAgree(server, async () => ({ ...agreeing, differences: [difference as never] }));
  expect(check).toMatchObject({ status: 'failed', remedy: expect.stringMatching(/report/) });
  expect(check?.message).toContain('1 difference, the first is entry-amount of call call_9');
});

it('asks nothing of the embedded database, and shows no secret when the server fails', async () => {
  expect(await checkBooksAgree({}, () => Promise.reject(new Error('never')))).toEqual([]);
  const failing = () => Promise.reject(new Error('postgresql://me:hunter2@db/main is away'));
  const checks = await checkBooksAgree(server, failing);
  expect(checks).toMatchObject([{ status: 'skipped' }]);
  expect(JSON.stringify(checks)).not.toContain('hunter2');
  expect(await checkBooksAgree(server, async () => undefined)).toMatchObject([{ status: 'skipped' }]);
});
