import { expect, test } from 'vitest';
import { formatFamilies } from '../../observability/metrics/format-families.ts';
import type { LiveWindow } from '../guardrails/live-windows.ts';
import { budgetFamilies } from './budget-gauges.ts';

const window: LiveWindow = {
  ...{ windowId: 'w1', budgetId: 'bud_1', unit: 'cost' as const, origin: 'live' as const, subject: 'a' },
  ...{ spent: 1_500_000_000n, reserved: 250_000_000n, limit: 9n, free: 0n, startMs: 0, endMs: undefined },
};

test('scrapers see what each budget has spent and reserved, all its windows together, live and simulated apart', () => {
  const families = budgetFamilies([
    window,
    { ...window, windowId: 'w2', subject: 'b', spent: 1n, reserved: 0n },
    { ...window, windowId: 'w3', origin: 'simulated', spent: 7n },
    { ...window, windowId: 'w4', budgetId: 'bud_2', unit: 'tokens', spent: 120n },
  ]);
  const text = formatFamilies(families);
  for (const line of [
    'model_budget_spent{budget="bud_1",unit="cost",origin="live"} 1.500000001',
    'model_budget_limit{budget="bud_1",unit="cost",origin="live"} 1.8e-8',
    'model_budget_reserved{budget="bud_1",unit="cost",origin="live"} 0.25',
    'model_budget_spent{budget="bud_1",unit="cost",origin="simulated"} 7e-9',
    'model_budget_spent{budget="bud_2",unit="tokens",origin="live"} 120',
  ])
    expect(text.split('\n')).toContain(line);
});
