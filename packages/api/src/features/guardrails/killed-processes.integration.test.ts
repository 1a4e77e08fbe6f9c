import { type ChildProcess, fork } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createSeededRandom, silentLog } from '@switchyard/core/kernel';
import { systemClock, systemIds } from '@switchyard/core/kernel/system';
import { startSimulator } from '@switchyard/simulator';
import { afterAll, describe, expect, inject, test } from 'vitest';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { openDatabase } from '../../persistence/database.ts';
import { ask } from '../../testing/graph-client.ts';
import { ageBudgets, expectBooksAgree } from '../../testing/money-audit.ts';
import { createTestDatabase } from '../../testing/test-database.ts';
import { testKey } from '../../testing/test-settings.ts';
import { PostgresBudgetStore } from './postgres-budget-store.ts';
import { startLedger } from './start-ledger.ts';

const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

const seed = Number(process.env.SWITCHYARD_TEST_SEED ?? Date.now() % 1_000_000);
const execArgv = ['--disable-warning=ExperimentalWarning'];
const serverUrl = inject('testDatabaseUrl');

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-killed-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** The books after recovery: what the records sum up to, nothing lent, and the whole rest can be used. */
async function expectRecovered(prisma: PrismaClient): Promise<void> {
  const audit = await expectBooksAgree(prisma);
  expect(audit.records).toBeGreaterThan(0);
  expect(await prisma.budgetLease.count()).toBe(0);
  const accounts = await prisma.budgetAccount.findMany();
  expect(accounts.length).toBeGreaterThan(0);
  expect(accounts.every(({ leased }) => leased === 0n)).toBe(true);
  const { _sum: recorded, _count: count } = await prisma.callRecord.aggregate({
    _sum: { costNanoUsd: true, inputTokens: true, outputTokens: true },
    _count: true,
  });
  const budgets = await prisma.budget.findMany();
  for (const { id, unit, limitAmount } of budgets) {
    const spent = accounts.filter(({ budgetId }) => budgetId === id).reduce((sum, account) => sum + account.spent, 0n);
    const tokens = BigInt((recorded.inputTokens ?? 0) + (recorded.outputTokens ?? 0));
    expect(spent).toBe(unit === 'cost' ? recorded.costNanoUsd : unit === 'tokens' ? tokens : BigInt(count));
    expect(spent).toBeLessThanOrEqual(limitAmount);
  }
}

describe.runIf(serverUrl !== '')('kill -9 of processes that share a Postgres server', () => {
  test(`at more than 100 random points between reservation and settlement: the books are the sum of the call records (seed ${seed})`, async () => {
    const random = createSeededRandom(seed);
    const { url, drop } = await createTestDatabase(serverUrl);
    ends.push(drop);
    const database = await openDatabase({ kind: 'server', url });
    ends.push(() => database.close());
    const { prisma } = database;
    await prisma.team.create({ data: { id: 'team_1', name: 'Team', slug: 'team-1' } });
    const common = { teamId: 'team_1', timeZone: 'UTC', mode: 'hard', onBreach: 'skip-to-next', whenAllBreach: 'fail' };
    const json = { alertThresholds: [], unpriced: { kind: 'refuse' }, raises: [] };
    for (const { scope = [], ...row } of [
      { id: 'bud_cost', unit: 'cost', window: 'month', limitAmount: 2_000_000_000n },
      {
        id: 'bud_tags',
        unit: 'tokens',
        window: 'lifetime',
        limitAmount: 1_000_000n,
        scope: [{ kind: 'tag', each: true }],
      },
      { id: 'bud_calls', unit: 'requests', window: 'day', limitAmount: 100_000n },
    ])
      await prisma.budget.create({ data: { ...common, ...json, ...row, name: row.id, scope } });
    await ageBudgets(prisma);
    const dataDir = await makeFolder();
    let cut = 0;
    let kills = 0;
    const runOne = async (number: number) => {
      const path = join(import.meta.dirname, '../../testing/ledger-child.ts');
      const child = fork(path, [url, dataDir, `${seed + number}`], {
        execArgv,
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      let said = '';
      child.stderr?.on('data', (chunk) => {
        said += chunk;
      });
      let running = 0;
      await new Promise<void>((resolve, reject) => {
        child.on('message', (message) => {
          if (message === 'ready') resolve();
          else running += Number(message);
        });
        child.once('exit', (code) => reject(new Error(`The process ended with ${code}: ${said}`)));
      });
      await delay(150 + random.next() * 700);
      await kill(child);
      cut += running;
      kills += 1;
    };
    for (let round = 0; round < 4; round += 1) await Promise.all([0, 1, 2].map((number) => runOne(round * 3 + number)));
    expect(kills).toBe(12);
    expect(cut).toBeGreaterThanOrEqual(100);
    console.info(`Killed 12 processes with ${cut} calls between reservation and settlement (seed ${seed}).`);
    // Until they count as dead, what they held stays held.
    expect(await prisma.budgetLease.count()).toBeGreaterThan(0);
    await new PostgresBudgetStore(prisma).reclaim(0, '');
    await expectRecovered(prisma);
    expect(await prisma.budgetInstance.count()).toBe(0);
  }, 120_000);
});

describe.runIf(serverUrl === '')('kill -9 of a server on the embedded database', () => {
  test('again and again in the middle of calls: opened anew, the books are the sum of the call records', async () => {
    const random = createSeededRandom(seed);
    const simulator = await startSimulator({ speed: 100 });
    ends.push(() => simulator.stop());
    const dataDir = await makeFolder();
    await cp(inject('dataDirTemplate'), dataDir, { recursive: true });
    for (let round = 0; round < 3; round += 1) {
      const path = join(import.meta.dirname, '../../testing/child-server.ts');
      const child = fork(path, [dataDir, JSON.stringify(simulator.baseUrls)], {
        execArgv,
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      const url = await new Promise<string>((resolve, reject) => {
        child.on('message', (message: { url?: string }) => message.url && resolve(message.url));
        child.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
      });
      const server = { graphUrl: `${url}/graphql`, key: testKey };
      if (round === 0) {
        const input = { name: 'Money', unit: 'COST', window: 'LIFETIME', limit: '5' };
        const made = await ask(
          server,
          'mutation($input: CreateBudgetInput!) { createBudget(input: $input) { __typename } }',
          { input },
        );
        expect(made.createBudget.__typename).toBe('CreateBudgetSuccess');
      }
      const input = { model: 'openai/gpt-4o', prompt: 'Hi', parameters: { maxOutputTokens: 600 } };
      const document = 'mutation($input: CompleteInput!) { complete(input: $input) { __typename } }';
      let answered = 0;
      const callOn = async () => {
        for (;;) {
          await ask(server, document, { input });
          answered += 1;
        }
      };
      const ended = Promise.allSettled(Array.from({ length: 8 }, callOn));
      // In the middle of calls, with some behind it: some of them written, some not.
      await expect.poll(() => answered, { timeout: 30_000, interval: 20 }).toBeGreaterThan(10);
      await delay(random.next() * 400);
      await kill(child);
      await ended;
    }
    const database = await openDatabase({ kind: 'embedded', dataDir: dataDir });
    ends.push(() => database.close());
    const running = await startLedger(database, { clock: systemClock, ids: systemIds, log: silentLog });
    await running.stop();
    await expectRecovered(database.prisma);
  }, 120_000);
});
