import { setImmediate as nextTurn } from 'node:timers/promises';
import { type LatencyPercentiles, type MetricFigures, metricSketchError, rollupSums } from '@switchyard/core/metrics';
import { SketchMerger } from '@switchyard/core/stats';
import { failureColumn, failureKinds } from './rollup-columns.ts';

/** A row of `readFiguresSql`. */
export interface FiguresRow extends Readonly<Record<string, unknown>> {
  /** Whether latencies are sketches, or values of four bytes. */
  readonly isSketched: boolean;
  readonly step: number;
  readonly costNanoUsd: bigint | null;
  readonly latency?: string | null;
  readonly timeToFirstToken?: string | null;
}

/** So much is merged before the event loop has its turn. */
const bytesPerTurn = 262_144;

const merger = new SketchMerger(metricSketchError);

/** Adds up rows that stand for one group and step. */
export function sumFigures(rows: readonly FiguresRow[]): MetricFigures {
  const sum = (name: string) => rows.reduce((total, row) => total + Number(row[name] ?? 0), 0);
  const sums = Object.fromEntries(rollupSums.map((name) => [name, sum(name)])) as Record<
    (typeof rollupSums)[number],
    number
  >;
  const failures = failureKinds
    .map((kind) => [kind, sum(failureColumn(kind))] as const)
    .filter(([, count]) => count > 0);
  return {
    ...sums,
    failed: sums.calls - sums.succeeded - sums.cancelled,
    failures: Object.fromEntries(failures),
    costNanoUsd: rows.reduce((total, row) => total + BigInt(row.costNanoUsd ?? 0), 0n),
    latency: percentilesOf(rows, 'latency'),
    timeToFirstToken: percentilesOf(rows, 'timeToFirstToken'),
  };
}

/** The figures of each group of rows. Lets other work through between large groups. */
export async function sumGroups<Key>(
  groups: ReadonlyMap<Key, readonly FiguresRow[]>,
): Promise<Map<Key, MetricFigures>> {
  const figures = new Map<Key, MetricFigures>();
  let bytes = 0;
  for (const [key, rows] of groups) {
    figures.set(key, sumFigures(rows));
    bytes +=
      200 + rows.reduce((total, row) => total + (row.latency?.length ?? 0) + (row.timeToFirstToken?.length ?? 0), 0);
    if (bytes < bytesPerTurn) continue;
    bytes = 0;
    await nextTurn();
  }
  return figures;
}

function percentilesOf(
  rows: readonly FiguresRow[],
  name: 'latency' | 'timeToFirstToken',
): LatencyPercentiles | undefined {
  merger.reset();
  for (const row of rows) {
    const text = row[name];
    if (!text) continue;
    const bytes = Buffer.from(text, 'base64');
    if (row.isSketched) merger.addAll(bytes);
    else for (let at = 0; at < bytes.length; at += 4) merger.add(bytes.readInt32BE(at));
  }
  if (merger.count === 0) return undefined;
  const at = (probability: number) => merger.quantile(probability)!;
  return { count: merger.count, p50Ms: at(0.5), p90Ms: at(0.9), p95Ms: at(0.95), p99Ms: at(0.99) };
}
