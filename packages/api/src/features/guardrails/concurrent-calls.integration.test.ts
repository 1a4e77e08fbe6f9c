import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '@switchyard/simulator';
import { afterAll, describe, expect, inject, test } from 'vitest';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { type Database, openDatabase } from '../../persistence/database.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { ageBudgets, expectBooksAgree, watchAccounts } from '../../testing/money-audit.ts';
import { createTestDatabase } from '../../testing/test-database.ts';
import { startTestServer } from '../../testing/test-server.ts';
import { testKey } from '../../testing/test-settings.ts';

const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

const calls = 500;
const allowed = 100;
const maxOutputTokens = 20;
/** GPT-4o: 2.5 and 10 USD per million tokens; a call of the test is below this. */
const mostPerCall = 400_000n;

interface Entrance {
  readonly url: string;
  readonly graphUrl: string;
  readonly key: string;
}

const createBudget = /* GraphQL */ `mutation ($input: CreateBudgetInput!) {
  createBudget(input: $input) { __typename ... on CreateBudgetSuccess { budget { id } } ... on UserError { message } }
}`;
const complete = /* GraphQL */ `mutation ($input: CompleteInput!) {
  complete(input: $input) {
    __typename
    ... on CompleteSuccess { costUsd }
    ... on BudgetExceeded { budgetName spent reserved limit requested reason }
    ... on UserError { code message }
  }
}`;

/** A budget of 100 calls, and one in money beside it that holds about so many. */
async function limitCalls(server: Entrance): Promise<void> {
  const usd = `${Number(mostPerCall * BigInt(allowed)) / 1e9}`;
  for (const input of [
    { name: 'A hundred calls', unit: 'REQUESTS', window: 'LIFETIME', limit: `${allowed}`, onBreach: 'FAIL_FAST' },
    { name: 'Some money', unit: 'COST', window: 'LIFETIME', limit: usd, onBreach: 'FAIL_FAST' },
  ])
    expect((await ask(server, createBudget, { input })).createBudget.__typename).toBe('CreateBudgetSuccess');
}

/** One call through one of the two entrances: whether it was answered, and otherwise the typed refusal. */
async function callOnce(server: Entrance, index: number): Promise<LooseJson> {
  const model = 'openai/gpt-4o';
  if (index % 2 === 0) {
    const input = { model, prompt: 'Hi', parameters: { maxOutputTokens } };
    return (await ask(server, complete, { input })).complete;
  }
  const response = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }], max_tokens: maxOutputTokens }),
  });
  const { error } = (await response.json()) as LooseJson;
  if (response.ok) return { __typename: 'CompleteSuccess' };
  expect([response.status, error.code]).toEqual([429, 'budget_exceeded']);
  return { __typename: 'BudgetExceeded', message: error.message };
}

async function judge(answers: readonly LooseJson[], prisma: PrismaClient): Promise<void> {
  const succeeded = answers.filter(({ __typename }) => __typename === 'CompleteSuccess').length;
  const refused = answers.filter(({ __typename }) => __typename === 'BudgetExceeded');
  // Whoever was not answered was told why.
  expect(answers.length - succeeded - refused.length).toBe(0);
  expect(succeeded).toBeLessThanOrEqual(allowed);
  expect(succeeded).toBeGreaterThanOrEqual(allowed - 5);
  const [first] = refused.filter(({ budgetName }) => budgetName !== undefined);
  expect(first).toMatchObject({ reason: 'BUDGET_EXCEEDED', requested: expect.any(String) });
  const { entries } = await expectBooksAgree(prisma);
  expect(entries).toBe(2 * succeeded);
  const accounts = await prisma.budgetAccount.findMany();
  for (const { spent, budgetId } of accounts) {
    const { limitAmount, unit } = await prisma.budget.findUniqueOrThrow({ where: { id: budgetId } });
    expect(spent).toBeLessThanOrEqual(limitAmount);
    if (unit === 'requests') expect(spent).toBe(BigInt(succeeded));
  }
}

test('500 calls at once on a budget for 100, in one process: the limit holds at every instant', async () => {
  const server = await startTestServer();
  ends.push(() => server.stop());
  await limitCalls(server);
  const { prisma, budgets, callRecords } = server.services;
  await ageBudgets(prisma);
  const stop = watchAccounts(prisma);
  let fullest = 0n;
  const watchProcess = setInterval(() => {
    for (const { account, spent, reserved } of budgets.ledger.slices()) {
      const budget = budgets.book.read(account.teamId).find(({ id }) => id === account.budgetId);
      expect(spent + reserved).toBeLessThanOrEqual(budget?.limit ?? 0n);
      if (reserved > fullest) fullest = reserved;
    }
  }, 2);
  const answers = await Promise.all(Array.from({ length: calls }, (_, index) => callOnce(server, index)));
  clearInterval(watchProcess);
  await callRecords.flush();
  await budgets.ledger.flush();
  expect(await stop()).toBeGreaterThan(5);
  expect(fullest).toBeGreaterThan(0n);
  await judge(answers, prisma);
  expect(budgets.ledger.slices().every(({ reserved }) => reserved === 0n)).toBe(true);
}, 120_000);

describe('three processes', () => {
  const serverUrl = inject('testDatabaseUrl');
  if (serverUrl === '') console.info('Left out: three processes on one Postgres, because no server is given.');

  async function startChild(simulator: Simulator, databaseUrl: string): Promise<Entrance> {
    const dataDir = await mkdtemp(join(tmpdir(), 'switchyard-three-'));
    const environment = { DATABASE_URL: databaseUrl, SWITCHYARD_SECRET: 'three-processes-share-this-secret-0' };
    const args = [dataDir, JSON.stringify(simulator.baseUrls), JSON.stringify(environment)];
    const child: ChildProcess = fork(join(import.meta.dirname, '../../testing/child-server.ts'), args, {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    ends.push(async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.kill('SIGKILL')) await ended;
      await rm(dataDir, { recursive: true, force: true });
    });
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    const url = await new Promise<string>((resolve, reject) => {
      child.on('message', (message: { url?: string }) => message.url && resolve(message.url));
      child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${said}`)));
    });
    return { url, graphUrl: `${url}/graphql`, key: testKey };
  }

  test.runIf(serverUrl !== '')(
    'on one Postgres: 500 calls at once on a budget for 100, and the limit holds at every instant',
    async () => {
      const simulator = await startSimulator({ speed: Number.POSITIVE_INFINITY });
      ends.push(() => simulator.stop());
      const { url, drop } = await createTestDatabase(serverUrl);
      ends.push(drop);
      const database: Database = await openDatabase({ kind: 'server', url });
      ends.push(() => database.close());
      const { prisma } = database;
      const first = await startChild(simulator, url);
      await limitCalls(first);
      await ageBudgets(prisma);
      const others = await Promise.all([1, 2].map(() => startChild(simulator, url)));
      const servers = [first, ...others];
      const stop = watchAccounts(prisma);
      const answers = await Promise.all(
        Array.from({ length: calls }, (_, index) => callOnce(servers[index % 3] as Entrance, Math.floor(index / 3))),
      );
      // Every process reports within a second.
      await expect
        .poll(() => prisma.budgetEntry.count(), { timeout: 10_000 })
        .toBe(2 * answers.filter(({ __typename }) => __typename === 'CompleteSuccess').length);
      expect(await stop()).toBeGreaterThan(5);
      await judge(answers, prisma);
    },
    120_000,
  );
});
