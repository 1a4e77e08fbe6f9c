import type {
  AccountFigures,
  BudgetStore,
  LeaseAnswer,
  LeaseRequest,
  SyncAnswer,
  SyncRequest,
  WindowAccount,
} from '@switchyard/core/guardrails';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import { heartbeatSql, leaseSql, nowSql, refusalSql, reportSql, takeBackSql } from './budget-sql.ts';
import { readRecordedEntries } from './recorded-entries.ts';

interface FiguresRow extends AccountFigures {
  readonly windowId: string | null;
  readonly isAlive: boolean;
  readonly isWanted: boolean | null;
}

interface RefusalRow extends AccountFigures {
  readonly version: number | null;
  readonly isAlive: boolean;
  readonly lentUnused: bigint;
}

/** How long a call may run, and how long a process may have worked on without the database. */
const longestCallMs = 3_600_000;
const longestOutageMs = 3_600_000;
const entriesPerStatement = 1_000;
const maxLeaseAttempts = 5;

/** Rows of entries are kept for this long: for as long as a report may come twice and records are compared. */
const keepMinutesMs = 2 * 86_400_000;
const keepEntriesMs = 35 * 86_400_000;

/** Accounts in Postgres, for any number of processes. Who is dead is decided by the database's clock. */
export class PostgresBudgetStore implements BudgetStore {
  readonly #prisma: PrismaClient;
  readonly #readNowMs: (() => number) | undefined;
  readonly #beforeReport: (() => Promise<unknown>) | undefined;

  /**
   * `beforeReport`: stores the call records of what is about to be booked. With the records first, recovery finds after
   * a crash whatever the books lack, and the books never hold a call that no record shows. `readNowMs` stands in for
   * the database's clock; for tests only.
   */
  constructor(prisma: PrismaClient, readNowMs?: () => number, beforeReport?: () => Promise<unknown>) {
    this.#prisma = prisma;
    this.#readNowMs = readNowMs;
    this.#beforeReport = beforeReport;
  }

  get #now(): Prisma.Sql {
    return nowSql(this.#readNowMs?.());
  }

  async register(instanceId: string, nowMs: number): Promise<{ readonly latestMs: number }> {
    const ms = BigInt(Math.round(nowMs));
    await this.#prisma.$executeRaw`
      INSERT INTO budget_instance (id, "startedAtMs", "reportedAtMs", "aliveAtMs")
      VALUES (${instanceId}, ${ms}, ${ms}, ${this.#now}) ON CONFLICT DO NOTHING`;
    const [latest] = await this.#prisma.$queryRaw<{ ms: bigint }[]>`
      SELECT GREATEST(
        (SELECT max("reportedAtMs") FROM budget_instance),
        (SELECT (extract(epoch FROM max("reservedAt")) * 1000)::bigint FROM budget_entry
          WHERE "bookedAt" > now() - interval '2 days')
      ) AS ms`;
    return { latestMs: Number(latest?.ms ?? ms) };
  }

  async open(account: WindowAccount): Promise<AccountFigures> {
    const { windowId, budgetId, teamId, subject, startMs, endMs } = account;
    const origin = account.origin === 'live' ? 'LIVE' : 'SIMULATED';
    const [startsAt, endsAt] = [new Date(startMs), endMs === undefined ? null : new Date(endMs)];
    await this.#prisma.$executeRaw`
      INSERT INTO budget_account ("windowId", "budgetId", "teamId", origin, subject, "startsAt", "endsAt")
      VALUES (${windowId}, ${budgetId}, ${teamId}, ${origin}::"DataOrigin", ${subject}, ${startsAt}, ${endsAt})
      ON CONFLICT DO NOTHING`;
    const [row] = await this.#prisma.$queryRaw<AccountFigures[]>`
      SELECT spent, leased FROM budget_account WHERE "windowId" = ${windowId}`;
    if (!row) throw new Error('The account of a budget vanished while it was opened.');
    return row;
  }

  async lease(request: LeaseRequest): Promise<LeaseAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      // More than the limit is never free, and need not fit into 64 bits.
      if (request.minimum <= request.limit) {
        const [granted] = await this.#prisma.$queryRaw<(AccountFigures & { amount: bigint })[]>(
          leaseSql(request, this.#now),
        );
        if (granted) return { type: 'granted', ...granted };
      }
      const [row] = await this.#prisma.$queryRaw<RefusalRow[]>(refusalSql(request));
      if (!row || row.version !== request.budgetVersion) return { type: 'stale' };
      if (!row.isAlive) return { type: 'fenced' };
      const { spent, leased, lentUnused } = row;
      // Something was given back between the two questions: that it is not free any more must not be told.
      const isFree = request.limit - spent - leased >= request.minimum;
      if (isFree && attempt < maxLeaseAttempts) continue;
      if (lentUnused > 0n) {
        await this.#prisma.$executeRaw`
          UPDATE budget_account SET "wantedAtMs" = ${this.#now} WHERE "windowId" = ${request.account.windowId}`;
      }
      return { type: 'refused', lentUnused: isFree && lentUnused === 0n ? 1n : lentUnused, spent, leased };
    }
  }

  async sync(request: SyncRequest, nowMs: number): Promise<SyncAnswer> {
    const { instanceId, entries, holdings, windowIds } = request;
    if (entries.length > 0) await this.#beforeReport?.();
    if (entries.length > 0 || holdings.length > 0)
      await this.#prisma.$executeRaw(reportSql(instanceId, entries, holdings));
    const rows = await this.#prisma.$queryRaw<FiguresRow[]>(heartbeatSql(instanceId, windowIds, nowMs, this.#now));
    const accounts = new Map(
      rows.flatMap(({ windowId, spent, leased, isWanted }) =>
        windowId === null ? [] : [[windowId, { spent, leased, isWanted: isWanted ?? false }] as const],
      ),
    );
    return { isFenced: !rows[0]?.isAlive, accounts };
  }

  async reclaim(deadAfterMs: number, except: string): Promise<number> {
    const deadline = BigInt(Math.round(deadAfterMs));
    // Marked first: from then on the process gets nothing more and learns that it is dead when it reports again.
    await this.#prisma.$executeRaw`
      UPDATE budget_instance SET "isDead" = true
      WHERE id <> ${except} AND NOT "isDead" AND "aliveAtMs" <= ${this.#now} - ${deadline}`;
    const dead = await this.#prisma.$queryRaw<{ id: string; reportedAtMs: bigint }[]>`
      SELECT id, "reportedAtMs" FROM budget_instance WHERE "isDead"`;
    for (const { id, reportedAtMs } of dead) {
      const lastSeenMs = Number(reportedAtMs);
      // What it had not reported began before it was last heard, or while the database was away for it.
      await this.#bookRecorded(id, lastSeenMs - longestCallMs, lastSeenMs + longestOutageMs);
      await this.#prisma.$executeRaw(takeBackSql(id));
      await this.#prisma.$executeRaw`
        DELETE FROM budget_instance i WHERE id = ${id}
          AND NOT EXISTS (SELECT 1 FROM budget_lease l WHERE l."instanceId" = i.id)`;
    }
    return dead.length;
  }

  /** Books what call records prove and nobody has reported. */
  async #bookRecorded(instanceId: string, fromMs: number, toMs: number): Promise<void> {
    for await (const recorded of readRecordedEntries(this.#prisma, fromMs, toMs)) {
      for (const account of recorded.accounts) await this.open(account);
      for (let from = 0; from < recorded.entries.length; from += entriesPerStatement) {
        const entries = recorded.entries.slice(from, from + entriesPerStatement);
        await this.#prisma.$executeRaw(reportSql(instanceId, entries, []));
      }
    }
  }

  /** Forgets entries that are too old to come again, and the accounts of minutes that are long over. */
  async pruneEntries(): Promise<void> {
    await this.#prisma.$executeRaw`
      DELETE FROM budget_account a WHERE a."endsAt" - a."startsAt" <= interval '1 minute'
        AND a."endsAt" < now() - make_interval(secs => ${keepMinutesMs / 1_000}::float8)
        AND NOT EXISTS (SELECT 1 FROM budget_lease l WHERE l."windowId" = a."windowId")`;
    await this.#prisma.$executeRaw`
      DELETE FROM budget_entry WHERE "bookedAt" < now() - make_interval(secs => ${keepEntriesMs / 1_000}::float8)`;
  }
}
