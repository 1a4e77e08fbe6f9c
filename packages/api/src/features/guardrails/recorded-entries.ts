import { accountOf, matchBudgets, type SpendEntry, windowOf } from '@switchyard/core/guardrails';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import { toBudget } from './budget.mapping.ts';

/** Clocks of processes and database may differ by this much. */
const clockSlackMs = 60_000;

/**
 * What call records say that the budgets of a dead process should hold: one entry for each call and account it was
 * lent. Only records since the process began are read, of teams whose budgets it held. Records name team, member, key,
 * provider and model; a budget by role, workflow, step, run or tag cannot be told from them and is left out, so for
 * these what a killed process had not yet reported stays unbooked.
 */
export async function readRecordedEntries(
  prisma: PrismaClient,
  instanceId: string,
  startedAtMs: number,
): Promise<readonly SpendEntry[]> {
  const held = await prisma.$queryRaw<{ windowId: string; budgetId: string; teamId: string }[]>`
    SELECT a."windowId", a."budgetId", a."teamId" FROM budget_lease l
    JOIN budget_account a ON a."windowId" = l."windowId" WHERE l."instanceId" = ${instanceId}`;
  if (held.length === 0) return [];
  const windowIds = new Set(held.map(({ windowId }) => windowId));
  const teamIds = [...new Set(held.map(({ teamId }) => teamId))];
  const budgets = (await prisma.budget.findMany({ where: { id: { in: held.map(({ budgetId }) => budgetId) } } })).map(
    toBudget,
  );
  const where = {
    teamId: { in: teamIds },
    startedAt: { gte: new Date(startedAtMs - clockSlackMs) },
    origin: { in: ['LIVE', 'SIMULATED'] },
  } satisfies Prisma.CallRecordWhereInput;
  const records = await prisma.callRecord.findMany({ where });
  return records.flatMap((record) => {
    const { id, teamId, providerId, modelId, costNanoUsd, inputTokens, outputTokens } = record;
    const origin = record.origin === 'LIVE' ? 'live' : 'simulated';
    const attributes = {
      teamId,
      origin,
      providerId,
      modelId,
      memberId: record.userId ?? undefined,
      apiKeyId: record.apiKeyId ?? undefined,
    } as const;
    const atMs = record.startedAt.getTime();
    return matchBudgets(attributes, budgets).flatMap((match): SpendEntry[] => {
      const { budget } = match;
      const { windowId } = accountOf(match, origin, windowOf(budget, atMs));
      if (!windowIds.has(windowId)) return [];
      const tokens = BigInt(inputTokens ?? 0) + BigInt(outputTokens ?? 0);
      const flat = budget.unpriced.kind === 'flat-reserve' ? budget.unpriced.amountNanoUsd : 0n;
      const amount = { requests: 1n, tokens, cost: costNanoUsd ?? flat }[budget.unit];
      const isEstimated = budget.unit === 'cost' ? costNanoUsd === null : budget.unit === 'tokens' && tokens === 0n;
      return [{ entryId: id, windowId, teamId, callId: id, amount, isEstimated, atMs }];
    });
  });
}
