import { describeLedgerContract, FakeClock } from '@switchyard/core/testing';
import { afterAll, inject } from 'vitest';
import { type Database, openDatabase } from '../../persistence/database.ts';
import { createTestDatabase } from '../../testing/test-database.ts';
import { toBudgetColumns } from './budget.mapping.ts';
import { PostgresBudgetStore } from './postgres-budget-store.ts';

let shared: Promise<Database> | undefined;
let drop = async () => {};
const serverUrl = inject('testDatabaseUrl');

async function open(): Promise<Database> {
  if (serverUrl === '') return openDatabase({ kind: 'memory' });
  const server = await createTestDatabase(serverUrl);
  drop = server.drop;
  return openDatabase({ kind: 'server', url: server.url });
}

afterAll(async () => {
  await (await shared)?.close();
  await drop();
});

describeLedgerContract(
  serverUrl === '' ? 'the embedded database' : 'a Postgres server',
  async () => {
    shared ??= open();
    const { prisma } = await shared;
    await prisma.$executeRaw`TRUNCATE budget, budget_account, budget_instance, budget_lease, budget_entry, call_record`;
    const clock = new FakeClock();
    return {
      store: new PostgresBudgetStore(prisma, () => 1_000_000_000 + clock.monotonicMs()),
      clock,
      async putBudget(budget) {
        const { teamId, id } = budget;
        await prisma.team.upsert({
          where: { id: teamId },
          create: { id: teamId, name: teamId, slug: teamId },
          update: {},
        });
        const dated = { reason: '', raisedById: undefined, raisedAtMs: 0 };
        const raises = budget.raises.map((raise, index) => ({ ...raise, ...dated, id: `${index}` }));
        const columns = toBudgetColumns({ ...budget, raises, source: 'dashboard', fileKey: undefined });
        await prisma.budget.upsert({
          where: { id },
          create: { id, teamId, createdAt: new Date(clock.nowMs()), ...columns },
          update: columns,
        });
      },
      async record({ callId, attributes: { teamId, providerId, modelId, origin } }, costNanoUsd, { atMs }) {
        await prisma.callRecord.create({
          data: {
            id: callId,
            teamId,
            source: 'complete',
            attempt: 1,
            providerId,
            modelId,
            origin: origin === 'live' ? 'LIVE' : 'SIMULATED',
            outcome: 'succeeded',
            costNanoUsd,
            startedAt: new Date(atMs),
            latencyMs: 1,
          },
        });
      },
      async readAccounts(budgetId) {
        const rows = await prisma.budgetAccount.findMany({ where: { budgetId } });
        return rows.map(({ startsAt, spent, leased }) => ({ startMs: startsAt.getTime(), spent, leased }));
      },
      close: async () => {},
    };
  },
  { modelRuns: 15 },
);
