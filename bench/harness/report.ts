import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

/** What a benchmark found: one table, in ratios where times would only describe the machine. */
export interface BenchReport {
  readonly title: string;
  /** What was done, so that a reader can judge the figures. */
  readonly method: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The promises of the design and whether the figures keep them. */
  readonly promises: readonly { readonly text: string; readonly isKept: boolean }[];
}

/** Writes a report as Markdown, with machine, versions and commit. */
export function renderReport(name: string, report: BenchReport): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const processor = cpus()[0]?.model.trim() ?? 'unknown';
  return [
    `# ${report.title}`,
    '',
    report.method,
    '',
    line(report.columns),
    line(report.columns.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...report.rows.map(line),
    '',
    ...report.promises.map(({ text, isKept }) => `- ${isKept ? 'kept' : '**not kept**'}: ${text}`),
    '',
    `\`pnpm bench ${name}\` on ${cpus().length} cores (${processor}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, after commit ${commit}, ${new Date().toISOString().slice(0, 10)}.`,
    '',
  ].join('\n');
}

/** The value below which `share` (0 to 1) of `values` lie; NaN when there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export function formatMs(value: number): string {
  return `${value.toFixed(2)} ms`;
}
