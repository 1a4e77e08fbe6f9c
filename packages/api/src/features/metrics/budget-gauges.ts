import { metrics } from '../../observability/metrics/metric-catalogue.ts';
import type { MetricFamily, NumberSample } from '../../observability/metrics/metric-family.ts';
import { gaugeFamily } from '../../observability/metrics/series-store.ts';
import type { LiveWindow } from '../guardrails/live-windows.ts';

/** What the running windows of budgets hold; the windows of a budget with several are added up. Money in USD. */
export function budgetFamilies(windows: Iterable<LiveWindow>): readonly MetricFamily[] {
  const all = [...windows];
  const read = (part: 'spent' | 'reserved' | 'limit'): readonly NumberSample[] =>
    all.map(({ budgetId, unit, origin, [part]: amount }) => ({
      values: [budgetId, unit, origin],
      value: unit === 'cost' ? Number(amount) / 1e9 : Number(amount),
    }));
  return [
    gaugeFamily(metrics.budgetSpent, read('spent')),
    gaugeFamily(metrics.budgetReserved, read('reserved')),
    gaugeFamily(metrics.budgetLimit, read('limit')),
  ];
}
