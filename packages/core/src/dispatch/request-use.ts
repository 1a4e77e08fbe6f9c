import { nothingUsed, type UpperBound, type UsedSoFar } from '../guardrails/index.ts';
import type { CallRecord } from '../metrics/index.ts';

interface RunningCall {
  readonly modelId: string;
  readonly bound: UpperBound;
}

/**
 * What the calls of one request use: those that have ended by their records, those that run by the most that they can
 * use, so that calls side by side keep one limit together.
 */
export class RequestUse {
  readonly #ended: CallRecord[] = [];
  readonly #running = new Map<string, RunningCall>();

  /** The use of all models, or of `modelId` alone, as far as it is known. */
  read(modelId?: string): UsedSoFar {
    let { costNanoUsd, tokens } = nothingUsed;
    for (const record of this.#ended) {
      if (modelId !== undefined && record.modelId !== modelId) continue;
      costNanoUsd += record.costNanoUsd ?? 0n;
      tokens += tokensOf(record) ?? 0n;
    }
    for (const { modelId: other, bound } of this.#running.values()) {
      if (modelId !== undefined && other !== modelId) continue;
      costNanoUsd += bound.costNanoUsd ?? 0n;
      tokens += bound.tokens;
    }
    return { costNanoUsd, tokens };
  }

  /** A call is about to be made. */
  hold(callId: string, modelId: string, bound: UpperBound): void {
    this.#running.set(callId, { modelId, bound });
  }

  /** It is not made after all. */
  drop(callId: string): void {
    this.#running.delete(callId);
  }

  noteEnd(record: CallRecord): void {
    this.#running.delete(record.id);
    this.#ended.push(record);
  }
}

/** Input and output together; undefined when the record does not know both. */
export function tokensOf({ usage: { inputTokens, outputTokens } }: CallRecord): bigint | undefined {
  const sum = (inputTokens ?? Number.NaN) + (outputTokens ?? Number.NaN);
  return Number.isSafeInteger(sum) && sum >= 0 ? BigInt(sum) : undefined;
}
