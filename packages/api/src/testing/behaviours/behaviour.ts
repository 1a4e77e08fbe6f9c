import type { FaultInput, RequestLogEntry } from '@switchyard/simulator';

/** How a request comes in. */
export const entrances = ['v1', 'v1-stream', 'graphql'] as const;
export type Entrance = (typeof entrances)[number];

/** What one request got, whichever way it came in. Times in milliseconds. */
export interface Answer {
  readonly isWhole: boolean;
  readonly text: string;
  /** `provider/model` that answered, or that failed last. */
  readonly modelId: string | undefined;
  readonly outputTokens: number | undefined;
  /** In words, when there is no whole answer. */
  readonly error: string | undefined;
  readonly elapsedMs: number;
  /** Since the start of the behaviour. */
  readonly atMs: number;
}

/** Everything that happened while one behaviour was driven. */
export interface Observation {
  readonly answers: readonly Answer[];
  /** Calls that reached the primary and the fallback, oldest first. */
  readonly primaryCalls: readonly RequestLogEntry[];
  readonly fallbackCalls: readonly RequestLogEntry[];
  /** The texts that the models give when nothing is broken. */
  readonly primaryText: string;
  readonly fallbackText: string;
  /** Epoch milliseconds at which the last fault was taken away; undefined when it was not. */
  readonly recoveredAtMs: number | undefined;
}

/** How the traffic of a behaviour looks; one request when absent. */
export interface Traffic {
  readonly requests: number;
  readonly everyMs: number;
  /** When the faults are taken away, since the start. */
  readonly recoverAfterMs: number;
  /** What all times are multiplied by, the first wait before a retry included. */
  readonly scale: number;
}

/** A failure that a vendor can show, and what must come of it. */
export interface Behaviour {
  readonly id: string;
  /** What happens upstream, for people. */
  readonly situation: string;
  /** What must come of it, for people. */
  readonly promise: string;
  readonly prompt?: string;
  /** How the chain delivers; its default when absent. */
  readonly delivery?: 'continue';
  /** Of the simulator behind primary and fallback; `vendor` says which: `openai` primary, `anthropic` fallback. */
  readonly faults: readonly FaultInput[];
  /** Where it cannot be seen through all entrances. */
  readonly entrances?: readonly Entrance[];
  readonly traffic?: Traffic;
  /** Everything that is not as promised. */
  judge(seen: Observation): readonly string[];
}
