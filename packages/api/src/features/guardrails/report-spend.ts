import type { CallOrigin } from '@switchyard/core/metrics';
import { type SpendStep, spendBoundaries } from './spend-boundaries.ts';
import type { SpendDimension, SpendFigures, SpendReader, SpendRow } from './spend-reader.ts';

export interface SpendReportQuestion {
  readonly teamId: string;
  readonly origin: CallOrigin;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly per: SpendStep;
  readonly timeZone: string;
  readonly groupBy: readonly SpendDimension[];
  /** How many groups to tell of, the dearest first. */
  readonly first: number;
}

/** The figures of one group, or of all calls. */
export interface SpendPart {
  readonly totals: SpendFigures;
  /** In the stretch before, of the same length. */
  readonly previous: SpendFigures;
  /** One for each piece. */
  readonly series: readonly SpendFigures[];
}

export interface SpendGroup extends SpendPart {
  readonly keys: readonly { readonly dimension: SpendDimension; readonly value: string | null }[];
}

export interface SpendReport extends SpendPart {
  readonly question: SpendReportQuestion;
  /** Where the pieces begin, epoch ms. */
  readonly startsMs: readonly number[];
  readonly groups: readonly SpendGroup[];
  /** Groups there are, those that are not told of included. */
  readonly groupCount: number;
}

const nothing: SpendFigures = {
  calls: 0,
  inputTokens: 0,
  outputTokens: 0,
  costNanoUsd: 0n,
  callsWithUnknownCost: 0,
  callsWithEstimatedUsage: 0,
};

/** What a team spent in a stretch of time, in pieces and by groups, beside the stretch of the same length before it. */
export async function reportSpend(question: SpendReportQuestion, reader: SpendReader): Promise<SpendReport> {
  const { teamId, origin, fromMs, untilMs, per, timeZone, groupBy, first } = question;
  const pieces = spendBoundaries(fromMs, untilMs, per, timeZone);
  const beforeMs = fromMs - (untilMs - fromMs);
  const boundariesMs = [beforeMs, ...pieces];
  const count = pieces.length - 1;
  const base = { teamId, origin };
  const all = await reader.readSpend({ ...base, boundariesMs, groupBy: [] });
  const part = toPart(all, count);
  const found =
    groupBy.length === 0 ? [] : await reader.readSpend({ ...base, boundariesMs: [fromMs, untilMs], groupBy });
  const dearest = found.toSorted(byCost).slice(0, first);
  const among = dearest.map(({ keys }) => keys);
  const rows = Map.groupBy(await reader.readSpend({ ...base, boundariesMs, groupBy, among }), ({ keys }) =>
    nameOf(keys),
  );
  return {
    question,
    ...part,
    startsMs: pieces.slice(0, -1),
    groupCount: found.length,
    groups: dearest.map(({ keys }) => ({
      keys: groupBy.map((dimension, index) => ({ dimension, value: keys[index] ?? null })),
      ...toPart(rows.get(nameOf(keys)) ?? [], count),
    })),
  };
}

/** Rows of which bucket 0 is the stretch before and the pieces follow. */
function toPart(rows: readonly SpendRow[], count: number): SpendPart {
  const series: SpendFigures[] = Array.from({ length: count }, () => nothing);
  let previous = nothing;
  for (const row of rows) {
    if (row.bucket === 0) previous = row;
    else series[row.bucket - 1] = row;
  }
  return { previous, series, totals: series.reduce(add, nothing) };
}

function add(a: SpendFigures, b: SpendFigures): SpendFigures {
  return {
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costNanoUsd: a.costNanoUsd + b.costNanoUsd,
    callsWithUnknownCost: a.callsWithUnknownCost + b.callsWithUnknownCost,
    callsWithEstimatedUsage: a.callsWithEstimatedUsage + b.callsWithEstimatedUsage,
  };
}

function byCost(a: SpendRow, b: SpendRow): number {
  if (a.costNanoUsd !== b.costNanoUsd) return a.costNanoUsd > b.costNanoUsd ? -1 : 1;
  return b.calls - a.calls || nameOf(a.keys).localeCompare(nameOf(b.keys));
}

const nameOf = (keys: SpendRow['keys']) => JSON.stringify(keys);
