import type { CallRecord } from '@switchyard/core/metrics';

/** A record of a call that succeeded; `changes` make it another. */
export function callRecord(id: string, changes: Partial<CallRecord> = {}): CallRecord {
  return {
    id,
    teamId: 'team_1',
    source: 'complete',
    attempt: 1,
    providerId: 'openai',
    modelId: 'openai/gpt-4o',
    origin: 'live',
    outcome: 'succeeded',
    usage: { inputTokens: 10, outputTokens: 5 },
    costNanoUsd: 75_000n,
    startedAtMs: 1_767_225_600_000,
    latencyMs: 800,
    timeToFirstTokenMs: 200,
    tokensPerSecond: 8.3,
    ...changes,
  };
}
