import { computeCost } from '../catalog/index.ts';
import type { Clock, Ids } from '../kernel/index.ts';
import { type CallPurpose, type CallRecord, type CallRecorder, computeTokensPerSecond } from '../metrics/index.ts';
import { type Deadlines, withDeadlines } from '../policies/index.ts';
import type { CallWarning, ModelCall, ProviderError, StreamPart, Usage } from '../spec/index.ts';
import { type CallProgress, noProgress } from './call-progress.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import { toProviderError } from './to-provider-error.ts';

export interface DispatchDependencies {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly recorder: CallRecorder;
  readonly deadlines: Deadlines;
}

/** How a call ended; `error` is undefined exactly when the answer is complete. */
export interface CallOutcome {
  readonly record: CallRecord;
  /** Everything that did not happen as asked, also what only showed at the end. */
  readonly warnings: readonly CallWarning[];
  readonly error?: ProviderError;
}

/** Told of every part but the terminal one, in order, as it arrives. A promise holds the stream back until it settles. */
export type PartListener = (part: StreamPart) => void | Promise<void>;

/**
 * Makes one call of one model: streams it under its deadlines, tells `onPart`, and leaves one `CallRecord`.
 *
 * Never throws for anything the vendor or the network does: the outcome carries the error, of kind `timeout` when a
 * deadline passed and `cancelled` when `signal` aborted. What `onPart` throws is a bug and is passed on after the
 * upstream call was cancelled and recorded. `attempt` and `id` are
 * those that the record gets.
 */
export async function runCall(
  target: DispatchTarget,
  call: ModelCall,
  purpose: CallPurpose,
  dependencies: DispatchDependencies,
  onPart: PartListener,
  signal?: AbortSignal,
  { attempt = 1, id = dependencies.ids.next('call') }: { readonly attempt?: number; readonly id?: string } = {},
): Promise<CallOutcome> {
  const { clock } = dependencies;
  const startedAtMs = clock.nowMs();
  const startMs = clock.monotonicMs();
  let progress = noProgress;
  const warnings: CallWarning[] = [];
  let error: ProviderError | undefined;
  let bug: { readonly thrown: unknown } | undefined;
  try {
    const parts = withDeadlines((inner) => target.adapter.stream(call, inner), dependencies.deadlines, clock, signal);
    for await (const part of parts) {
      progress = advance(progress, part, clock.monotonicMs() - startMs);
      if (part.type === 'stream-error') error = part.error;
      if (part.type === 'stream-start' || part.type === 'stream-end') warnings.push(...(part.warnings ?? []));
      if (part.type === 'stream-end' || part.type === 'stream-error') continue;
      try {
        const pause = onPart(part);
        if (pause) await pause;
      } catch (thrown) {
        bug = { thrown };
        break;
      }
    }
  } catch (thrown) {
    error = toProviderError(thrown, target, signal);
  }
  const isComplete = progress.reason !== undefined && !error && !bug;
  if (!isComplete && !error) error = toProviderError(bug?.thrown, target, signal);
  const latencyMs = Math.round(clock.monotonicMs() - startMs);
  const record = buildRecord({
    target,
    purpose,
    // Of an answer in one piece nobody knows when its first token was written.
    progress: call.isWhole ? { ...progress, timeToFirstTokenMs: undefined } : progress,
    hadContent: progress.timeToFirstTokenMs !== undefined,
    error,
    startedAtMs,
    latencyMs,
    id,
    attempt,
  });
  dependencies.recorder.record(record);
  if (bug) throw bug.thrown;
  return error ? { record, warnings, error } : { record, warnings };
}

function advance(progress: CallProgress, part: StreamPart, elapsedMs: number): CallProgress {
  switch (part.type) {
    case 'response-metadata':
      return {
        ...progress,
        providerRequestId: part.providerRequestId ?? progress.providerRequestId,
        servedModel: part.servedModel ?? progress.servedModel,
      };
    case 'stream-end':
      return { ...progress, usage: part.usage, reason: part.reason };
    case 'stream-error':
      return part.usage ? { ...progress, usage: withoutOutput(part.usage) } : progress;
    case 'stream-start':
      return progress;
    default: {
      const isReasoningStreamed = progress.isReasoningStreamed || part.type === 'reasoning-delta';
      if (progress.timeToFirstTokenMs !== undefined && isReasoningStreamed === progress.isReasoningStreamed)
        return progress;
      return {
        ...progress,
        isReasoningStreamed,
        timeToFirstTokenMs: progress.timeToFirstTokenMs ?? Math.round(elapsedMs),
      };
    }
  }
}

/** Of a stream that broke: vendors bill the input as they said, but the count of the output was not final yet. */
function withoutOutput(usage: Usage): Usage {
  const { outputTokens, reasoningTokens, ...input } = usage;
  return input;
}

function buildRecord(facts: {
  target: DispatchTarget;
  purpose: CallPurpose;
  progress: CallProgress;
  hadContent: boolean;
  error: ProviderError | undefined;
  startedAtMs: number;
  latencyMs: number;
  id: string;
  attempt: number;
}): CallRecord {
  const { target, progress, error } = facts;
  const { isPatient: _isPatient, ...purpose } = facts.purpose;
  // A request that was answered with an error status before any content is not billed.
  const isRefused = (error?.details.status ?? 0) >= 400 && !facts.hadContent;
  const isUnbilled = isRefused && progress.usage.inputTokens === undefined;
  const cost = isUnbilled ? ({ kind: 'known', costNanoUsd: 0n } as const) : computeCost(progress.usage, target.price);
  const tokensPerSecond = computeTokensPerSecond({ ...progress, latencyMs: facts.latencyMs });
  const providerRequestId = progress.providerRequestId ?? error?.details.providerRequestId;
  return {
    ...purpose,
    id: facts.id,
    attempt: facts.attempt,
    providerId: target.providerId,
    modelId: target.modelId,
    origin: target.origin,
    outcome: error ? (error.kind === 'cancelled' ? 'cancelled' : 'failed') : 'succeeded',
    usage: progress.usage,
    startedAtMs: facts.startedAtMs,
    latencyMs: facts.latencyMs,
    ...(error && { errorKind: error.kind, errorMessage: error.message }),
    ...(progress.servedModel !== undefined && { servedModel: progress.servedModel }),
    ...(progress.reason && { finishReason: progress.reason }),
    ...(progress.timeToFirstTokenMs !== undefined && { timeToFirstTokenMs: progress.timeToFirstTokenMs }),
    ...(tokensPerSecond !== undefined && { tokensPerSecond }),
    ...(providerRequestId !== undefined && { providerRequestId }),
    ...(target.price && { price: target.price }),
    ...(cost.kind === 'known' ? { costNanoUsd: cost.costNanoUsd } : { costUnknownReason: cost.reason }),
  };
}
