import type { AnswerSpeed, HealthVerdict } from '@switchyard/core/health';
import { metricSketchError } from '@switchyard/core/metrics';
import { QuantileSketch } from '@switchyard/core/stats';

/** What the calls of one provider, or of one of its models, came to in one minute. */
export interface MinuteCounter {
  readonly subjectId: string;
  /** Empty for all models together. */
  readonly modelId: string;
  /** Minutes since 1970. */
  readonly minute: number;
  successes: number;
  limited: number;
  faults: number;
  slow: number;
  verySlow: number;
  ignored: number;
  readonly failures: Record<string, number>;
  readonly latency: QuantileSketch;
  /** Something was added since it was last stored. */
  isDirty: boolean;
}

/** One call that has ended. */
export interface CountedCall {
  readonly subjectId: string;
  readonly modelId: string;
  readonly atMs: number;
  /** Undefined: it says nothing of the provider. */
  readonly verdict: HealthVerdict | undefined;
  readonly speed: AnswerSpeed;
  readonly errorKind: string | undefined;
  /** Of a success. */
  readonly latencyMs: number | undefined;
}

/** So many counters at once; later models count in their provider's alone. */
const maxCounters = 4_000;

/** Adds calls up by minute in memory, until they are stored. */
export class MinuteCounters {
  readonly #counters = new Map<string, MinuteCounter>();

  add(call: CountedCall): void {
    this.#addTo('', call);
    this.#addTo(call.modelId, call);
  }

  /** What has to be stored, each with everything that it counted so far: storing it twice is harmless. */
  takeDirty(): readonly MinuteCounter[] {
    return [...this.#counters.values()].filter(({ isDirty }) => isDirty);
  }

  /** Forgets what is stored and cannot grow any more. */
  forgetBefore(minute: number): void {
    for (const [key, counter] of this.#counters)
      if (counter.minute < minute && !counter.isDirty) this.#counters.delete(key);
  }

  #addTo(modelId: string, call: CountedCall): void {
    const minute = Math.floor(call.atMs / 60_000);
    const key = `${minute} ${call.subjectId} ${modelId}`;
    let counter = this.#counters.get(key);
    if (!counter) {
      if (this.#counters.size >= maxCounters) return;
      const none = { successes: 0, limited: 0, faults: 0, slow: 0, verySlow: 0, ignored: 0 };
      const latency = new QuantileSketch(metricSketchError);
      counter = { subjectId: call.subjectId, modelId, minute, ...none, failures: {}, latency, isDirty: true };
      this.#counters.set(key, counter);
    }
    counter.isDirty = true;
    if (call.errorKind !== undefined) counter.failures[call.errorKind] = (counter.failures[call.errorKind] ?? 0) + 1;
    if (call.verdict === undefined) counter.ignored += 1;
    else if (call.verdict === 'fault') counter.faults += 1;
    else if (call.verdict === 'limited') counter.limited += 1;
    else {
      counter.successes += 1;
      if (call.speed === 'slow') counter.slow += 1;
      else if (call.speed === 'very-slow') counter.verySlow += 1;
      if (call.latencyMs !== undefined) counter.latency.add(call.latencyMs);
    }
  }
}
