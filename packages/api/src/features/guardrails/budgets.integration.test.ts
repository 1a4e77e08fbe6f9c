import { silentLog } from '@switchyard/core/kernel';
import { systemClock, systemIds } from '@switchyard/core/kernel/system';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../persistence/database.ts';
import { BudgetRepository } from './budget.repository.ts';
import { BudgetBook } from './budget-book.ts';
import {
  type BudgetDependencies,
  type BudgetSettings,
  createBudget,
  deleteBudget,
  endRaise,
  findBudget,
  raiseBudget,
  updateBudget,
} from './save-budget.ts';
import { startLedger } from './start-ledger.ts';

let database: Database;
let dependencies: BudgetDependencies;
let book: BudgetBook;
beforeAll(async () => {
  database = await openDatabase({ kind: 'memory' });
  const { prisma } = database;
  for (const id of ['team_a', 'team_b']) await prisma.team.create({ data: { id, name: id, slug: id } });
  dependencies = { budgets: new BudgetRepository(prisma), ids: systemIds };
  book = new BudgetBook(prisma);
});
afterAll(() => database.close());

const settings: BudgetSettings = {
  name: 'Per member and day',
  scope: [{ kind: 'member', each: true }],
  unit: 'cost',
  window: 'day',
  timeZone: 'Europe/Berlin',
  limit: 1_000_000n,
  mode: 'hard',
  alertThresholds: [0.8],
  onBreach: 'skip-to-next',
  whenAllBreach: 'ask',
  unpriced: { kind: 'flat-reserve', amountNanoUsd: 5n },
  isEnabled: true,
};

const request = (reservationId: string, costNanoUsd: bigint) => ({
  reservationId,
  callId: reservationId,
  attributes: {
    teamId: 'team_a',
    origin: 'live',
    memberId: 'user_1',
    providerId: 'openai',
    modelId: 'openai/gpt-5',
  } as const,
  upperBound: { costNanoUsd, tokens: 1n },
});

describe('budgets', () => {
  test('are stored and read back whole, for their team only', async () => {
    const { budget } = await createBudget('team_a', settings, undefined, {}, dependencies);
    const raise = { amount: 7n, fromMs: 1, untilMs: 2, reason: 'launch', raisedById: undefined, raisedAtMs: 1 };
    const { budget: raised } = await raiseBudget(budget, raise, dependencies);
    expect(await dependencies.budgets.find('team_a', budget.id)).toEqual(raised);
    expect(raised).toEqual({ ...budget, raises: [{ ...raise, id: expect.any(String) }], version: 2 });
    await book.reload();
    expect(book.read('team_a')).toEqual([raised]);
    expect(await dependencies.budgets.find('team_b', budget.id)).toBeUndefined();
    expect(book.read('team_b')).toEqual([]);
    await expect(findBudget('team_b', budget.id, dependencies)).rejects.toThrow('no such budget');
    await expect(deleteBudget({ ...budget, teamId: 'team_b' }, dependencies)).rejects.toThrow('no such budget');
    await deleteBudget(raised, dependencies);
    await book.reload();
    expect(book.read('team_a')).toEqual([]);
  });

  test('refuse nonsense by field, all of it at once, and a change of what they count', async () => {
    const create = (changes: Partial<BudgetSettings>) =>
      createBudget('team_a', { ...settings, ...changes }, undefined, {}, dependencies);
    await expect(create({ limit: -1n, timeZone: 'Moon' })).rejects.toMatchObject({
      code: 'INPUT.INVALID',
      issues: [{ path: ['input', 'limit'] }, { path: ['input', 'timeZone'] }],
    });
    const { budget, warnings } = await create({ limit: 0n, unpriced: { kind: 'refuse' } });
    expect(warnings).toHaveLength(1);
    await expect(updateBudget(budget, { window: 'hour' }, {}, dependencies)).rejects.toMatchObject({
      path: ['input', 'window'],
    });
    await deleteBudget(budget, dependencies);
  });

  test('two changes at once: the second is told', async () => {
    const { budget } = await createBudget('team_a', settings, undefined, {}, dependencies);
    const results = await Promise.allSettled(
      [1n, 2n].map((limit) => updateBudget(budget, { limit }, {}, dependencies)),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await deleteBudget(budget, dependencies);
  });

  test('of the configuration file can be raised, and neither changed nor deleted', async () => {
    const { budget } = await createBudget('team_a', settings, undefined, {}, dependencies);
    await database.prisma.budget.update({ where: { id: budget.id }, data: { source: 'file', fileKey: 'daily' } });
    const fromFile = await findBudget('team_a', budget.id, dependencies);
    const readOnly = { code: 'BUDGETS.READ_ONLY' };
    await expect(updateBudget(fromFile, { limit: 1n }, {}, dependencies)).rejects.toMatchObject(readOnly);
    await expect(deleteBudget(fromFile, dependencies)).rejects.toMatchObject(readOnly);
    const raise = { amount: 7n, fromMs: 1, untilMs: 9, reason: 'launch', raisedById: undefined, raisedAtMs: 1 };
    const raised = await raiseBudget(fromFile, raise, dependencies);
    expect(raised.budget).toMatchObject({ source: 'file', fileKey: 'daily', raises: [{ amount: 7n }] });
    const { budget: ended } = await endRaise(raised.budget, raised.raise.id, 5, dependencies);
    expect(ended.raises).toEqual([{ ...raised.raise, untilMs: 5 }]);
    await database.prisma.budget.delete({ where: { id: budget.id } });
  });

  test('hold for the ledger of a process, whose successor finds everything booked and nothing held', async () => {
    const { budget } = await createBudget('team_a', settings, undefined, {}, dependencies);
    const running = { clock: systemClock, ids: systemIds, log: silentLog };
    const first = await startLedger(database, running);
    expect((await first.ledger.reserve(request('call_1', 600_000n))).isGranted).toBe(true);
    expect(await first.ledger.reserve(request('call_2', 600_000n))).toMatchObject({
      refusal: { reason: 'budget-exceeded', budgetId: budget.id, reserved: 600_000n, onBreach: 'skip-to-next' },
    });
    first.ledger.settle('call_1', { costNanoUsd: 450_000n, tokens: 1n });
    expect(await first.ledger.flush()).toBe(true);
    const killed = await startLedger(database, running);
    expect((await killed.ledger.reserve(request('call_3', 500_000n))).isGranted).toBe(true);
    await first.stop();
    // killed is not stopped: it stands for a process that died with a reservation.
    const next = await startLedger(database, running);
    const [account] = await dependencies.budgets.readAccounts('team_a', systemClock.nowMs());
    expect(account).toMatchObject({
      budgetId: budget.id,
      subject: 'user_1',
      spent: 450_000n,
      leased: 0n,
      reserved: 0n,
    });
    expect((await next.ledger.reserve(request('call_4', 550_000n))).isGranted).toBe(true);
    const [after] = await dependencies.budgets.readAccounts('team_a', systemClock.nowMs());
    expect(after).toMatchObject({ spent: 450_000n, leased: 550_000n, reserved: 550_000n });
    await next.stop();
    await killed.stop();
  });
});
