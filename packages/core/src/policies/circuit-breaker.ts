import type { ProviderErrorKind } from '../spec/index.ts';

/** When a model's circuit opens and how it is probed. Times in milliseconds on the monotonic clock. */
export interface CircuitSettings {
  /** Only outcomes of this last stretch of time count. */
  readonly windowMs: number;
  /** Opens at this many failures … */
  readonly minErrors: number;
  /** … when they are also at least this share of all outcomes. */
  readonly minErrorRate: number;
  /** Opens also at this many failures without a success between them, whatever their share; absent: never for that. */
  readonly errorsInRow?: number;
  /** From opening to the first probe; also the shortest time between the starts of two probes. */
  readonly coolDownMs: number;
  /** The cool-down doubles with every failed probe up to this. */
  readonly maxCoolDownMs: number;
}

/**
 * Why 25 s and no growth: with a request every 4 s a recovered model is asked again within 29 s, and an outage of a
 * minute meets two probes at most. Together with the two calls that open the circuit (a failed retry beside a fallback
 * counts twice, see {@link settleCall}) that makes four calls for a minute of outage.
 */
export const defaultCircuitSettings: CircuitSettings = {
  windowMs: 30_000,
  minErrors: 3,
  minErrorRate: 0.5,
  // Dense traffic has many successes in its window when an outage begins.
  errorsInRow: 10,
  coolDownMs: 25_000,
  maxCoolDownMs: 25_000,
};

export type CircuitStatus = 'closed' | 'open' | 'half-open';

interface OutcomeBucket {
  readonly startMs: number;
  readonly successes: number;
  readonly failures: number;
  /** Failed calls since the last success in here. */
  readonly failedCalls: number;
}

export type CircuitState =
  | { readonly status: 'closed'; readonly buckets: readonly OutcomeBucket[] }
  | { readonly status: 'open'; readonly untilMs: number; readonly coolDownMs: number }
  /** `coolDownMs` is the one that ended with the last probe, which started at `probedAtMs`. */
  | { readonly status: 'half-open'; readonly probedAtMs: number; readonly coolDownMs: number };

export const closedCircuit: CircuitState = { status: 'closed', buckets: [] };

/** What a call says about its provider: `ignored` says nothing (the caller's fault, a cancel, a bad key). */
export type CircuitOutcome = 'success' | 'failure' | 'ignored';

/** A 429 is left out: the provider works and says itself how long to wait. */
const failureKinds: ReadonlySet<ProviderErrorKind> = new Set([
  'overloaded',
  'server',
  'timeout',
  'network',
  'invalid-response',
]);

/** Only these faults of the provider count; `kind` is undefined after a complete answer. */
export function toCircuitOutcome(kind: ProviderErrorKind | undefined): CircuitOutcome {
  if (kind === undefined) return 'success';
  return failureKinds.has(kind) ? 'failure' : 'ignored';
}

export type CircuitAdmission = 'call' | 'probe' | 'refused';

/** Asks to make a call. A probe changes the state: the next one is not admitted before the cool-down has passed again. */
export function admitCall(
  state: CircuitState,
  nowMs: number,
  settings: CircuitSettings,
): { readonly state: CircuitState; readonly admission: CircuitAdmission; readonly retryInMs: number } {
  if (state.status === 'closed') return { state, admission: 'call', retryInMs: 0 };
  const retryInMs = readProbeDueMs(state, settings) - nowMs;
  if (retryInMs > 0) return { state, admission: 'refused', retryInMs };
  const probing: CircuitState = { status: 'half-open', probedAtMs: nowMs, coolDownMs: state.coolDownMs };
  return { state: probing, admission: 'probe', retryInMs: 0 };
}

/** When a circuit that is not closed admits its next probe. */
export function readProbeDueMs(
  state: Exclude<CircuitState, { status: 'closed' }>,
  settings: Pick<CircuitSettings, 'coolDownMs'>,
): number {
  return state.status === 'open' ? state.untilMs : state.probedAtMs + settings.coolDownMs;
}

/**
 * Takes the outcome of an admitted call. In `open` and `half-open` only probes count: a call that was admitted before
 * the opening knows nothing new. A probe without a verdict leaves the circuit half-open for the next one. The cool-down
 * after a failed probe runs from the probe's start, so that slow probes do not put off the return.
 *
 * `weight` is how many failures a failure counts for.
 */
export function settleCall(
  state: CircuitState,
  outcome: CircuitOutcome,
  isProbe: boolean,
  nowMs: number,
  settings: CircuitSettings,
  weight = 1,
): CircuitState {
  if (outcome === 'ignored') return state;
  if (state.status === 'closed') return countOutcome(state.buckets, outcome, nowMs, settings, weight);
  if (!isProbe || state.status === 'open') return state;
  if (outcome === 'success') return closedCircuit;
  const coolDownMs = Math.max(settings.coolDownMs, Math.min(settings.maxCoolDownMs, state.coolDownMs * 2));
  return { status: 'open', untilMs: Math.max(nowMs, state.probedAtMs + coolDownMs), coolDownMs };
}

/** Ten buckets make up the window: exact enough, and a busy circuit stays small. */
const bucketsPerWindow = 10;

function countOutcome(
  buckets: readonly OutcomeBucket[],
  outcome: 'success' | 'failure',
  nowMs: number,
  settings: CircuitSettings,
  weight: number,
): CircuitState {
  const recent = buckets.filter((bucket) => bucket.startMs > nowMs - settings.windowMs);
  const last = recent.at(-1);
  const isCurrent = last !== undefined && nowMs - last.startMs < settings.windowMs / bucketsPerWindow;
  const base = isCurrent ? last : { startMs: nowMs, successes: 0, failures: 0, failedCalls: 0 };
  const counted: OutcomeBucket =
    outcome === 'success'
      ? { ...base, successes: base.successes + 1, failedCalls: 0 }
      : { ...base, failures: base.failures + weight, failedCalls: base.failedCalls + 1 };
  const kept = [...(isCurrent ? recent.slice(0, -1) : recent), counted];
  const failures = kept.reduce((sum, bucket) => sum + bucket.failures, 0);
  const total = kept.reduce((sum, bucket) => sum + bucket.successes, failures);
  const isRun = settings.errorsInRow !== undefined && countRun(kept) >= settings.errorsInRow;
  const isBad = failures >= settings.minErrors && failures >= total * settings.minErrorRate;
  if (outcome === 'success' || !(isBad || isRun)) return { status: 'closed', buckets: kept };
  return { status: 'open', untilMs: nowMs + settings.coolDownMs, coolDownMs: settings.coolDownMs };
}

/** Failed calls of the window since the last success. */
function countRun(buckets: readonly OutcomeBucket[]): number {
  const lastSuccess = buckets.findLastIndex((bucket) => bucket.successes > 0);
  return buckets.slice(Math.max(0, lastSuccess)).reduce((sum, bucket) => sum + bucket.failedCalls, 0);
}
