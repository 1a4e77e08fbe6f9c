import { toBudget } from './budget.mapping.ts';
import { type BookedRecord, entriesOfRecord } from './recorded-entries.ts';

/** Runs one statement: `$1` and on stand for `values`. Amounts come back as text or bigint. */
export type RunQuery = (sql: string, values: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;

/** One account with the sums of what stands behind it; all amounts in the budget's unit. */
export interface AuditedAccount {
  readonly windowId: string;
  readonly spent: bigint;
  /** The sum of its entries. */
  readonly booked: bigint;
  /** Whether entries may have been forgotten, because the account is old. */
  readonly isPruned: boolean;
  readonly leased: bigint;
  /** The sum of what processes hold. */
  readonly lent: bigint;
}

/** One entry beside the call record that it stands for. */
export interface AuditedEntry {
  readonly windowId: string;
  readonly callId: string;
  readonly amount: bigint;
  readonly hasRecord: boolean;
  /** What the record says, in the budget's unit; undefined where it does not know. */
  readonly recorded: bigint | undefined;
}

/** A call record that a budget should hold and does not. */
export interface UnbookedCall {
  readonly windowId: string;
  readonly callId: string;
  readonly amount: bigint;
}

export interface BooksDifference {
  readonly kind: 'account-sum' | 'lease-sum' | 'entry-without-record' | 'entry-amount' | 'record-not-booked';
  readonly windowId: string;
  readonly callId?: string;
  readonly expected: bigint;
  readonly found: bigint;
}

/**
 * Compares the books with the call records: every account is the sum of its entries, every entry is what its call record
 * says, every record that counts has its entry, and what is lent out is the sum of what processes hold. So that spent is
 * the sum of the call records, and leased the live reservations with what processes have set aside. Pure.
 */
export function compareBooks(
  accounts: readonly AuditedAccount[],
  entries: readonly AuditedEntry[],
  unbooked: readonly UnbookedCall[],
): readonly BooksDifference[] {
  const differences: BooksDifference[] = [];
  for (const { windowId, spent, booked, isPruned, leased, lent } of accounts) {
    if (isPruned ? spent < booked : spent !== booked)
      differences.push({ kind: 'account-sum', windowId, expected: booked, found: spent });
    if (leased !== lent) differences.push({ kind: 'lease-sum', windowId, expected: lent, found: leased });
  }
  for (const { windowId, callId, amount, hasRecord, recorded } of entries) {
    if (!hasRecord) differences.push({ kind: 'entry-without-record', windowId, callId, expected: 0n, found: amount });
    else if (recorded !== undefined && recorded !== amount)
      differences.push({ kind: 'entry-amount', windowId, callId, expected: recorded, found: amount });
  }
  for (const { windowId, callId, amount } of unbooked)
    differences.push({ kind: 'record-not-booked', windowId, callId, expected: amount, found: 0n });
  return differences;
}

/** What an audit looked at. */
export interface BooksAudit {
  readonly accounts: number;
  readonly entries: number;
  readonly records: number;
  readonly differences: readonly BooksDifference[];
}

export interface AuditOptions {
  /** Epoch ms by the process's clock. */
  readonly nowMs: number;
  /** How far back single calls are compared; accounts are compared whatever their age. Default: a day. */
  readonly lookBackMs?: number;
  /** Calls that ended so lately may still be on their way into the books. Default: ten seconds. */
  readonly settleMs?: number;
}

/** Entries are forgotten after 35 days. */
const prunedAfterMs = 34 * 86_400_000;
const dayMs = 86_400_000;
/** Other processes learn of a new or changed budget within two seconds. */
const learnBudgetMs = 5_000;
/** An audit looks at so many calls at most, the latest. */
const mostCalls = 50_000;

/** Reads books and call records through `query` and compares them. Changes nothing. Rejects when the database does. */
export async function auditLedger(query: RunQuery, options: AuditOptions): Promise<BooksAudit> {
  const { nowMs, lookBackMs = dayMs, settleMs = 10_000 } = options;
  const [from, to] = [new Date(nowMs - lookBackMs), new Date(nowMs - settleMs)];
  // One statement sees one moment: an account and what stands behind it change together.
  const accountRows = await query(
    `SELECT a."windowId", a.spent::text, a.leased::text,
       (SELECT COALESCE(sum(e.amount), 0)::text FROM budget_entry e WHERE e."windowId" = a."windowId") AS booked,
       (SELECT COALESCE(sum(l.amount), 0)::text FROM budget_lease l WHERE l."windowId" = a."windowId") AS lent,
       GREATEST(a."startsAt", COALESCE(b."createdAt", a."startsAt")) < $1::timestamp AS "isPruned"
     FROM budget_account a LEFT JOIN budget b ON b.id = a."budgetId"`,
    [new Date(nowMs - prunedAfterMs).toISOString()],
  );
  const entryRows = await query(
    `SELECT e."windowId", e."callId", e.amount::text, c.id IS NOT NULL AS "hasRecord",
       (CASE b.unit WHEN 'requests' THEN 1 WHEN 'cost' THEN c."costNanoUsd"
          ELSE c."inputTokens"::bigint + c."outputTokens"::bigint END)::text AS recorded
     FROM budget_entry e
       JOIN budget_account a ON a."windowId" = e."windowId"
       JOIN budget b ON b.id = a."budgetId"
       LEFT JOIN call_record c ON c.id = e."callId"
     WHERE e."bookedAt" >= $1::timestamp AND e."bookedAt" <= $2::timestamp
     ORDER BY e."bookedAt" DESC LIMIT ${mostCalls}`,
    [from.toISOString(), to.toISOString()],
  );
  const { records, unbooked } = await readUnbooked(query, from, to);
  const accounts = accountRows.map((row) => ({
    windowId: String(row.windowId),
    spent: toBigInt(row.spent),
    booked: toBigInt(row.booked),
    isPruned: row.isPruned === true,
    leased: toBigInt(row.leased),
    lent: toBigInt(row.lent),
  }));
  const entries = entryRows.map((row) => ({
    windowId: String(row.windowId),
    callId: String(row.callId),
    amount: toBigInt(row.amount),
    hasRecord: row.hasRecord === true,
    recorded: row.recorded === null ? undefined : toBigInt(row.recorded),
  }));
  return {
    accounts: accounts.length,
    entries: entries.length,
    records,
    differences: compareBooks(accounts, entries, unbooked),
  };
}

/** Records that no entry stands for, of calls that began after their budget had its present form. */
async function readUnbooked(query: RunQuery, from: Date, to: Date) {
  const budgetRows = await query(
    `SELECT *, (extract(epoch FROM "updatedAt") * 1000)::float8 AS "updatedAtMs" FROM budget WHERE "isEnabled"`,
    [],
  );
  const budgets = budgetRows.map((row) =>
    toBudget({ ...row, limitAmount: toBigInt(row.limitAmount) } as Parameters<typeof toBudget>[0]),
  );
  const changedAtMs = new Map(budgetRows.map((row) => [row.id, Number(row.updatedAtMs)]));
  const rows = await query(
    `SELECT c.id, c."teamId", c.origin::text, c."providerId", c."modelId", c."userId", c."apiKeyId", c.role,
       c."workflowId", c."runId", c."stepId", c.tags, (extract(epoch FROM c."startedAt") * 1000)::float8 AS "startedAtMs",
       c."costNanoUsd"::text, c."inputTokens", c."outputTokens",
       (SELECT COALESCE(array_agg(a."budgetId"), '{}') FROM budget_entry e
          JOIN budget_account a ON a."windowId" = e."windowId" WHERE e."callId" = c.id AND e."teamId" = c."teamId") AS booked
     FROM call_record c
     WHERE c."startedAt" >= $1::timestamp AND c."startedAt" + c."latencyMs" * interval '1 ms' <= $2::timestamp
       AND c."teamId" IN (SELECT "teamId" FROM budget WHERE "isEnabled")
     ORDER BY c."startedAt" DESC LIMIT ${mostCalls}`,
    [from.toISOString(), to.toISOString()],
  );
  const unbooked = rows.flatMap((row): UnbookedCall[] => {
    const startedAtMs = Number(row.startedAtMs);
    const costNanoUsd = row.costNanoUsd === null ? null : toBigInt(row.costNanoUsd);
    const record = { ...row, startedAt: new Date(startedAtMs), costNanoUsd } as unknown as BookedRecord;
    return entriesOfRecord(record, budgets).flatMap(({ entry, budget }) => {
      if (startedAtMs < (changedAtMs.get(budget.id) ?? 0) + learnBudgetMs) return [];
      if ((row.booked as readonly string[]).includes(budget.id)) return [];
      return [{ windowId: entry.windowId, callId: entry.callId, amount: entry.amount }];
    });
  });
  return { records: rows.length, unbooked };
}

/** Text, number or bigint, as drivers give it. */
function toBigInt(value: unknown): bigint {
  return BigInt(value as string | number | bigint);
}
