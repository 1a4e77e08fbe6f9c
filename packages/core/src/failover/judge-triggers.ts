import { computeFirstTokenP95Ms, type RecentCall } from '../policies/index.ts';
import type { FailoverTriggers } from './failover-triggers.ts';

export const skipReasons = [
  'trigger-error-rate',
  'trigger-latency',
  'trigger-consecutive-failures',
  'trigger-status',
] as const;
export type SkipReason = (typeof skipReasons)[number];

/** How a provider is, as far as triggers depend on it. */
export type WatchedStatus = 'healthy' | 'degraded' | 'down' | 'unknown';

/** Why a candidate is passed over: what was measured, and the limit that it is beyond. */
export interface TriggerVerdict {
  readonly reason: SkipReason;
  /** A share (0–1), milliseconds or a count, as the reason says; of a status 1 for degraded and 2 for down. */
  readonly measured: number;
  readonly limit: number;
}

export const defaultTriggerWindowMs = 300_000;
export const defaultTriggerMinCalls = 10;
export const defaultTriggerReturnAfterMs = 30_000;

const weightOfStatus: Readonly<Record<WatchedStatus, number>> = { unknown: 0, healthy: 0, degraded: 1, down: 2 };

/** Judges a candidate by the status of its provider; undefined when the trigger does not fire, or nothing is known. */
export function judgeStatus(
  status: WatchedStatus | undefined,
  { statusFrom }: FailoverTriggers,
): TriggerVerdict | undefined {
  if (statusFrom === undefined || status === undefined) return undefined;
  const measured = weightOfStatus[status];
  const limit = weightOfStatus[statusFrom];
  return measured >= limit ? { reason: 'trigger-status', measured, limit } : undefined;
}

/** Why a candidate is passed over, in words. */
export function describeSkip({ reason, measured, limit }: TriggerVerdict): string {
  switch (reason) {
    case 'trigger-error-rate':
      return `Passed over: ${percent(measured)} of its calls failed, more than ${percent(limit)}.`;
    case 'trigger-latency':
      return `Passed over: its first token takes up to ${Math.round(measured)} ms, longer than ${Math.round(limit)} ms.`;
    case 'trigger-consecutive-failures':
      return `Passed over: ${measured} calls in a row failed; ${limit} are enough.`;
    case 'trigger-status':
      return `Passed over: its provider is ${measured >= 2 ? 'down' : 'degraded'}.`;
  }
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}

/** Judges a candidate by its calls of the window, oldest first; undefined when no trigger fires. */
export function judgeTriggers(calls: readonly RecentCall[], triggers: FailoverTriggers): TriggerVerdict | undefined {
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
export function isReturnProven(call: Omit<RecentCall, 'endedAtMs'>, triggers: FailoverTriggers): boolean {
  const { firstTokenP95AboveMs } = triggers;
  if (call.outcome !== 'success') return false;
  return firstTokenP95AboveMs === undefined || (call.timeToFirstTokenMs ?? 0) <= firstTokenP95AboveMs;
}
