import type { CallOutcome } from '@switchyard/core/dispatch';
import type { ComparisonFact, LaneFailureDetails, LaneFigures } from '@switchyard/core/events';
import type { CallRecord } from '@switchyard/core/metrics';
import type { CallWarning, ProviderError } from '@switchyard/core/spec';
import { Prisma } from '../../generated/prisma/client.ts';
import { toStoredCount } from '../../persistence/stored-count.ts';

/** What a lane has received by the time it ends. */
export interface LaneContent {
  readonly output: string;
  readonly reasoning: string;
  readonly toolCalls: readonly { readonly id: string; readonly toolName: string; readonly input: string }[];
  readonly warnings: readonly CallWarning[];
}

type LaneUpdate = Prisma.ComparisonLaneUncheckedUpdateManyInput;

/** The row of a lane that starts to run: everything of an earlier attempt is cleared. */
export function startedLane(attempt: number, atMs: number): LaneUpdate {
  return {
    state: 'RUNNING',
    attempt,
    startedAt: new Date(atMs),
    output: '',
    reasoning: '',
    toolCalls: [],
    finishReason: null,
    rawFinishReason: null,
    inputTokens: null,
    cachedInputTokens: null,
    cacheWriteTokens: null,
    outputTokens: null,
    reasoningTokens: null,
    costNanoUsd: null,
    costUnknownReason: null,
    firstTokenAt: null,
    finishedAt: null,
    timeToFirstTokenMs: null,
    latencyMs: null,
    tokensPerSecond: null,
    retries: 0,
    servedModel: null,
    providerRequestId: null,
    warnings: [],
    failure: Prisma.DbNull,
  };
}

/** The fact and the row of a lane whose call has ended in one way or another. */
export function endedLane(
  laneId: string,
  outcome: CallOutcome,
  content: LaneContent,
): { readonly fact: ComparisonFact; readonly row: LaneUpdate } {
  const { record, error } = outcome;
  const figures = toFigures(record);
  const row = toRow(record, content);
  if (!error && record.finishReason) {
    const fact: ComparisonFact = {
      type: 'lane-completed',
      laneId,
      ...figures,
      finishReason: record.finishReason,
      retries: 0,
      warnings: content.warnings,
      ...(record.servedModel !== undefined && { servedModel: record.servedModel }),
      ...(record.providerRequestId !== undefined && { providerRequestId: record.providerRequestId }),
    };
    return { fact, row: { ...row, state: 'COMPLETED' } };
  }
  if (error && error.kind !== 'cancelled') {
    const failure = toFailure(error);
    return {
      fact: { type: 'lane-failed', laneId, failure, ...figures },
      row: { ...row, state: 'FAILED', failure: { ...failure } },
    };
  }
  return { fact: { type: 'lane-stopped', laneId, ...figures }, row: { ...row, state: 'STOPPED' } };
}

export const interruptedMessage =
  'The server stopped while this lane was running. What had arrived is kept; retry the lane.';

/** The fact and the row of a lane that ran when the server was told to stop. */
export function interruptedLane(
  laneId: string,
  outcome: CallOutcome,
  content: LaneContent,
): { readonly fact: ComparisonFact; readonly row: LaneUpdate } {
  return {
    fact: { type: 'lane-interrupted', laneId, message: interruptedMessage },
    row: { ...toRow(outcome.record, content), state: 'INTERRUPTED' },
  };
}

function toFailure(error: ProviderError): LaneFailureDetails {
  const { kind, message, status, providerCode, retryAfterMs } = error.details;
  return {
    kind,
    message,
    ...(status !== undefined && { providerStatus: status }),
    ...(providerCode !== undefined && { providerCode }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

function toFigures(record: CallRecord): LaneFigures {
  return {
    usage: record.usage,
    latencyMs: record.latencyMs,
    ...(record.costNanoUsd !== undefined && { costNanoUsd: record.costNanoUsd.toString() }),
    ...(record.costUnknownReason !== undefined && { costUnknownReason: record.costUnknownReason }),
    ...(record.timeToFirstTokenMs !== undefined && { timeToFirstTokenMs: record.timeToFirstTokenMs }),
    ...(record.tokensPerSecond !== undefined && { tokensPerSecond: record.tokensPerSecond }),
  };
}

function toRow(record: CallRecord, content: LaneContent): LaneUpdate {
  const { usage, timeToFirstTokenMs } = record;
  return {
    output: content.output,
    reasoning: content.reasoning,
    toolCalls: content.toolCalls.map((call) => ({ ...call })),
    warnings: content.warnings.map((warning) => ({ ...warning })),
    finishReason: record.finishReason?.unified ?? null,
    rawFinishReason: record.finishReason?.raw ?? null,
    inputTokens: toStoredCount(usage.inputTokens),
    cachedInputTokens: toStoredCount(usage.cachedInputTokens),
    cacheWriteTokens: toStoredCount(usage.cacheWriteTokens),
    outputTokens: toStoredCount(usage.outputTokens),
    reasoningTokens: toStoredCount(usage.reasoningTokens),
    costNanoUsd: record.costNanoUsd ?? null,
    costUnknownReason: record.costUnknownReason ?? null,
    firstTokenAt: timeToFirstTokenMs === undefined ? null : new Date(record.startedAtMs + timeToFirstTokenMs),
    finishedAt: new Date(record.startedAtMs + record.latencyMs),
    timeToFirstTokenMs: timeToFirstTokenMs ?? null,
    latencyMs: record.latencyMs,
    tokensPerSecond: record.tokensPerSecond ?? null,
    servedModel: record.servedModel ?? null,
    providerRequestId: record.providerRequestId ?? null,
  };
}
