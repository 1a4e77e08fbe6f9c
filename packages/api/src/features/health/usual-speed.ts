import { type SpeedLimits, speedLimitsOf, usualMinSamples } from '@switchyard/core/health';
import { metricSketchError } from '@switchyard/core/metrics';
import { QuantileSketch } from '@switchyard/core/stats';

const generationMs = 6 * 60 * 60 * 1000;
const maxKeys = 5_000;
/** Limits are worked out anew after so many answers. */
const renewAfter = 200;

interface Measured {
  previous: QuantileSketch | undefined;
  current: QuantileSketch;
  startedAtMs: number;
  limits: SpeedLimits;
  addedSince: number;
}

/**
 * What is usual of each model, from its own answers. The measure is the last full six hours, so that a model that became slow
 * is slow for hours before it is usual; until there are such, what was measured so far.
 */
export class UsualSpeed {
  readonly #byKey = new Map<string, Measured>();

  /** From when on an answer of `key` is slow, before `latencyMs` is added to what is usual. */
  measure(key: string, latencyMs: number, nowMs: number): SpeedLimits {
    const measured = this.#get(key, nowMs);
    const { limits } = measured;
    measured.current.add(latencyMs);
    measured.addedSince += 1;
    if (nowMs - measured.startedAtMs > generationMs) {
      if (measured.current.count >= usualMinSamples) measured.previous = measured.current;
      measured.current = new QuantileSketch(metricSketchError);
      measured.startedAtMs = nowMs;
      measured.addedSince = renewAfter;
    }
    if (measured.addedSince >= renewAfter || measured.current.count === usualMinSamples) {
      const basis = measured.previous ?? measured.current;
      measured.limits = speedLimitsOf(basis.quantile(0.5), basis.count);
      measured.addedSince = 0;
    }
    return limits;
  }

  /** Takes what was measured before this process began. */
  seed(key: string, sketch: QuantileSketch, nowMs: number): void {
    if (sketch.count < usualMinSamples) return;
    const measured = this.#get(key, nowMs);
    measured.previous = sketch;
    measured.limits = speedLimitsOf(sketch.quantile(0.5), sketch.count);
  }

  #get(key: string, nowMs: number): Measured {
    const known = this.#byKey.get(key);
    if (known) return known;
    const oldest = this.#byKey.size >= maxKeys ? this.#byKey.keys().next().value : undefined;
    if (oldest !== undefined) this.#byKey.delete(oldest);
    const current = new QuantileSketch(metricSketchError);
    const made = {
      previous: undefined,
      current,
      startedAtMs: nowMs,
      limits: speedLimitsOf(undefined, 0),
      addedSince: 0,
    };
    this.#byKey.set(key, made);
    return made;
  }
}
