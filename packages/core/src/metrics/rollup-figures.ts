import { type ProviderErrorKind, providerErrorKinds } from '../spec/index.ts';
import type { CallRecord } from './call-record.ts';

/** The relative error of every percentile that comes out of the rollups. */
export const metricSketchError = 0.01;

/** Kinds of failures that are counted apart; `cancelled` is an outcome of its own. */
export type CountedFailure = Exclude<ProviderErrorKind, 'cancelled'>;
export const countedFailures = providerErrorKinds.filter((kind): kind is CountedFailure => kind !== 'cancelled');

/** Sums over calls; everything is a whole number, so that the order of adding never matters. */
export interface RollupSums {
  calls: number;
  succeeded: number;
  cancelled: number;
  /** Attempts after the first. */
  retries: number;
  hedges: number;
  /** Calls whose usage is our own count in place of the vendor's. */
  estimated: number;
  /** Calls whose cost is not known. */
  unknownCost: number;
  inputTokens: number;
  cachedInputTokens: number;
  cacheWriteTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  /** Of successes. */
  latencySumMs: number;
  /** Successes with a known writing speed, and their speeds in thousandths of tokens per second. */
  tokenRateCalls: number;
  tokenRateSumMilli: number;
}

export const rollupSums = [
  'calls',
  'succeeded',
  'cancelled',
  'retries',
  'hedges',
  'estimated',
  'unknownCost',
  'inputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'outputTokens',
  'reasoningTokens',
  'latencySumMs',
  'tokenRateCalls',
  'tokenRateSumMilli',
] as const satisfies readonly (keyof RollupSums)[];

/** What a group of calls came to. Latencies are of successes: how fast something failed says nothing about speed. */
export interface RollupFigures extends RollupSums {
  readonly failures: Map<CountedFailure | 'other', number>;
  costNanoUsd: bigint;
  readonly latenciesMs: number[];
  readonly timesToFirstTokenMs: number[];
}

/** What figures are made of. */
export type FiguredFacts = Pick<
  CallRecord,
  | 'attempt'
  | 'outcome'
  | 'errorKind'
  | 'usage'
  | 'isUsageEstimated'
  | 'isHedge'
  | 'costNanoUsd'
  | 'latencyMs'
  | 'timeToFirstTokenMs'
  | 'tokensPerSecond'
>;

export function noFigures(): RollupFigures {
  return {
    calls: 0,
    succeeded: 0,
    cancelled: 0,
    retries: 0,
    hedges: 0,
    estimated: 0,
    unknownCost: 0,
    inputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    latencySumMs: 0,
    tokenRateCalls: 0,
    tokenRateSumMilli: 0,
    failures: new Map(),
    costNanoUsd: 0n,
    latenciesMs: [],
    timesToFirstTokenMs: [],
  };
}

/** Counts one call into `figures`. */
export function addCall(figures: RollupFigures, call: FiguredFacts): void {
  const { usage } = call;
  figures.calls += 1;
  if (call.attempt > 1) figures.retries += 1;
  if (call.isHedge) figures.hedges += 1;
  if (call.isUsageEstimated) figures.estimated += 1;
  if (call.costNanoUsd === undefined) figures.unknownCost += 1;
  else figures.costNanoUsd += call.costNanoUsd;
  figures.inputTokens += usage.inputTokens ?? 0;
  figures.cachedInputTokens += usage.cachedInputTokens ?? 0;
  figures.cacheWriteTokens += usage.cacheWriteTokens ?? 0;
  figures.outputTokens += usage.outputTokens ?? 0;
  figures.reasoningTokens += usage.reasoningTokens ?? 0;
  if (call.outcome === 'cancelled') figures.cancelled += 1;
  if (call.outcome === 'failed') {
    const kind = countedFailures.find((known) => known === call.errorKind) ?? 'other';
    figures.failures.set(kind, (figures.failures.get(kind) ?? 0) + 1);
  }
  if (call.outcome !== 'succeeded') return;
  figures.succeeded += 1;
  figures.latencySumMs += call.latencyMs;
  figures.latenciesMs.push(call.latencyMs);
  if (call.timeToFirstTokenMs !== undefined) figures.timesToFirstTokenMs.push(call.timeToFirstTokenMs);
  if (call.tokensPerSecond !== undefined) {
    figures.tokenRateCalls += 1;
    figures.tokenRateSumMilli += Math.round(call.tokensPerSecond * 1_000);
  }
}

/** Adds everything of `from` to `into`. */
export function mergeFigures(into: RollupFigures, from: RollupFigures): void {
  for (const name of rollupSums) into[name] += from[name];
  into.costNanoUsd += from.costNanoUsd;
  for (const [kind, count] of from.failures) into.failures.set(kind, (into.failures.get(kind) ?? 0) + count);
  for (const value of from.latenciesMs) into.latenciesMs.push(value);
  for (const value of from.timesToFirstTokenMs) into.timesToFirstTokenMs.push(value);
}
