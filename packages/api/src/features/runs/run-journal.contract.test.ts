import { silentLog } from '@switchyard/core/kernel';
import { systemClock } from '@switchyard/core/kernel/system';
import { describeRunStoreContract } from '@switchyard/core/workflows/testing';
import { afterAll, beforeAll } from 'vitest';
import { type Database, openDatabase } from '../../persistence/database.ts';
import { RunJournal } from './run-journal.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ kind: 'memory' });
  await database.prisma.team.create({ data: { id: 'team_1', name: 'Team', slug: 'team-1' } });
});
afterAll(() => database.close());

let count = 0;

describeRunStoreContract('RunJournal', async () => {
  const { prisma } = database;
  count += 1;
  const runId = `run_${count}`;
  const at = new Date(0);
  const texts = { definition: '{}', inputs: '{}', workflowId: 'wfl_1', workflowName: 'test', source: 'api' };
  await prisma.run.create({
    data: { id: runId, teamId: 'team_1', ...texts, state: 'running', stepCount: 1, deadlineAt: at, createdAt: at },
  });
  return {
    store: new RunJournal({ prisma, clock: systemClock, log: silentLog }),
    runId,
    takeLease: async () => {
      const { leaseToken } = await prisma.run.update({ where: { id: runId }, data: { leaseToken: { increment: 1 } } });
      return { runId, token: leaseToken };
    },
  };
});
