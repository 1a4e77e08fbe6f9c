import { metrics } from '../observability/metrics/metric-catalogue.ts';

/** The catalogue as a table of a document. */
export function renderMetricTable(): string {
  const rows = Object.values(metrics).map(({ name, kind, labels, scope, help }) => [
    `\`${name}\``,
    kind,
    labels.map((label) => `\`${label}\``).join(' '),
    scope === 'team' ? 'yes' : '',
    help,
  ]);
  const all = [['name', 'kind', 'labels', 'team', 'what'], ...rows];
  const widths = all[0]?.map((_cell, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(all[0] ?? []), rule, ...rows.map(line)].join('\n');
}
