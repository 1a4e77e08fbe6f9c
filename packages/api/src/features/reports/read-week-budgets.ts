import type { BudgetUnit } from '@switchyard/core/guardrails';
import type { CallOrigin } from '@switchyard/core/metrics';
import type { ReportBudget, ReportWeek } from '@switchyard/core/reports';
import type { Services } from '../../container.ts';
import { toDecimal } from '../guardrails/decimal-amount.ts';

interface BudgetRow {
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  readonly window: string;
  readonly limitAmount: bigint;
  readonly spent: bigint;
  readonly refused: bigint;
}

const mostBudgets = 50;

/** Budgets of the team with their fullest window that touched the week, the fullest first. Spent as far as it is booked. */
export async function readWeekBudgets(
  { prisma }: Pick<Services, 'prisma'>,
  { teamId, origin, week }: { readonly teamId: string; readonly origin: CallOrigin; readonly week: ReportWeek },
): Promise<readonly ReportBudget[]> {
  const storedOrigin = origin === 'live' ? 'LIVE' : 'SIMULATED';
  const [from, to] = [new Date(week.fromMs), new Date(week.toMs)];
  const rows = await prisma.$queryRaw<BudgetRow[]>`
    SELECT b.id, b.name, b.unit, b."window", b."limitAmount",
      coalesce((SELECT max(a.spent) FROM budget_account a
        WHERE a."teamId" = b."teamId" AND a."budgetId" = b.id AND a.origin = ${storedOrigin}::"DataOrigin"
          AND a."startsAt" < ${to} AND (a."endsAt" IS NULL OR a."endsAt" > ${from})), 0)::bigint AS spent,
      coalesce((SELECT sum(r.occurrences) FROM budget_breach r
        WHERE r."teamId" = b."teamId" AND r."budgetId" = b.id AND r.origin = ${storedOrigin}::"DataOrigin"
          AND r.type = 'refused' AND r.at >= ${from} AND r.at < ${to}), 0)::bigint AS refused
    FROM budget b WHERE b."teamId" = ${teamId} AND b."isEnabled" AND b."createdAt" < ${to}
    ORDER BY b."createdAt", b.id LIMIT ${mostBudgets}`;
  return rows
    .map((row): ReportBudget => {
      const unit = row.unit as BudgetUnit;
      return {
        ...{ id: row.id, name: row.name, unit, window: row.window },
        limit: toDecimal(unit, row.limitAmount),
        spent: toDecimal(unit, row.spent),
        share: row.limitAmount === 0n ? null : Number(row.spent) / Number(row.limitAmount),
        refused: Number(row.refused),
      };
    })
    .toSorted((a, b) => (b.share ?? 0) - (a.share ?? 0));
}
