import type { ChainOutcome } from '@switchyard/core/dispatch';
import type { ComparisonFact, LaneFailureDetails, LaneFigures, TimelineEntry } from '@switchyard/core/events';
import type { CallRecord } from '@switchyard/core/metrics';
import type { CallWarning, ProviderError } from '@switchyard/core/spec';
import { Prisma } from '../../generated/prisma/client.ts';
import { toStoredCount } from '../../persistence/stored-count.ts';
import { sumCosts } from '../routing/model-dispatcher.ts';

/** What a lane has received by the time it ends. */
export interface LaneContent {
  readonly output: string;
  readonly reasoning: string;
  readonly toolCalls: readonly { readonly id: string; readonly toolName: string; readonly input: string }[];
  readonly warnings: readonly CallWarning[];
  readonly timeline: readonly TimelineEntry[];
}

/** A lane that is over: how its calls went, and its times in milliseconds over all of them. */
export interface LaneResult {
  readonly outcome: ChainOutcome;
  /** The model, alias or chain that was asked for. */
  readonly requested: string;
  /** Epoch milliseconds. */
  readonly startedAtMs: number;
  readonly latencyMs: number;
  /** Until the first content that stands; undefined when there is none. */
  readonly timeToFirstTokenMs: number | undefined;
  readonly content: LaneContent;
}

/** What is published and stored of a lane that is over. */
export interface LaneEnd {
  readonly fact: ComparisonFact;
  readonly row: LaneUpdate;
  /** Undefined when unknown. */
  readonly costNanoUsd: bigint | undefined;
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
    isCostEstimated: false,
    firstTokenAt: null,
    finishedAt: null,
    timeToFirstTokenMs: null,
    latencyMs: null,
    tokensPerSecond: null,
    retries: 0,
    answeredModelId: null,
    timeline: [],
    servedModel: null,
    providerRequestId: null,
    warnings: [],
    failure: Prisma.DbNull,
  };
}

/** The fact and the row of a lane that has ended in one way or another. */
export function endedLane(laneId: string, result: LaneResult): LaneEnd {
  const { outcome, content } = result;
  const { record, error } = outcome;
  const figures = toFigures(result);
  const { row, costNanoUsd } = toRow(result);
  if (!error && record?.finishReason) {
    const answeredModelId = answererOf(result);
    const fact: ComparisonFact = {
      type: 'lane-completed',
      laneId,
      ...figures,
      finishReason: record.finishReason,
      retries: retriesOf(outcome),
      warnings: content.warnings,
      ...(answeredModelId !== undefined && { answeredModelId }),
      ...(record.servedModel !== undefined && { servedModel: record.servedModel }),
      ...(record.providerRequestId !== undefined && { providerRequestId: record.providerRequestId }),
    };
    return { fact, row: { ...row, state: 'COMPLETED' }, costNanoUsd };
  }
  if (error && error.kind !== 'cancelled') {
    const failure = toFailure(error);
    return {
      fact: { type: 'lane-failed', laneId, failure, ...figures },
      row: { ...row, state: 'FAILED', failure: { ...failure } },
      costNanoUsd,
    };
  }
  return { fact: { type: 'lane-stopped', laneId, ...figures }, row: { ...row, state: 'STOPPED' }, costNanoUsd };
}

export const interruptedMessage =
  'The server stopped while this lane was running. What had arrived is kept; retry the lane.';

/** The fact and the row of a lane that ran when the server was told to stop. */
export function interruptedLane(laneId: string, result: LaneResult): LaneEnd {
  const { row, costNanoUsd } = toRow(result);
  return {
    fact: { type: 'lane-interrupted', laneId, message: interruptedMessage },
    row: { ...row, state: 'INTERRUPTED' },
    costNanoUsd,
  };
}

/** `provider/model` that answered, when it is not what was asked for. */
function answererOf({ outcome, requested }: LaneResult): string | undefined {
  return outcome.target.modelId === requested ? undefined : outcome.target.modelId;
}

function retriesOf({ records }: ChainOutcome): number {
  return Math.max(0, records.length - 1);
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

function toFigures({ outcome, latencyMs, timeToFirstTokenMs }: LaneResult): LaneFigures {
  const { record, records } = outcome;
  const cost = sumCosts(records);
  return {
    usage: record?.usage ?? {},
    latencyMs,
    ...('costNanoUsd' in cost ? { costNanoUsd: cost.costNanoUsd.toString() } : cost),
    ...(isEstimated(records) && { isCostEstimated: true as const }),
    ...(timeToFirstTokenMs !== undefined && { timeToFirstTokenMs }),
    ...(record?.tokensPerSecond !== undefined && { tokensPerSecond: record.tokensPerSecond }),
  };
}

function isEstimated(records: readonly CallRecord[]): boolean {
  return records.some(({ isUsageEstimated }) => isUsageEstimated);
}

function toRow(result: LaneResult): { readonly row: LaneUpdate; readonly costNanoUsd: bigint | undefined } {
  const { outcome, content, startedAtMs, latencyMs, timeToFirstTokenMs } = result;
  const { record, records } = outcome;
  const usage = record?.usage ?? {};
  const cost = sumCosts(records);
  const costNanoUsd = 'costNanoUsd' in cost ? cost.costNanoUsd : undefined;
  const row: LaneUpdate = {
    output: content.output,
    reasoning: content.reasoning,
    toolCalls: content.toolCalls.map((call) => ({ ...call })),
    warnings: content.warnings.map((warning) => ({ ...warning })),
    timeline: content.timeline as unknown as Prisma.InputJsonValue,
    retries: retriesOf(outcome),
    answeredModelId: outcome.error ? null : (answererOf(result) ?? null),
    finishReason: record?.finishReason?.unified ?? null,
    rawFinishReason: record?.finishReason?.raw ?? null,
    inputTokens: toStoredCount(usage.inputTokens),
    cachedInputTokens: toStoredCount(usage.cachedInputTokens),
    cacheWriteTokens: toStoredCount(usage.cacheWriteTokens),
    outputTokens: toStoredCount(usage.outputTokens),
    reasoningTokens: toStoredCount(usage.reasoningTokens),
    costNanoUsd: costNanoUsd ?? null,
    costUnknownReason: 'costUnknownReason' in cost ? cost.costUnknownReason : null,
    isCostEstimated: isEstimated(records),
    firstTokenAt: timeToFirstTokenMs === undefined ? null : new Date(startedAtMs + timeToFirstTokenMs),
    finishedAt: new Date(startedAtMs + latencyMs),
    timeToFirstTokenMs: timeToFirstTokenMs ?? null,
    latencyMs,
    tokensPerSecond: record?.tokensPerSecond ?? null,
    servedModel: record?.servedModel ?? null,
    providerRequestId: record?.providerRequestId ?? null,
  };
  return { row, costNanoUsd };
}
