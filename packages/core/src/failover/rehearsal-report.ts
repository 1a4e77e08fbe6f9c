/** One call of a rehearsal. Times are epoch milliseconds. */
export interface RehearsedCall {
  readonly phase: 'baseline' | 'broken' | 'recovery';
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Who answered; undefined when nobody did. */
  readonly servedModelId: string | undefined;
  /** Whether the provider that is broken answered itself. */
  readonly isByPrimary: boolean;
  /** When attempts at the broken provider failed. */
  readonly failedAtMs: readonly number[];
  /** From each failure that led to another model until that one was asked. */
  readonly failoverMs: readonly number[];
  /** What it cost, what of that was paid for nothing, and above the price of what was asked for. */
  readonly costNanoUsd: bigint;
  readonly wastedNanoUsd: bigint;
  readonly extraNanoUsd: bigint;
  readonly isCostUnknown: boolean;
  readonly error: string | undefined;
}

export interface RehearsalAlert {
  readonly id: string;
  readonly kind: string;
  readonly status: 'firing' | 'resolved';
  readonly title: string;
  readonly atMs: number;
}

/** What was seen of a rehearsal. */
export interface RehearsalObservations {
  readonly brokenAtMs: number | undefined;
  readonly restoredAtMs: number | undefined;
  readonly endedAtMs: number;
  /** When the status left healthy, when that was told to subscribers, and when it was healthy again. */
  readonly detectedAtMs: number | undefined;
  readonly toldAtMs: number | undefined;
  readonly recoveredAtMs: number | undefined;
  readonly incidentId: string | undefined;
  readonly incidents: number;
  readonly alerts: readonly RehearsalAlert[];
  readonly calls: readonly RehearsedCall[];
  /** A fault that does not fail calls is not detected within a number of failed ones. */
  readonly isFailing: boolean;
  /** Whether incidents and alerts are made at all: a fault that is injected makes none. */
  readonly hasIncidents: boolean;
}

/** One promise and what was measured of it. */
export interface RehearsalCheck {
  readonly name: string;
  readonly target: string;
  readonly measured: string;
  /** Undefined: it could not be measured. */
  readonly isMet: boolean | undefined;
}

/** What a rehearsal showed; plain JSON, money as text of nano-dollars. */
export interface RehearsalReport {
  readonly timeToDetectMs: number | null;
  readonly failedCallsUntilDetected: number | null;
  readonly eventDelayMs: number | null;
  readonly failovers: number;
  readonly failoverP50Ms: number | null;
  readonly failoverP95Ms: number | null;
  readonly failoverMaxMs: number | null;
  readonly callsMade: number;
  readonly callsRescued: number;
  readonly callsLost: number;
  readonly failedAttempts: number;
  readonly normalNanoUsd: string;
  readonly extraNanoUsd: string;
  readonly wastedNanoUsd: string;
  readonly unknownCosts: number;
  readonly alerts: readonly RehearsalAlert[];
  readonly incidentId: string | null;
  readonly timeToRecoverMs: number | null;
  readonly firstOwnAnswerMs: number | null;
  readonly checks: readonly RehearsalCheck[];
  readonly errors: readonly string[];
}

const mostErrors = 5;

/** Adds up what was seen. Pure. */
export function buildRehearsalReport(seen: RehearsalObservations): RehearsalReport {
  const { calls, brokenAtMs, restoredAtMs, detectedAtMs, toldAtMs, recoveredAtMs, alerts } = seen;
  const tried = calls.filter(({ phase }) => phase !== 'baseline');
  const failures = tried.flatMap(({ failedAtMs }) => failedAtMs).sort((a, b) => a - b);
  const firstFailureMs = failures[0];
  const failoverMs = tried.flatMap((call) => call.failoverMs).sort((a, b) => a - b);
  const rescued = tried.filter(({ servedModelId, isByPrimary }) => servedModelId !== undefined && !isByPrimary);
  const lost = tried.filter(({ servedModelId }) => servedModelId === undefined);
  const until = detectedAtMs;
  // Those that were over when the status changed; the clock of the status has whole milliseconds.
  const failedUntil = until === undefined ? undefined : failures.filter((atMs) => atMs <= until).length;
  const deciding = until === undefined ? undefined : failures.findLast((atMs) => atMs <= until);
  const ownAnswer = tried.find(
    ({ isByPrimary, endedAtMs }) => isByPrimary && restoredAtMs !== undefined && endedAtMs >= restoredAtMs,
  );
  const sum = (read: (call: RehearsedCall) => bigint) => tried.reduce((total, call) => total + read(call), 0n);
  const [cost, extra, wasted] = [
    sum((call) => call.costNanoUsd),
    sum((call) => call.extraNanoUsd),
    sum((call) => call.wastedNanoUsd),
  ];
  const figures = {
    timeToDetectMs: between(firstFailureMs ?? brokenAtMs, detectedAtMs),
    failedCallsUntilDetected: seen.isFailing ? (failedUntil ?? null) : null,
    eventDelayMs: between(deciding, toldAtMs),
    failovers: failoverMs.length,
    failoverP50Ms: quantile(failoverMs, 0.5),
    failoverP95Ms: quantile(failoverMs, 0.95),
    failoverMaxMs: quantile(failoverMs, 1),
    callsMade: calls.length,
    callsRescued: rescued.length,
    callsLost: lost.length,
    failedAttempts: failures.length,
    normalNanoUsd: (cost - extra - wasted).toString(),
    extraNanoUsd: extra.toString(),
    wastedNanoUsd: wasted.toString(),
    unknownCosts: tried.filter(({ isCostUnknown }) => isCostUnknown).length,
    alerts,
    incidentId: seen.incidentId ?? null,
    timeToRecoverMs: between(restoredAtMs, recoveredAtMs),
    firstOwnAnswerMs: between(restoredAtMs, ownAnswer?.endedAtMs),
    errors: [...new Set(tried.flatMap(({ error }) => error ?? []))].slice(0, mostErrors),
  };
  return { ...figures, checks: checkPromises(figures, seen) };
}

function checkPromises(
  figures: Omit<RehearsalReport, 'checks'>,
  { isFailing, hasIncidents, incidents, alerts }: RehearsalObservations,
): readonly RehearsalCheck[] {
  const checks: RehearsalCheck[] = [];
  const check = (name: string, target: string, measured: string | undefined, isMet: boolean) =>
    checks.push({
      name,
      target,
      measured: measured ?? 'not measured',
      isMet: measured === undefined ? undefined : isMet,
    });
  const ms = (value: number | null) => (value === null ? undefined : `${Math.round(value)} ms`);
  const { failedCallsUntilDetected: failed, eventDelayMs, failoverMaxMs, timeToRecoverMs } = figures;
  if (isFailing) {
    check(
      'Detected within failed calls',
      'at most 3',
      failed === null ? undefined : String(failed),
      (failed ?? 9) <= 3,
    );
    check('Status and event', 'within 1 s of the last of them', ms(eventDelayMs), (eventDelayMs ?? 0) <= 1_000);
  }
  if (failoverMaxMs !== null)
    check('Failover after each failure', 'within 20 ms', ms(failoverMaxMs), failoverMaxMs <= 20);
  check('Calls without an answer', 'none', String(figures.callsLost), figures.callsLost === 0);
  check('Recovery', 'within 30 s', ms(timeToRecoverMs), (timeToRecoverMs ?? 0) <= 30_000);
  if (isFailing && hasIncidents) {
    const firing = alerts.filter(({ status }) => status === 'firing').length;
    check('Incidents', 'one', String(incidents), incidents === 1);
    check('Alerts', 'one', String(firing), firing === 1);
    check('Recoveries told', 'one', String(alerts.length - firing), alerts.length - firing === 1);
  }
  return checks;
}

function between(fromMs: number | undefined, toMs: number | undefined): number | null {
  return fromMs === undefined || toMs === undefined ? null : Math.max(0, toMs - fromMs);
}

/** Nearest rank, of values in ascending order. */
function quantile(values: readonly number[], share: number): number | null {
  const value = values[Math.max(0, Math.ceil(values.length * share) - 1)];
  return value === undefined ? null : Math.round(value * 10) / 10;
}
