import { formatUsd, parseUsd } from '@switchyard/core/kernel';
import type { WeeklyReport } from '@switchyard/core/reports';
import type { AlertDraft } from '../alerts/raise-alert.ts';

/** What people are told of a report: once per week, and only through channels that name the kind. */
export function describeReport(teamId: string, report: WeeklyReport, atMs: number): AlertDraft {
  const { total, previous, weekStart, origin } = report;
  const change = formatUsd(parseUsd(total.costUsd) - parseUsd(previous.costUsd));
  const rate = total.successRate === null ? null : Math.round(1_000 * total.successRate) / 1_000;
  const advice = report.recommendations.map(({ text }) => text);
  return {
    ...{ teamId, origin, atMs, kind: 'report.weekly', severity: 'info', status: 'firing' },
    title: `The week from ${weekStart}: ${total.calls.toLocaleString('en-US')} calls for $${dollars(total.costUsd)}`,
    message: [
      `${Number(change) < 0 ? 'Less' : 'More'} by $${dollars(change.replace('-', ''))} than the week before.`,
      rate === null ? '' : `${(100 * rate).toFixed(1)} % of the calls succeeded.`,
      ...advice,
    ]
      .filter((part) => part !== '')
      .join(' '),
    link: `/reports/weekly?week=${weekStart}&data=${origin}`,
    facts: [
      { name: 'weekStart', label: 'Week from', value: weekStart },
      { name: 'timeZone', label: 'Time zone', value: report.timeZone },
      { name: 'calls', label: 'Calls', value: total.calls },
      { name: 'costUsd', label: 'Spend in USD', value: total.costUsd },
      { name: 'previousCostUsd', label: 'The week before in USD', value: previous.costUsd },
      { name: 'successRate', label: 'Share of successes', value: rate },
      { name: 'latencyP95Ms', label: '95 % faster than, in ms', value: total.latencyP95Ms },
      { name: 'incidents', label: 'Incidents', value: report.incidents.length },
      { name: 'recommendations', label: 'Recommendations', value: advice.join(' ') || null },
    ],
    dedupeKey: `report.weekly:${origin}:${weekStart}`,
  };
}

/** Dollars for people: two decimals, more for little. */
function dollars(usd: string): string {
  const amount = Number(usd);
  return amount === 0 || amount >= 1 ? amount.toFixed(2) : String(Number(amount.toPrecision(2)));
}
