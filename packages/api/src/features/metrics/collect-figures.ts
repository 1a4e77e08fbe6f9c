import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type LatencyPercentiles,
  type MetricFigures,
  type MillisecondInterval,
  metricSketchError,
  type RollupSums,
  rollupSums,
  type SumName,
} from '@switchyard/core/metrics';
import { quantileRanks, SketchMerger } from '@switchyard/core/stats';
import { failureKinds } from './rollup-columns.ts';

/** A row of `readFiguresSql`. */
export interface FiguresRow extends Readonly<Record<string, unknown>> {
  /** Whether latencies are sketches, or values of four bytes. */
  readonly isSketched: boolean;
  readonly step: number;
  /** Numbers of values where latencies are sketches. */
  readonly a: number;
  readonly b: number;
  /** Whole numbers with commas between: what was asked for, then failures by kind when these were. */
  readonly sums: string;
  /** Base64. */
  readonly latency?: string | null;
  readonly timeToFirstToken?: string | null;
}

/** So much is merged before the event loop has its turn. */
const bytesPerTurn = 262_144;

const merger = new SketchMerger(metricSketchError);

const noSums = Object.fromEntries(rollupSums.map((name) => [name, 0])) as unknown as RollupSums;

/** Adds up rows that stand for one group and step; `names` says what their sums are. */
export function sumFigures(
  rows: readonly FiguresRow[],
  names: readonly SumName[],
  isWithIntervals = false,
): MetricFigures {
  const sums: RollupSums = { ...noSums };
  const failures: Partial<Record<(typeof failureKinds)[number], number>> = {};
  let costNanoUsd = 0n;
  for (const row of rows) {
    const texts = row.sums.split(',');
    for (let place = 0; place < texts.length; place += 1) {
      const text = texts[place]!;
      const name = names[place];
      if (text === '0' || text === '') continue;
      if (name === 'costNanoUsd') costNanoUsd += BigInt(text);
      else if (name) sums[name] += Number(text);
      else {
        const kind = failureKinds[place - names.length]!;
        failures[kind] = (failures[kind] ?? 0) + Number(text);
      }
    }
  }
  return {
    ...sums,
    failed: sums.calls - sums.succeeded - sums.cancelled,
    failures,
    costNanoUsd,
    latency: percentilesOf(rows, 'latency', isWithIntervals),
    timeToFirstToken: percentilesOf(rows, 'timeToFirstToken', isWithIntervals),
  };
}

/** The figures of each group of rows. Lets other work through between large groups. */
export async function sumGroups<Key>(
  groups: ReadonlyMap<Key, readonly FiguresRow[]>,
  names: readonly SumName[],
  isWithIntervals = false,
): Promise<Map<Key, MetricFigures>> {
  const figures = new Map<Key, MetricFigures>();
  let bytes = 0;
  for (const [key, rows] of groups) {
    figures.set(key, sumFigures(rows, names, isWithIntervals));
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
  isWithIntervals: boolean,
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
  const figures = { count: merger.count, p50Ms: at(0.5), p90Ms: at(0.9), p95Ms: at(0.95), p99Ms: at(0.99) };
  if (!isWithIntervals) return figures;
  const [p50Interval, p95Interval] = [intervalOf(0.5), intervalOf(0.95)];
  return { ...figures, ...(p50Interval && { p50Interval }), ...(p95Interval && { p95Interval }) };
}

/** The order statistics around a percentile of what the merger holds; undefined while its tail is not reached. */
function intervalOf(probability: number): MillisecondInterval | undefined {
  const ranks = ranksOf(merger.count, probability);
  if (!ranks) return undefined;
  return { lowMs: merger.valueAtRank(ranks.low)!, highMs: merger.valueAtRank(ranks.high)! };
}

/** From here on the normal approximation gives the ranks that the binomial distribution gives, in no time. */
const manyValues = 10_000;

function ranksOf(count: number, probability: number): { readonly low: number; readonly high: number } | undefined {
  if (count < manyValues) {
    const ranks = quantileRanks(count, probability);
    return 'kind' in ranks ? undefined : ranks;
  }
  const reach = 1.959964 * Math.sqrt(count * probability * (1 - probability));
  return { low: Math.floor(count * probability - reach), high: Math.ceil(count * probability + reach) + 1 };
}
