import type { LaneRecord } from './comparison-record.ts';
import { roughTokens } from './cost-estimate.ts';

/** The numbers of a lane's head. `isEstimate` values are our own count until the provider reports. */
export interface LaneFigures {
  timeToFirstTokenMs: number | null;
  totalMs: number | null;
  outputTokens: number | null;
  inputTokens: number | null;
  areTokensEstimated: boolean;
  tokensPerSecond: number | null;
  costUsd: string | null;
  costUnknownReason: string | null;
  isCostEstimated: boolean;
}

/** `nowMs` is server time; it counts only while the lane runs. */
export function laneFigures(lane: LaneRecord, nowMs: number): LaneFigures {
  const isOpen = lane.state === 'RUNNING';
  const sinceStart = lane.startedAtMs === null ? null : Math.max(0, nowMs - lane.startedAtMs);
  const firstToken =
    lane.timeToFirstTokenMs ??
    (lane.startedAtMs !== null && lane.firstTokenAtMs !== null
      ? Math.max(0, lane.firstTokenAtMs - lane.startedAtMs)
      : null);
  const reported = lane.usage?.outputTokens ?? null;
  const counted = roughTokens(lane.output) + roughTokens(lane.reasoning);
  const outputTokens = reported ?? (counted > 0 ? counted : null);
  const lastMark = lane.marks.at(-1);
  const streamedMs = lane.firstTokenAtMs !== null && lastMark ? lastMark.atMs - lane.firstTokenAtMs : 0;
  const liveRate = isOpen && streamedMs > 400 ? (counted * 1000) / streamedMs : null;
  return {
    timeToFirstTokenMs: firstToken ?? (isOpen ? sinceStart : null),
    totalMs: lane.latencyMs ?? (isOpen ? sinceStart : null),
    outputTokens,
    inputTokens: lane.usage?.inputTokens ?? null,
    areTokensEstimated: reported === null && outputTokens !== null,
    tokensPerSecond: lane.tokensPerSecond ?? liveRate,
    costUsd: lane.costUsd,
    costUnknownReason: lane.costUnknownReason,
    isCostEstimated: lane.isCostEstimated,
  };
}
