import type { ComparisonFieldsFragment } from '../../gql/comparisons.ts';
import type { ComparisonRecord, LaneRecord } from './comparison-record.ts';
import { type ExportFormat, exportComparison, exportFileName } from './export-comparison.ts';

const types: Record<ExportFormat, string> = { json: 'application/json', csv: 'text/csv', markdown: 'text/markdown' };

/** Hands the comparison to the browser as a file. */
export function downloadExport(
  format: ExportFormat,
  comparison: ComparisonFieldsFragment,
  record: ComparisonRecord,
  ratings: ReadonlyMap<string, number | null>,
): void {
  const rows = record.laneIds.map((id) => ({ lane: record.lanes[id] as LaneRecord, rating: ratings.get(id) ?? null }));
  const text = exportComparison(format, { ...comparison, totalCostUsd: record.totalCostUsd }, rows);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: `${types[format]};charset=utf-8` }));
  link.download = exportFileName(format, comparison.title);
  link.click();
  URL.revokeObjectURL(link.href);
}
