import type { SliceFigures } from '@switchyard/core/guardrails';
import type { BudgetGauge } from './model-telemetry.ts';

/** What this process holds of budgets, as gauges; windows that are over are left out. */
export function toBudgetGauges(
  slices: readonly SliceFigures[],
  unitOf: (teamId: string, budgetId: string) => string | undefined,
  nowMs: number,
): readonly BudgetGauge[] {
  return slices.flatMap(({ account, budgetId, spent, reserved }) => {
    const unit = unitOf(account.teamId, budgetId);
    if (unit === undefined || (account.endMs !== undefined && account.endMs <= nowMs)) return [];
    const amount = (value: bigint) => (unit === 'cost' ? Number(value) / 1e9 : Number(value));
    const { origin } = account;
    return [{ budget: budgetId, unit, origin, spent: amount(spent), reserved: amount(reserved) }];
  });
}
