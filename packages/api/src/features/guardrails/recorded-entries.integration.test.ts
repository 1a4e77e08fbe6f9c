import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../persistence/database.ts';
import { auditLedger } from './audit-ledger.ts';
import { PostgresBudgetStore } from './postgres-budget-store.ts';

const hourMs = 3_600_000;
const nowMs = Date.now();
const hourStartMs = Math.floor(nowMs / hourMs) * hourMs;
const windowOf = (startMs: number) => `bud_1/live/${startMs}/`;

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ kind: 'memory' });
  const { prisma } = database;
  await prisma.team.create({ data: { id: 'team_1', name: 'Team', slug: 'team-1' } });
  const made = new Date(nowMs - 5 * hourMs);
  await prisma.budget.create({
    data: {
      ...{ id: 'bud_1', teamId: 'team_1', name: 'Hourly', scope: [], unit: 'cost', window: 'hour', timeZone: 'UTC' },
      ...{ limitAmount: 1_000n, mode: 'hard', alertThresholds: [], onBreach: 'fail-fast', whenAllBreach: 'fail' },
      ...{ unpriced: { kind: 'refuse' }, raises: [], createdAt: made },
    },
  });
  await prisma.$executeRaw`UPDATE budget SET "updatedAt" = ${made}`;
});
afterAll(() => database.close());

const record = (id: string, startedAtMs: number) =>
  database.prisma.callRecord.create({
    data: {
      ...{ id, teamId: 'team_1', source: 'complete', attempt: 1, providerId: 'p', modelId: 'p/m', origin: 'LIVE' },
      ...{ outcome: 'succeeded', costNanoUsd: 7n, startedAt: new Date(startedAtMs), latencyMs: 1 },
    },
  });
const audit = () => {
  const query = (sql: string, values: readonly unknown[]) =>
    database.prisma.$queryRawUnsafe<Record<string, unknown>[]>(sql, ...values);
  return auditLedger(query, { nowMs: nowMs + hourMs, settleMs: 0 });
};

test('recovery books a call once, though it was reserved in one window and started in the next; the audit sees the rest', async () => {
  const { prisma } = database;
  const store = new PostgresBudgetStore(prisma);
  await store.register('ldg_1', nowMs);
  const startMs = hourStartMs - hourMs;
  const [windowId, account] = [windowOf(startMs), { budgetId: 'bud_1', teamId: 'team_1', origin: 'live', subject: '' }];
  await store.open({ ...account, origin: 'live', windowId, startMs, endMs: hourStartMs });
  // Reserved at the end of the hour before, started (by its record) in this one.
  await record('call_late', hourStartMs + 1);
  const entry = { entryId: 'call_late', windowId, teamId: 'team_1', callId: 'call_late', amount: 7n };
  const entries = [{ ...entry, isEstimated: false, atMs: hourStartMs - 1 }];
  await store.sync({ instanceId: 'ldg_1', entries, holdings: [], windowIds: [] }, nowMs);
  // Recorded, and not reported when the process was killed.
  await record('call_lost', hourStartMs + 2);
  expect((await audit()).differences).toMatchObject([{ kind: 'record-not-booked', callId: 'call_lost', expected: 7n }]);
  await store.reclaim(0, '');
  const accounts = await prisma.budgetAccount.findMany({ orderBy: { startsAt: 'asc' } });
  expect(accounts.map((row) => [row.windowId, row.spent])).toEqual([
    [windowOf(startMs), 7n],
    [windowOf(hourStartMs), 7n],
  ]);
  expect((await audit()).differences).toEqual([]);
  // What a careless hand does to the books is told.
  await prisma.budgetAccount.update({ where: { windowId }, data: { spent: 8n, leased: 1n } });
  await prisma.callRecord.delete({ where: { id: 'call_lost' } });
  const kinds = (await audit()).differences.map(({ kind }) => kind).sort();
  expect(kinds).toEqual(['account-sum', 'entry-without-record', 'lease-sum']);
});
