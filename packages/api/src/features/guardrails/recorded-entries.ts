import { accountOf, matchBudgets, type SpendEntry, type WindowAccount, windowOf } from '@switchyard/core/guardrails';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import { toBudget } from './budget.mapping.ts';

/** Clocks of processes and database may differ by this much. */
const clockSlackMs = 60_000;

/** What recovery has to book, and the accounts that it goes to. */
export interface RecordedEntries {
  readonly accounts: readonly WindowAccount[];
  readonly entries: readonly SpendEntry[];
}

/**
 * What the call records between two instants (epoch ms) say that budgets should hold. What is booked already is among
 * it: booking by call and account is idempotent. A call from before its budget was made does not count.
 */
export async function readRecordedEntries(
  prisma: PrismaClient,
  fromMs: number,
  toMs: number,
): Promise<RecordedEntries> {
  const rows = await prisma.budget.findMany();
  if (rows.length === 0) return { accounts: [], entries: [] };
  const madeAtMs = new Map(rows.map(({ id, createdAt }) => [id, createdAt.getTime() - clockSlackMs]));
  const budgets = rows.map(toBudget);
  const where = {
    teamId: { in: [...new Set(budgets.map(({ teamId }) => teamId))] },
    startedAt: { gte: new Date(fromMs - clockSlackMs), lte: new Date(toMs) },
    origin: { in: ['LIVE', 'SIMULATED'] },
  } satisfies Prisma.CallRecordWhereInput;
  const records = await prisma.callRecord.findMany({ where });
  const accounts = new Map<string, WindowAccount>();
  const entries = records.flatMap((record) => {
    const { id, teamId, providerId, modelId, costNanoUsd, inputTokens, outputTokens } = record;
    const origin = record.origin === 'LIVE' ? 'live' : 'simulated';
    const attributes = {
      teamId,
      origin,
      providerId,
      modelId,
      memberId: record.userId ?? undefined,
      apiKeyId: record.apiKeyId ?? undefined,
      role: record.role ?? undefined,
      workflowId: record.workflowId ?? undefined,
      runId: record.runId ?? undefined,
      stepId: record.stepId ?? undefined,
      tags: record.tags,
    } as const;
    const atMs = record.startedAt.getTime();
    return matchBudgets(attributes, budgets).flatMap((match): SpendEntry[] => {
      const { budget } = match;
      if (atMs < (madeAtMs.get(budget.id) ?? 0)) return [];
      const account = accountOf(match, origin, windowOf(budget, atMs));
      const { windowId } = account;
      const tokens = BigInt(inputTokens ?? 0) + BigInt(outputTokens ?? 0);
      const flat = budget.unpriced.kind === 'flat-reserve' ? budget.unpriced.amountNanoUsd : 0n;
      const amount = { requests: 1n, tokens, cost: costNanoUsd ?? flat }[budget.unit];
      const isEstimated = budget.unit === 'cost' ? costNanoUsd === null : budget.unit === 'tokens' && tokens === 0n;
      // Nobody knows what it cost: a process that lives may still say so.
      if (isEstimated && amount === 0n) return [];
      accounts.set(windowId, account);
      return [{ entryId: id, windowId, teamId, callId: id, amount, isEstimated, atMs }];
    });
  });
  return { accounts: [...accounts.values()], entries };
}
