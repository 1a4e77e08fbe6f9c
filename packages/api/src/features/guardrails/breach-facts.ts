import { type BudgetUnit, effectiveLimit, type RefusalReason } from '@switchyard/core/guardrails';
import type { Services } from '../../container.ts';
import type { BudgetBreach as BreachRow } from '../../generated/prisma/client.ts';
import { BudgetRepository } from './budget.repository.ts';
import { cheaperEquivalent } from './cheaper-equivalent.ts';
import type { BreachFacts } from './recommend-for-breach.ts';

/** Reads once what the breaches of a team are judged by, two queries; the function it answers judges a breach by it. */
export async function readBreachFacts(
  services: Pick<Services, 'prisma' | 'clock' | 'providers'>,
  teamId: string,
): Promise<(row: BreachRow) => BreachFacts> {
  const { prisma, clock, providers } = services;
  const [budgets, refusals] = await Promise.all([
    new BudgetRepository(prisma).list(teamId),
    prisma.$queryRaw<{ windowId: string; refused: bigint }[]>`
      SELECT "windowId", LEAST(sum(requested::numeric * occurrences), 9e18)::bigint AS refused FROM budget_breach
      WHERE "teamId" = ${teamId} AND type = 'refused' GROUP BY "windowId"`,
  ]);
  const byId = new Map(budgets.map((budget) => [budget.id, budget]));
  const refused = new Map(refusals.map((row) => [row.windowId, row.refused]));
  const nowMs = clock.nowMs();
  return (row) => {
    const budget = byId.get(row.budgetId);
    return {
      kind: row.type as BreachFacts['kind'],
      reason: (row.reason as RefusalReason | null) ?? undefined,
      budgetName: row.budgetName,
      isBudgetThere: budget !== undefined,
      unit: row.unit as BudgetUnit,
      modelId: row.modelId,
      requested: row.requested,
      spent: row.spent,
      reserved: row.reserved,
      limit: row.limitAmount,
      limitNow: budget ? effectiveLimit(budget, nowMs) : row.limitAmount,
      refusedInWindow: refused.get(row.windowId) ?? 0n,
      cheaperModel: cheaperEquivalent(providers, teamId, row.modelId),
    };
  };
}
