import { type Alert, type AlertSeverity, alertSeverities } from './alert.ts';

/** What is remembered of everything that was raised under one key. Times are epoch ms. */
export interface AlertState {
  readonly severity: AlertSeverity;
  readonly isOpen: boolean;
  /** When the trouble that is open, or was open last, was first raised. */
  readonly openedAtMs: number;
  /** Undefined: nobody was told of this trouble yet. */
  readonly notifiedAtMs: number | undefined;
  /** How often it was raised since it opened. */
  readonly occurrences: number;
  /** Until then nobody is told. */
  readonly mutedUntilMs: number | undefined;
}

export interface AlertDecision {
  readonly isNotified: boolean;
  /** `opened`, `worse`, `again` and `resolved` notify; `known`, `muted` and `not-open` do not. */
  readonly reason: 'opened' | 'worse' | 'again' | 'resolved' | 'known' | 'muted' | 'not-open';
  readonly state: AlertState;
}

export interface AlertPolicy {
  /** What lasts is told again after this time; `Infinity`: never. */
  readonly renotifyAfterMs: number;
}

export const defaultAlertPolicy: AlertPolicy = { renotifyAfterMs: 24 * 60 * 60 * 1000 };

/**
 * Whether people are told of `alert`, `state` being what is remembered under its key (undefined: nothing). The same
 * trouble is told once, again when it got worse, and again after `renotifyAfterMs`; its end is told to those who were
 * told of it. What is raised while muted is told by the first alert after the mute, since nobody knows of it yet. A
 * clock that was set back counts as no time passed.
 */
export function decideAlert(
  state: AlertState | undefined,
  alert: Pick<Alert, 'severity' | 'status'>,
  nowMs: number,
  policy: AlertPolicy = defaultAlertPolicy,
): AlertDecision {
  const isMuted = state?.mutedUntilMs !== undefined && nowMs < state.mutedUntilMs;
  if (alert.status === 'resolved') {
    const known = state ?? newState(alert.severity, nowMs);
    if (!known.isOpen || state === undefined) {
      return { isNotified: false, reason: 'not-open', state: { ...known, isOpen: false } };
    }
    const closed = { ...known, isOpen: false };
    if (isMuted) return { isNotified: false, reason: 'muted', state: closed };
    const wasTold = known.notifiedAtMs !== undefined;
    return { isNotified: wasTold, reason: wasTold ? 'resolved' : 'not-open', state: closed };
  }
  const before = state?.isOpen ? state : undefined;
  const next: AlertState = {
    ...(before ?? { ...newState(alert.severity, nowMs), mutedUntilMs: state?.mutedUntilMs }),
    occurrences: (before?.occurrences ?? 0) + 1,
  };
  const reason = reasonToTell(before, alert.severity, nowMs, policy);
  if (isMuted) return { isNotified: false, reason: 'muted', state: next };
  if (reason === 'known') return { isNotified: false, reason, state: next };
  return { isNotified: true, reason, state: { ...next, severity: alert.severity, notifiedAtMs: nowMs } };
}

/** Nobody is told until `untilMs`; a time in the past takes the mute back. */
export function muteAlert(state: AlertState, untilMs: number, nowMs: number): AlertState {
  return { ...state, mutedUntilMs: untilMs > nowMs ? untilMs : undefined };
}

function reasonToTell(
  before: AlertState | undefined,
  severity: AlertSeverity,
  nowMs: number,
  policy: AlertPolicy,
): 'opened' | 'worse' | 'again' | 'known' {
  if (before?.notifiedAtMs === undefined) return 'opened';
  if (alertSeverities.indexOf(severity) > alertSeverities.indexOf(before.severity)) return 'worse';
  return nowMs - before.notifiedAtMs >= policy.renotifyAfterMs ? 'again' : 'known';
}

function newState(severity: AlertSeverity, nowMs: number): AlertState {
  return {
    severity,
    isOpen: true,
    openedAtMs: nowMs,
    notifiedAtMs: undefined,
    occurrences: 0,
    mutedUntilMs: undefined,
  };
}
