import type { ProviderErrorKind } from '../spec/index.ts';

/** When a model's circuit opens and how it is probed. Times in milliseconds on the monotonic clock. */
export interface CircuitSettings {
  /** Only outcomes of this last stretch of time count. */
  readonly windowMs: number;
  /** Opens at this many failures … */
  readonly minErrors: number;
  /** … when they are also at least this share of all outcomes. */
  readonly minErrorRate: number;
  /** From opening to the first probe; also the shortest time between two probes. */
  readonly coolDownMs: number;
  /** The cool-down doubles with every failed probe up to this. */
  readonly maxCoolDownMs: number;
}

export const defaultCircuitSettings: CircuitSettings = {
  windowMs: 30_000,
  minErrors: 3,
  minErrorRate: 0.5,
  coolDownMs: 15_000,
  maxCoolDownMs: 25_000,
};

export type CircuitStatus = 'closed' | 'open' | 'half-open';

interface OutcomeBucket {
  readonly startMs: number;
  readonly successes: number;
  readonly failures: number;
}

export type CircuitState =
  | { readonly status: 'closed'; readonly buckets: readonly OutcomeBucket[] }
  | { readonly status: 'open'; readonly untilMs: number; readonly coolDownMs: number }
  | { readonly status: 'half-open'; readonly nextProbeAtMs: number; readonly coolDownMs: number };

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
  const retryInMs = (state.status === 'open' ? state.untilMs : state.nextProbeAtMs) - nowMs;
  if (retryInMs > 0) return { state, admission: 'refused', retryInMs };
  const probing: CircuitState = {
    status: 'half-open',
    nextProbeAtMs: nowMs + settings.coolDownMs,
    coolDownMs: state.coolDownMs,
  };
  return { state: probing, admission: 'probe', retryInMs: 0 };
}

/**
 * Takes the outcome of an admitted call. In `open` and `half-open` only probes count: a call that was admitted before
 * the opening knows nothing new. A probe without a verdict leaves the circuit half-open for the next one.
 */
export function settleCall(
  state: CircuitState,
  outcome: CircuitOutcome,
  isProbe: boolean,
  nowMs: number,
  settings: CircuitSettings,
): CircuitState {
  if (outcome === 'ignored') return state;
  if (state.status === 'closed') return countOutcome(state.buckets, outcome, nowMs, settings);
  if (!isProbe || state.status === 'open') return state;
  if (outcome === 'success') return closedCircuit;
  const coolDownMs = Math.max(settings.coolDownMs, Math.min(settings.maxCoolDownMs, state.coolDownMs * 2));
  return { status: 'open', untilMs: nowMs + coolDownMs, coolDownMs };
}

/** Ten buckets make up the window: exact enough, and a busy circuit stays small. */
const bucketsPerWindow = 10;

function countOutcome(
  buckets: readonly OutcomeBucket[],
  outcome: 'success' | 'failure',
  nowMs: number,
  settings: CircuitSettings,
): CircuitState {
  const recent = buckets.filter((bucket) => bucket.startMs > nowMs - settings.windowMs);
  const last = recent.at(-1);
  const isCurrent = last !== undefined && nowMs - last.startMs < settings.windowMs / bucketsPerWindow;
  const base = isCurrent ? last : { startMs: nowMs, successes: 0, failures: 0 };
  const counted: OutcomeBucket =
    outcome === 'success' ? { ...base, successes: base.successes + 1 } : { ...base, failures: base.failures + 1 };
  const kept = [...(isCurrent ? recent.slice(0, -1) : recent), counted];
  const failures = kept.reduce((sum, bucket) => sum + bucket.failures, 0);
  const total = kept.reduce((sum, bucket) => sum + bucket.successes, failures);
  const isBad = failures >= settings.minErrors && failures >= total * settings.minErrorRate;
  if (outcome === 'success' || !isBad) return { status: 'closed', buckets: kept };
  return { status: 'open', untilMs: nowMs + settings.coolDownMs, coolDownMs: settings.coolDownMs };
}
