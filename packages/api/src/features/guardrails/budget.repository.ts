import type { Prisma } from '../../generated/prisma/client.ts';
import { type StoredBudget, toBudget, toBudgetColumns } from './budget.mapping.ts';

/** A budget's window as it stands in the books, in the budget's unit. */
export interface BudgetAccountState {
  readonly windowId: string;
  readonly budgetId: string;
  readonly origin: 'live' | 'simulated';
  readonly subject: string;
  readonly startMs: number;
  readonly endMs: number | undefined;
  readonly spent: bigint;
  /** What calls needed that ran when their processes last reported; a process that was left out is not in it. */
  readonly reserved: bigint;
  /** Set aside by processes, `reserved` included. */
  readonly leased: bigint;
}

/** Budgets in tables. The team comes first everywhere: a row of another team is not there. */
export class BudgetRepository {
  readonly #prisma: Prisma.TransactionClient;

  /** On the database itself or within a transaction. */
  constructor(prisma: Prisma.TransactionClient) {
    this.#prisma = prisma;
  }

  async list(teamId: string): Promise<readonly StoredBudget[]> {
    const rows = await this.#prisma.budget.findMany({
      where: { teamId },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    return rows.map(toBudget);
  }

  async find(teamId: string, id: string): Promise<StoredBudget | undefined> {
    const row = await this.#prisma.budget.findUnique({ where: { id_teamId: { id, teamId } } });
    return row ? toBudget(row) : undefined;
  }

  async create(budget: StoredBudget, createdById: string | undefined): Promise<void> {
    const { id, teamId } = budget;
    await this.#prisma.budget.create({
      data: { id, teamId, createdById: createdById ?? null, ...toBudgetColumns(budget) },
    });
  }

  /** False when somebody else changed the budget since `budget.version` was read; the stored version is one more. */
  async update(budget: StoredBudget): Promise<boolean> {
    const { id, teamId, version } = budget;
    const { count } = await this.#prisma.budget.updateMany({
      where: { id, teamId, version },
      data: { ...toBudgetColumns(budget), version: version + 1 },
    });
    return count === 1;
  }

  /** What was spent stays in the books. False when there is no such budget. */
  async delete(teamId: string, id: string): Promise<boolean> {
    return (await this.#prisma.budget.deleteMany({ where: { teamId, id } })).count === 1;
  }

  /** How many budgets a team has. */
  count(teamId: string): Promise<number> {
    return this.#prisma.budget.count({ where: { teamId } });
  }

  /** Locks these budgets until the transaction ends, so that nobody changes them in between. */
  async lock(teamId: string, ids: readonly string[]): Promise<void> {
    await this.#prisma.$queryRaw`
      SELECT id FROM budget WHERE "teamId" = ${teamId} AND id = ANY(${[...ids]}::text[]) ORDER BY id FOR UPDATE`;
  }

  /**
   * The windows of a team's budgets that contain `atMs` (epoch ms), one query for all: of each budget at most
   * `perBudget`, those in use and then the fullest first. `exceptInstance` is a process whose own reservations are left
   * out of `reserved`.
   */
  async readAccounts(
    teamId: string,
    atMs: number,
    { exceptInstance = '', perBudget = 100 }: { readonly exceptInstance?: string; readonly perBudget?: number } = {},
  ): Promise<readonly BudgetAccountState[]> {
    const at = new Date(atMs);
    const rows = await this.#prisma.$queryRaw<
      {
        windowId: string;
        budgetId: string;
        origin: string;
        subject: string;
        startsAt: Date;
        endsAt: Date | null;
        spent: bigint;
        leased: bigint;
        reserved: bigint;
      }[]
    >`
      SELECT a."windowId", a."budgetId", a.origin::text AS origin, a.subject, a."startsAt", a."endsAt", a.spent, a.leased,
        COALESCE((SELECT sum(l."inUse") FROM budget_lease l WHERE l."windowId" = a."windowId"
          AND l."instanceId" <> ${exceptInstance}), 0)::bigint AS reserved
      FROM (
        SELECT *, row_number() OVER (
          PARTITION BY "budgetId" ORDER BY (leased > 0) DESC, spent + leased DESC, "windowId"
        ) AS place
        FROM budget_account
        WHERE "teamId" = ${teamId} AND "startsAt" <= ${at} AND ("endsAt" IS NULL OR "endsAt" > ${at})
      ) a
      WHERE a.place <= ${perBudget}
      ORDER BY a."budgetId", a.origin, a.subject`;
    return rows.map(({ startsAt, endsAt, origin, ...row }) => ({
      ...row,
      origin: origin === 'LIVE' ? 'live' : 'simulated',
      startMs: startsAt.getTime(),
      endMs: endsAt?.getTime(),
    }));
  }
}
