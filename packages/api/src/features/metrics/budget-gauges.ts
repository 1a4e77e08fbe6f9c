import { Gauge, Registry } from 'prom-client';
import type { LiveWindow } from '../guardrails/live-windows.ts';

/**
 * What the running windows of one team's budgets hold, as Prometheus text; the windows of a budget with several are
 * added up. Money in USD.
 */
export function formatBudgetGauges(windows: Iterable<LiveWindow>): Promise<string> {
  const registry = new Registry();
  const labelNames = ['budget', 'unit', 'origin'] as const;
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames, registers: [registry] });
  const spent = gauge('model_budget_spent', 'Spent in the running window of a budget, in its unit.');
  const reserved = gauge('model_budget_reserved', 'Reserved for calls that run, in the unit of the budget.');
  const sums = new Map<string, { window: LiveWindow; spent: bigint; reserved: bigint }>();
  for (const window of windows) {
    const key = `${window.budgetId}/${window.origin}`;
    const sum = sums.get(key) ?? { window, spent: 0n, reserved: 0n };
    sums.set(key, { window, spent: sum.spent + window.spent, reserved: sum.reserved + window.reserved });
  }
  for (const { window, ...sum } of sums.values()) {
    const { budgetId, unit, origin } = window;
    const amount = (value: bigint) => (unit === 'cost' ? Number(value) / 1e9 : Number(value));
    spent.set({ budget: budgetId, unit, origin }, amount(sum.spent));
    reserved.set({ budget: budgetId, unit, origin }, amount(sum.reserved));
  }
  return registry.metrics();
}
