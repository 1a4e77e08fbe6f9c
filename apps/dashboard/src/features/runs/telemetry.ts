import type { AttemptDetails } from './run-record.ts';

/** What the attempts of a run at one model came to. Times in milliseconds, money in US dollars. */
export interface ModelTelemetry {
  readonly modelId: string;
  readonly attempts: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly running: number;
  /** Of attempts that succeeded, ascending. */
  readonly latenciesMs: readonly number[];
  readonly firstTokensMs: readonly number[];
  readonly failedAfterMs: readonly number[];
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Tokens a second while text came; null when nobody reported tokens. */
  readonly tokensPerSecond: number | null;
  readonly costUsd: number;
  /** Ended attempts whose cost nobody knows. */
  readonly unpriced: number;
  /** Kinds of failure, the most frequent first. */
  readonly failures: readonly { readonly kind: string; readonly count: number }[];
}

const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);

/** The figures of a run by model, the one with the most attempts first. */
export function telemetryOf(attempts: readonly AttemptDetails[]): readonly ModelTelemetry[] {
  const byModel = new Map<string, AttemptDetails[]>();
  for (const attempt of attempts) byModel.set(attempt.modelId, [...(byModel.get(attempt.modelId) ?? []), attempt]);
  return [...byModel]
    .map(([modelId, own]) => telemetryOfModel(modelId, own))
    .sort((a, b) => b.attempts - a.attempts || (a.modelId < b.modelId ? -1 : 1));
}

function telemetryOfModel(modelId: string, own: readonly AttemptDetails[]): ModelTelemetry {
  const succeeded = own.filter(({ state }) => state === 'SUCCEEDED');
  const failed = own.filter(({ state }) => state === 'FAILED');
  const kinds = new Map<string, number>();
  for (const { errorKind } of failed) kinds.set(errorKind ?? 'OTHER', (kinds.get(errorKind ?? 'OTHER') ?? 0) + 1);
  const timed = succeeded.filter((each) => each.usage?.outputTokens && each.latencyMs !== null);
  const writingMs = timed.reduce((sum, each) => sum + (each.latencyMs ?? 0) - (each.timeToFirstTokenMs ?? 0), 0);
  const written = timed.reduce((sum, each) => sum + (each.usage?.outputTokens ?? 0), 0);
  return {
    modelId,
    attempts: own.length,
    succeeded: succeeded.length,
    failed: failed.length,
    running: own.length - succeeded.length - failed.length,
    latenciesMs: ascending(succeeded.flatMap(({ latencyMs }) => latencyMs ?? [])),
    firstTokensMs: ascending(succeeded.flatMap(({ timeToFirstTokenMs }) => timeToFirstTokenMs ?? [])),
    failedAfterMs: ascending(failed.flatMap(({ latencyMs }) => latencyMs ?? [])),
    inputTokens: own.reduce((sum, { usage }) => sum + (usage?.inputTokens ?? 0), 0),
    outputTokens: own.reduce((sum, { usage }) => sum + (usage?.outputTokens ?? 0), 0),
    tokensPerSecond: writingMs > 0 ? (written / writingMs) * 1000 : null,
    costUsd: own.reduce((sum, { costUsd }) => sum + Number(costUsd ?? 0), 0),
    unpriced: own.filter(({ state, costUsd }) => state !== 'RUNNING' && costUsd === null).length,
    failures: [...kinds].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count),
  };
}

/** The value below which `share` of ascending `values` lie (nearest rank); null when there are none. */
export function percentile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  return values[Math.max(0, Math.ceil(share * values.length) - 1)] ?? null;
}
