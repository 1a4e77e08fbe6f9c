import type { ComparisonFieldsFragment } from '../../gql/comparisons.ts';
import type { LaneRecord } from './comparison-record.ts';

export type ExportFormat = 'json' | 'csv' | 'markdown';
type Comparison = Pick<
  ComparisonFieldsFragment,
  | 'id'
  | 'title'
  | 'prompt'
  | 'systemPrompt'
  | 'parameters'
  | 'createdAt'
  | 'bestLaneId'
  | 'notes'
  | 'origin'
  | 'totalCostUsd'
>;

interface Row {
  lane: LaneRecord;
  rating: number | null;
}

function withoutTypenames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTypenames);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (key === '__typename' ? [] : [[key, withoutTypenames(inner)]])),
  );
}

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

function columnsOf({ lane, rating }: Row, bestLaneId: string | null) {
  return {
    position: lane.position,
    model: lane.modelId,
    origin: lane.origin,
    state: lane.state,
    attempt: lane.attempt,
    servedModel: lane.servedModel,
    providerRequestId: lane.providerRequestId,
    finishReason: lane.finishReason,
    timeToFirstTokenMs: lane.timeToFirstTokenMs,
    latencyMs: lane.latencyMs,
    tokensPerSecond: lane.tokensPerSecond,
    inputTokens: lane.usage?.inputTokens ?? null,
    cachedInputTokens: lane.usage?.cachedInputTokens ?? null,
    outputTokens: lane.usage?.outputTokens ?? null,
    reasoningTokens: lane.usage?.reasoningTokens ?? null,
    costUsd: lane.costUsd,
    costUnknownReason: lane.costUnknownReason,
    isCostEstimated: lane.isCostEstimated,
    retries: lane.retries,
    rating,
    isBest: lane.id === bestLaneId,
    failure: lane.failure ? `${lane.failure.kind}: ${lane.failure.message}` : null,
    output: lane.output,
  };
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  let text = String(value);
  // A cell that begins like a formula is disarmed for spreadsheets.
  if (typeof value === 'string' && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function toCsv(comparison: Comparison, rows: Row[]): string {
  const table = rows.map((row) => columnsOf(row, comparison.bestLaneId));
  const heads = Object.keys(table[0] ?? {});
  return [heads.join(','), ...table.map((row) => Object.values(row).map(csvCell).join(','))]
    .join('\r\n')
    .concat('\r\n');
}

function toJson(comparison: Comparison, rows: Row[]): string {
  const { id, title, prompt, systemPrompt, parameters, createdAt, notes, origin, totalCostUsd } = comparison;
  const lanes = rows.map((row) => {
    const { lane } = row;
    const more = {
      reasoning: lane.reasoning,
      toolCalls: lane.toolCalls,
      warnings: lane.warnings,
      startedAt: iso(lane.startedAtMs),
      firstTokenAt: iso(lane.firstTokenAtMs),
      finishedAt: iso(lane.finishedAtMs),
    };
    return { ...columnsOf(row, comparison.bestLaneId), ...more, failure: lane.failure };
  });
  return `${JSON.stringify(withoutTypenames({ id, title, prompt, systemPrompt, parameters, createdAt, origin, totalCostUsd, notes, lanes }), null, 2)}\n`;
}

function toMarkdown(comparison: Comparison, rows: Row[]): string {
  const cell = (value: unknown) => (value === null || value === undefined ? '–' : String(value).replaceAll('|', '\\|'));
  const table = rows.map((row) => {
    const { lane } = row;
    return `| ${[`${lane.modelId}${lane.id === comparison.bestLaneId ? ' (best)' : ''}`, lane.state.toLowerCase(), lane.timeToFirstTokenMs, lane.latencyMs, lane.usage?.outputTokens, lane.costUsd ?? 'unknown', row.rating].map(cell).join(' | ')} |`;
  });
  const fence = (text: string) => '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  const quoted = (text: string) => `${fence(text)}text\n${text}\n${fence(text)}`;
  return [
    `# ${comparison.title}`,
    `${comparison.createdAt}${comparison.origin === 'LIVE' ? '' : `, ${comparison.origin.toLowerCase()} providers`}`,
    ...(comparison.systemPrompt ? ['## System prompt', quoted(comparison.systemPrompt)] : []),
    '## Prompt',
    quoted(comparison.prompt),
    '## Lanes',
    [
      '| model | state | first token ms | total ms | tokens out | cost USD | rating |',
      '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
      ...table,
    ].join('\n'),
    ...rows.flatMap(({ lane }) => [
      `## ${lane.modelId}`,
      lane.output || '_no text_',
      ...(lane.failure ? [`> ${lane.failure.kind}: ${lane.failure.message}`] : []),
    ]),
    ...(comparison.notes ? ['## Notes', comparison.notes] : []),
  ]
    .join('\n\n')
    .concat('\n');
}

/** The whole comparison as a text of the given format, lanes in their order. */
export function exportComparison(format: ExportFormat, comparison: Comparison, rows: Row[]): string {
  return { json: toJson, csv: toCsv, markdown: toMarkdown }[format](comparison, rows);
}

/** Name for the file, from the title. */
export function exportFileName(format: ExportFormat, title: string): string {
  const slug =
    title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 48) || 'comparison';
  return `${slug}.${format === 'markdown' ? 'md' : format}`;
}
