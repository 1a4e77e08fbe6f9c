import { silentLog } from '@switchyard/core/kernel';
import { systemClock } from '@switchyard/core/kernel/system';
import type { ProgressFact, RunEvent } from '@switchyard/core/workflows';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { type Database, openDatabase } from '../../persistence/database.ts';
import { RunJournal } from './run-journal.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ kind: 'memory' });
  await database.prisma.team.create({ data: { id: 'team_1', name: 'Team', slug: 'team-1' } });
  const at = new Date(0);
  const texts = { definition: '{}', inputs: '{}', workflowId: 'wfl_1', workflowName: 'test', source: 'api' };
  const row = { teamId: 'team_1', ...texts, state: 'running', stepCount: 1, deadlineAt: at, createdAt: at };
  await database.prisma.run.createMany({ data: ['run_1', 'run_2'].map((id) => ({ id, ...row })) });
});
afterAll(() => database.close());

const delta = (offset: number): ProgressFact => {
  const place = { callId: 'call', stepId: 'a', slot: 0, attempt: 1 };
  return { type: 'output-delta', ...place, text: 'x', offset };
};

/** A database whose answers get lost after (`stored`) or before (`refused`) a transaction has become durable. */
function faulty(faults: ('stored' | 'refused')[]): PrismaClient {
  const transact = async (...parameters: Parameters<PrismaClient['$transaction']>) => {
    const fault = faults.shift();
    if (fault === 'refused') throw new Error('The connection broke.');
    const result = await database.prisma.$transaction(...parameters);
    if (fault === 'stored') throw new Error('The connection broke after the commit.');
    return result;
  };
  return new Proxy(database.prisma, {
    get: (target, key) => (key === '$transaction' ? transact : Reflect.get(target, key)),
  });
}

test('what became durable although the answer was lost is told once and written once', async () => {
  const told: RunEvent[] = [];
  // The look for the lost answer fails at first, too.
  const prisma = faulty(['stored', 'refused', 'refused']);
  const onStored = (_runId: string, events: readonly RunEvent[]) => void told.push(...events);
  const journal = new RunJournal({ prisma, clock: systemClock, log: silentLog, onStored });
  const writes = [
    journal.write({ runId: 'run_1', facts: [delta(0), delta(1)] }),
    journal.write({ runId: 'run_2', facts: [delta(0)] }),
  ];
  const late = journal.write({ runId: 'run_1', facts: [delta(2)] });
  const written = await Promise.all([...writes, late]);
  expect(written.map(({ events }) => events.map(({ seq }) => seq))).toEqual([[1, 2], [1], [3]]);
  const rows = await database.prisma.runEvent.findMany({ orderBy: [{ runId: 'asc' }, { seq: 'asc' }] });
  expect(rows.map(({ runId, seq, fact }) => [runId, seq, JSON.parse(fact).offset])).toEqual([
    ['run_1', 1, 0],
    ['run_1', 2, 1],
    ['run_1', 3, 2],
    ['run_2', 1, 0],
  ]);
  expect(told).toHaveLength(4);
});

test('what did not become durable is written again', async () => {
  const journal = new RunJournal({ prisma: faulty(['refused']), clock: systemClock, log: silentLog });
  const { events } = await journal.write({ runId: 'run_2', facts: [delta(1)] });
  expect(events.map(({ seq }) => seq)).toEqual([2]);
  expect(await database.prisma.runEvent.count({ where: { runId: 'run_2' } })).toBe(2);
});
