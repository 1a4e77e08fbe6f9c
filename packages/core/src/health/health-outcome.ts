import type { ProviderErrorKind } from '../spec/index.ts';

/**
 * What one call or check says of a provider. `fault`: it did not do its work. `limited`: it answered, but only to send us
 * away (429): it works, though not for us now.
 */
export type HealthVerdict = 'success' | 'limited' | 'fault';

/** How an answer compares with what is usual of its model. */
export type AnswerSpeed = 'usual' | 'slow' | 'very-slow';

/** One call or check that has ended, as far as health depends on it. */
export interface HealthOutcome {
  /** Epoch milliseconds of its end. */
  readonly atMs: number;
  readonly source: 'call' | 'check';
  readonly verdict: HealthVerdict;
  /** Of a success; other verdicts count as very slow. */
  readonly speed: AnswerSpeed;
}

const verdictByKind: Readonly<Record<ProviderErrorKind, HealthVerdict | undefined>> = {
  // Nobody gets an answer with a dead key or an empty account, whoever has to act.
  auth: 'fault',
  quota: 'fault',
  'rate-limit': 'limited',
  overloaded: 'fault',
  server: 'fault',
  timeout: 'fault',
  network: 'fault',
  'invalid-response': 'fault',
  'invalid-request': undefined,
  'context-length': undefined,
  'content-filter': undefined,
  'model-not-found': undefined,
  budget: undefined,
  cancelled: undefined,
};

/** The verdict of a failure; undefined when it says nothing of the provider: a mistake of the caller, a cancel, a budget. */
export function judgeFailure(kind: ProviderErrorKind | undefined): HealthVerdict | undefined {
  return kind === undefined ? 'fault' : verdictByKind[kind];
}

/** From when on answers count as slow, in milliseconds. */
export interface SpeedLimits {
  readonly slowMs: number;
  readonly verySlowMs: number;
}

/** Of calls of a model that was not measured yet: the time to its first token. */
export const defaultCallSpeed: SpeedLimits = { slowMs: 10_000, verySlowMs: 30_000 };
/** Of checks: a list of models. */
export const checkSpeed: SpeedLimits = { slowMs: 2_000, verySlowMs: 4_000 };
/** So many measured answers tell what is usual. */
export const usualMinSamples = 20;

/**
 * Limits of a model that usually takes `medianMs`, the median of `samples` answers: slow beyond 2.5 times that and a
 * second, very slow beyond 5 times that and two seconds. The defaults with fewer than {@link usualMinSamples} samples.
 */
export function speedLimitsOf(medianMs: number | undefined, samples: number): SpeedLimits {
  if (medianMs === undefined || samples < usualMinSamples) return defaultCallSpeed;
  return { slowMs: Math.max(1_000, 2.5 * medianMs), verySlowMs: Math.max(2_000, 5 * medianMs) };
}

export function judgeSpeed(latencyMs: number, { slowMs, verySlowMs }: SpeedLimits): AnswerSpeed {
  if (latencyMs > verySlowMs) return 'very-slow';
  return latencyMs > slowMs ? 'slow' : 'usual';
}
