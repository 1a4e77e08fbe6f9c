import { expect } from 'vitest';
import { auditLedger, type BooksAudit } from '../features/guardrails/audit-ledger.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** Budgets count as known to every process from the first call on. */
export async function ageBudgets(prisma: PrismaClient): Promise<void> {
  await prisma.$executeRaw`UPDATE budget SET "createdAt" = "createdAt" - interval '1 minute',
    "updatedAt" = "updatedAt" - interval '1 minute'`;
}

/** The books agree with the call records, however lately the calls have ended. */
export async function expectBooksAgree(prisma: PrismaClient): Promise<BooksAudit> {
  const query = (sql: string, values: readonly unknown[]) =>
    prisma.$queryRawUnsafe<Record<string, unknown>[]>(sql, ...values);
  const audit = await auditLedger(query, { nowMs: Date.now() + 60_000, settleMs: 0 });
  expect(audit.differences).toEqual([]);
  return audit;
}

/** Looks at the accounts again and again until `stop`: on no look may spent and leased pass the limit. Answers the looks. */
export function watchAccounts(prisma: PrismaClient, everyMs = 20): () => Promise<number> {
  let isOver = false;
  let looks = 0;
  const watching = (async () => {
    while (!isOver) {
      const rows = await prisma.$queryRaw<{ spent: bigint; leased: bigint; limitAmount: bigint }[]>`
        SELECT a.spent, a.leased, b."limitAmount" FROM budget_account a JOIN budget b ON b.id = a."budgetId"
        WHERE b.mode = 'hard'`;
      for (const { spent, leased, limitAmount } of rows) expect(spent + leased).toBeLessThanOrEqual(limitAmount);
      if (rows.length > 0) looks += 1;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  })();
  watching.catch(() => {});
  return async () => {
    isOver = true;
    await watching;
    return looks;
  };
}
