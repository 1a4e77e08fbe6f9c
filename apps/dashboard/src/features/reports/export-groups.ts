import { download, toCsv } from './export-table.ts';
import type { ExploreReport } from './report-figures.ts';

/** Hands the groups of a report, and their total, to the browser as a file. */
export function exportGroups(format: 'csv' | 'json', report: ExploreReport): void {
  const name = `switchyard-report-${report.from.slice(0, 10)}-to-${report.to.slice(0, 10)}`;
  if (format === 'json') {
    download(`${name}.json`, 'application/json', `${JSON.stringify(report, withoutTypes, 2)}\n`);
    return;
  }
  const dimensions = report.groups[0]?.values.map(({ dimension }) => dimension.toLowerCase()) ?? [];
  const heading = [
    ...dimensions,
    ...[
      'calls',
      'succeeded',
      'failed',
      'cancelled',
      'successRate',
      'latencyP50Ms',
      'latencyP95Ms',
      'timeToFirstTokenP50Ms',
    ],
    ...[
      'tokensPerSecond',
      'inputTokens',
      'outputTokens',
      'costUsd',
      'costPerSuccessUsd',
      'unknownCostCalls',
      'quality',
    ],
    ...['judgedCalls', 'previousCalls', 'previousCostUsd'],
  ];
  type Row = Pick<ExploreReport['groups'][number], 'figures' | 'quality' | 'previous'>;
  const cells = ({ figures, quality, previous }: Row) => [
    ...[figures.calls, figures.succeeded, figures.failed, figures.cancelled, figures.successRate],
    ...[figures.latency?.p50Ms ?? null, figures.latency?.p95Ms ?? null, figures.timeToFirstToken?.p50Ms ?? null],
    ...[figures.tokensPerSecond, figures.inputTokens, figures.outputTokens, figures.costUsd, figures.costPerSuccessUsd],
    ...[figures.unknownCostCalls, quality?.mean ?? null, quality?.judgedCalls ?? 0],
    ...[previous?.calls ?? null, previous?.costUsd ?? null],
  ];
  const total = { figures: report.total, quality: report.quality, previous: report.previousTotal };
  download(
    `${name}.csv`,
    'text/csv',
    toCsv(heading, [
      ...report.groups.map((group) => [...group.values.map(({ label }) => label), ...cells(group)]),
      [...dimensions.map((_, index) => (index === 0 ? 'all calls' : '')), ...cells(total)],
    ]),
  );
}

export const withoutTypes = (name: string, value: unknown): unknown => (name === '__typename' ? undefined : value);
