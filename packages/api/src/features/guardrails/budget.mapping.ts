import type { Budget, BudgetCondition, BudgetRaise, UnpricedPolicy } from '@switchyard/core/guardrails';
import type { Budget as BudgetRow, Prisma } from '../../generated/prisma/client.ts';

/** Amounts have no JSON form of their own: they are kept as text. */
interface StoredRaise {
  readonly amount: string;
  readonly fromMs: number;
  readonly untilMs: number;
}
type StoredUnpriced = { readonly kind: 'refuse' } | { readonly kind: 'flat-reserve'; readonly amountNanoUsd: string };

/** A row as the domain's budget. The columns are written by {@link toBudgetColumns} alone and trusted. */
export function toBudget(row: BudgetRow): Budget {
  const raises = row.raises as unknown as readonly StoredRaise[];
  const unpriced = row.unpriced as unknown as StoredUnpriced;
  return {
    id: row.id,
    teamId: row.teamId,
    name: row.name,
    scope: row.scope as unknown as readonly BudgetCondition[],
    unit: row.unit as Budget['unit'],
    window: row.window as Budget['window'],
    timeZone: row.timeZone,
    limit: row.limitAmount,
    mode: row.mode as Budget['mode'],
    alertThresholds: row.alertThresholds as unknown as readonly number[],
    onBreach: row.onBreach as Budget['onBreach'],
    whenAllBreach: row.whenAllBreach as Budget['whenAllBreach'],
    unpriced: toUnpriced(unpriced),
    raises: raises.map((raise): BudgetRaise => ({ ...raise, amount: BigInt(raise.amount) })),
    isEnabled: row.isEnabled,
    version: row.version,
  };
}

function toUnpriced(stored: StoredUnpriced): UnpricedPolicy {
  return stored.kind === 'refuse' ? stored : { ...stored, amountNanoUsd: BigInt(stored.amountNanoUsd) };
}

/** What is stored of a budget, without its key. */
export function toBudgetColumns(budget: Budget) {
  const { unpriced, raises } = budget;
  return {
    name: budget.name,
    scope: budget.scope as unknown as Prisma.InputJsonValue,
    unit: budget.unit,
    window: budget.window,
    timeZone: budget.timeZone,
    limitAmount: budget.limit,
    mode: budget.mode,
    alertThresholds: [...budget.alertThresholds],
    onBreach: budget.onBreach,
    whenAllBreach: budget.whenAllBreach,
    unpriced: unpriced.kind === 'refuse' ? unpriced : { ...unpriced, amountNanoUsd: `${unpriced.amountNanoUsd}` },
    raises: raises.map(({ amount, fromMs, untilMs }) => ({ amount: `${amount}`, fromMs, untilMs })),
    isEnabled: budget.isEnabled,
    version: budget.version,
  };
}
