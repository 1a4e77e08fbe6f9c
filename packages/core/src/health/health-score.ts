import type { HealthOutcome } from './health-outcome.ts';

/** Outcomes added up. */
export interface OutcomeCounts {
  readonly successes: number;
  readonly limited: number;
  readonly faults: number;
  /** Of the successes. */
  readonly slow: number;
  readonly verySlow: number;
  /** Stretches of time with any outcome, and those of them in which anything was answered at all. */
  readonly stretches: number;
  readonly stretchesUp: number;
}

export const noOutcomes: OutcomeCounts = {
  successes: 0,
  limited: 0,
  faults: 0,
  slow: 0,
  verySlow: 0,
  stretches: 0,
  stretchesUp: 0,
};

/** How well a provider does, each part and the whole from 0 (worst) to 100. */
export interface HealthScore {
  readonly score: number;
  /** Share of the time in which it answered at all; 40 % of the score. */
  readonly uptime: number;
  /** Answers in the usual time; 30 % of the score. */
  readonly latency: number;
  /** Few failures; 30 % of the score. */
  readonly errorRate: number;
}

export const healthWeights = { uptime: 0.4, latency: 0.3, errorRate: 0.3 } as const;

/** The share of failures at which nothing is left of the part for errors. */
export const worstErrorRate = 0.25;

const stretchMs = 10_000;

/** Adds up `outcomes`; a stretch is ten seconds. */
export function countOutcomes(outcomes: readonly HealthOutcome[]): OutcomeCounts {
  const counts = { successes: 0, limited: 0, faults: 0, slow: 0, verySlow: 0 };
  const stretches = new Map<number, boolean>();
  for (const { atMs, verdict, speed } of outcomes) {
    const stretch = Math.floor(atMs / stretchMs);
    stretches.set(stretch, stretches.get(stretch) === true || verdict !== 'fault');
    if (verdict === 'fault') counts.faults += 1;
    else if (verdict === 'limited') counts.limited += 1;
    else {
      counts.successes += 1;
      if (speed === 'slow') counts.slow += 1;
      else if (speed === 'very-slow') counts.verySlow += 1;
    }
  }
  let stretchesUp = 0;
  for (const isUp of stretches.values()) if (isUp) stretchesUp += 1;
  return { ...counts, stretches: stretches.size, stretchesUp };
}

/**
 * The score of what `counts` adds up; undefined without outcomes.
 *
 * Uptime is the share of stretches with an answer. Errors are the share of outcomes without an answer of use, measured
 * against {@link worstErrorRate}. Latency is the Apdex of the outcomes (Apdex Alliance 2007): usual answers count 1, slow ones ½,
 * very slow ones and those that never came 0; so that a success in place of which a failure comes never raises the score.
 */
export function scoreHealth(counts: OutcomeCounts): HealthScore | undefined {
  const { successes, limited, faults, slow, verySlow, stretches, stretchesUp } = counts;
  const all = successes + limited + faults;
  if (all === 0 || stretches === 0) return undefined;
  const uptime = 100 * (stretchesUp / stretches);
  const errorRate = 100 * (1 - Math.min(1, (limited + faults) / all / worstErrorRate));
  const latency = 100 * Math.max(0, (successes - verySlow - slow / 2) / all);
  const score = healthWeights.uptime * uptime + healthWeights.latency * latency + healthWeights.errorRate * errorRate;
  return { score: Math.min(100, Math.max(0, score)), uptime, latency, errorRate };
}

/** Failures as a share of all outcomes; undefined without outcomes. */
export function errorRateOf({ successes, limited, faults }: OutcomeCounts): number | undefined {
  const all = successes + limited + faults;
  return all === 0 ? undefined : (limited + faults) / all;
}
