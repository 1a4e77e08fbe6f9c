import { computeFirstTokenP95Ms, type RecentCall } from '../policies/index.ts';
import type { ChainTriggers } from './chain-triggers.ts';

export type SkipReason = 'trigger-error-rate' | 'trigger-latency' | 'trigger-consecutive-failures';

/** Why a candidate is passed over: what was measured, and the limit that it is beyond. */
export interface TriggerVerdict {
  readonly reason: SkipReason;
  /** A share (0–1), milliseconds or a count, as the reason says. */
  readonly measured: number;
  readonly limit: number;
}

export const defaultTriggerWindowMs = 300_000;
export const defaultTriggerMinCalls = 10;
export const defaultTriggerReturnAfterMs = 30_000;

/** Judges a candidate by its calls of the window, oldest first; undefined when no trigger fires. */
export function judgeTriggers(calls: readonly RecentCall[], triggers: ChainTriggers): TriggerVerdict | undefined {
  const { errorRateAbove, firstTokenP95AboveMs, consecutiveFailures } = triggers;
  const minCalls = Math.max(1, triggers.minCalls ?? defaultTriggerMinCalls);
  const telling = calls.filter(({ outcome }) => outcome !== undefined);
  if (consecutiveFailures !== undefined) {
    const inARow = telling.length - 1 - telling.findLastIndex(({ outcome }) => outcome === 'success');
    if (inARow >= Math.max(1, consecutiveFailures))
      return { reason: 'trigger-consecutive-failures', measured: inARow, limit: consecutiveFailures };
  }
  if (errorRateAbove !== undefined && telling.length >= minCalls) {
    const rate = telling.filter(({ outcome }) => outcome === 'fault').length / telling.length;
    if (rate > errorRateAbove) return { reason: 'trigger-error-rate', measured: rate, limit: errorRateAbove };
  }
  if (firstTokenP95AboveMs !== undefined) {
    const p95Ms = computeFirstTokenP95Ms(calls, minCalls);
    if (p95Ms !== undefined && p95Ms > firstTokenP95AboveMs)
      return { reason: 'trigger-latency', measured: p95Ms, limit: firstTokenP95AboveMs };
  }
  return undefined;
}

/** Whether a call shows that a candidate which was passed over is back. */
export function isReturnProven(call: Omit<RecentCall, 'endedAtMs'>, triggers: ChainTriggers): boolean {
  const { firstTokenP95AboveMs } = triggers;
  if (call.outcome !== 'success') return false;
  return firstTokenP95AboveMs === undefined || (call.timeToFirstTokenMs ?? 0) <= firstTokenP95AboveMs;
}
