import type { WeeklyReport } from './weekly-report.ts';

type Cell = string | number | null;

/**
 * Lines of comma-separated values (RFC 4180) with a heading. A text that a spreadsheet would run as a formula gets an
 * apostrophe before it (OWASP, CSV injection); numbers keep their sign.
 */
export function formatCsv(heading: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [heading, ...rows]
    .map((row) => row.map(formatCell).join(','))
    .join('\r\n')
    .concat('\r\n');
}

function formatCell(value: Cell): string {
  if (value === null) return '';
  const text = String(value);
  const isNumber = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text);
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A weekly report as one table: section, item, figure, value, and the value of the week before. */
export function formatReportCsv(report: WeeklyReport): string {
  const rows: Cell[][] = [];
  for (const [name, value] of Object.entries(report.total)) {
    const before = report.previous[name as keyof typeof report.previous];
    const mean = report.mean?.[name as keyof typeof report.mean] ?? null;
    rows.push(['total', '', name, value, before, mean]);
  }
  for (const { date, calls, failed, costUsd } of report.days) {
    rows.push(['day', date, 'calls', calls, null, null], ['day', date, 'failed', failed, null, null]);
    rows.push(['day', date, 'costUsd', costUsd, null, null]);
  }
  for (const { model, figures, previousCostUsd } of report.models) {
    for (const [name, value] of Object.entries(figures))
      rows.push(['model', model, name, value, name === 'costUsd' ? previousCostUsd : null, null]);
  }
  for (const { dimension, label, costUsd, previousCostUsd } of report.movers)
    rows.push([`mover by ${dimension}`, label, 'costUsd', costUsd, previousCostUsd, null]);
  for (const { provider, startedAt, failedCalls, billUsd } of report.incidents) {
    rows.push(['incident', `${provider} ${startedAt}`, 'failedCalls', failedCalls, null, null]);
    rows.push(['incident', `${provider} ${startedAt}`, 'billUsd', billUsd, null, null]);
  }
  for (const { name, unit, limit, spent, refused } of report.budgets) {
    rows.push(
      ['budget', name, `spent in ${unit}`, spent, null, null],
      ['budget', name, `limit in ${unit}`, limit, null, null],
    );
    rows.push(['budget', name, 'refused', refused, null, null]);
  }
  for (const { label, text, savedUsd } of report.recommendations) {
    rows.push(
      ['recommendation', label, 'savedUsd', savedUsd, null, null],
      ['recommendation', label, 'text', text, null, null],
    );
  }
  return formatCsv(['section', 'item', 'figure', 'value', 'week before', 'mean of four weeks'], rows);
}
