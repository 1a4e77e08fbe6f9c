import type { HealthCause, HealthStatus } from './judge-health.ts';

export type IncidentSeverity = 'degraded' | 'down';

export const incidentEntryKinds = [
  'opened',
  'worse',
  'better',
  'cause',
  'models',
  'quiet',
  'back',
  'reopened',
  'closed',
  'note',
  'maintenance',
] as const;
/** What a step of an incident's timeline is. */
export type IncidentEntryKind = (typeof incidentEntryKinds)[number];

/** One incident of one provider. Times are epoch milliseconds. */
export interface IncidentState {
  /** When the trouble began: its first fault, not the moment at which it was noticed. */
  readonly startedAtMs: number;
  readonly detectedAtMs: number;
  /** The worst so far. */
  readonly severity: IncidentSeverity;
  /** How the provider stood at the last observation. */
  readonly status: HealthStatus;
  readonly cause: HealthCause;
  /** `provider/model`, those that failed, at most {@link maxIncidentModels}. */
  readonly models: readonly string[];
  /** Since when it has been well; undefined while it is not. */
  readonly wellSinceMs: number | undefined;
  readonly closedAtMs: number | undefined;
  /** How often it came back after it was closed. */
  readonly reopened: number;
}

/** A step of the timeline, to be stored with the state that it led to. */
export interface IncidentStep {
  readonly kind: IncidentEntryKind;
  readonly atMs: number;
  readonly text: string;
}

export const maxIncidentModels = 50;

/** When incidents end. */
export interface IncidentSettings {
  /** A provider that has been well for so long ends its incident; four times as long after each return, up to the longest. */
  readonly closeAfterMs: number;
  readonly longestCloseAfterMs: number;
  /** Trouble that comes back so soon is the same incident. */
  readonly reopenWithinMs: number;
  /** An incident of which nothing was heard for so long ends. */
  readonly closeUnknownAfterMs: number;
}

export const defaultIncidentSettings: IncidentSettings = {
  closeAfterMs: 3_000,
  longestCloseAfterMs: 300_000,
  reopenWithinMs: 300_000,
  closeUnknownAfterMs: 86_400_000,
};

/** What is known of a provider at a moment. */
export interface IncidentObservation {
  readonly atMs: number;
  readonly status: HealthStatus;
  /** Since when the status holds, in the sense of {@link IncidentState.startedAtMs}. */
  readonly troubleSinceMs: number;
  readonly cause: HealthCause | undefined;
  /** Models whose calls failed lately. */
  readonly models: readonly string[];
  /** The vendor's last words about it. */
  readonly lastError: string | undefined;
}

/**
 * Takes an observation. `incident` is the provider's open one, or the last one that was closed; undefined: it never had
 * any. Answers the incident as it stands now and the steps that led there; without steps nothing needs to be stored but
 * the state, and when the state is the same object, nothing at all. A new incident is one whose steps begin with `opened`.
 */
export function observeIncident(
  incident: IncidentState | undefined,
  seen: IncidentObservation,
  settings: IncidentSettings = defaultIncidentSettings,
): { readonly incident: IncidentState | undefined; readonly steps: readonly IncidentStep[] } {
  const isTrouble = seen.status === 'down' || seen.status === 'degraded';
  if (incident === undefined || incident.closedAtMs !== undefined) {
    if (!isTrouble) return { incident, steps: [] };
    const closedAtMs = incident?.closedAtMs;
    const isReturn = closedAtMs !== undefined && seen.atMs - closedAtMs < settings.reopenWithinMs;
    return incident && isReturn ? reopen(incident, seen) : open(seen);
  }
  if (isTrouble) return goOn(incident, seen);
  if (seen.status === 'unknown') return goQuiet(incident, seen, settings);
  return recover(incident, seen, settings);
}

function open(seen: IncidentObservation) {
  const incident: IncidentState = {
    startedAtMs: Math.min(seen.troubleSinceMs, seen.atMs),
    detectedAtMs: seen.atMs,
    severity: severityOf(seen.status),
    status: seen.status,
    cause: seen.cause ?? 'errors',
    models: seen.models.slice(0, maxIncidentModels),
    wellSinceMs: undefined,
    closedAtMs: undefined,
    reopened: 0,
  };
  return { incident, steps: [{ kind: 'opened' as const, atMs: seen.atMs, text: describeTrouble(seen) }] };
}

function reopen(incident: IncidentState, seen: IncidentObservation) {
  const next: IncidentState = {
    ...incident,
    severity: worseOf(incident.severity, severityOf(seen.status)),
    status: seen.status,
    cause: seen.cause ?? incident.cause,
    models: addModels(incident.models, seen.models),
    wellSinceMs: undefined,
    closedAtMs: undefined,
    reopened: incident.reopened + 1,
  };
  const text = `It came back. ${describeTrouble(seen)}`;
  return { incident: next, steps: [{ kind: 'reopened' as const, atMs: seen.atMs, text }] };
}

function goOn(incident: IncidentState, seen: IncidentObservation) {
  const steps: IncidentStep[] = [];
  const step = (kind: IncidentEntryKind, text: string) => steps.push({ kind, atMs: seen.atMs, text });
  const cause = seen.cause ?? incident.cause;
  const models = addModels(incident.models, seen.models);
  if (incident.status !== seen.status) {
    if (seen.status === 'down') step('worse', describeTrouble(seen));
    else if (incident.status === 'down') step('better', 'It answers again, but not as it should.');
    else step('worse', describeTrouble(seen));
  } else if (cause !== incident.cause) step('cause', describeTrouble(seen));
  if (models !== incident.models) {
    step('models', `Also affected: ${models.slice(incident.models.length).join(', ')}.`);
  }
  const hasChanged = steps.length > 0 || incident.wellSinceMs !== undefined;
  if (!hasChanged) return { incident, steps };
  const severity = worseOf(incident.severity, severityOf(seen.status));
  const next = { ...incident, severity, status: seen.status, cause, models, wellSinceMs: undefined };
  return { incident: next, steps };
}

function goQuiet(incident: IncidentState, seen: IncidentObservation, settings: IncidentSettings) {
  if (incident.status !== 'unknown') {
    const text = 'Nothing is heard of it any more: whether the trouble lasts is not known.';
    const next: IncidentState = { ...incident, status: 'unknown', wellSinceMs: seen.atMs };
    return { incident: next, steps: [{ kind: 'quiet' as const, atMs: seen.atMs, text }] };
  }
  if (seen.atMs - (incident.wellSinceMs ?? seen.atMs) < settings.closeUnknownAfterMs) return { incident, steps: [] };
  const text = 'Closed: nothing was heard of it for a day.';
  return {
    incident: { ...incident, closedAtMs: seen.atMs },
    steps: [{ kind: 'closed' as const, atMs: seen.atMs, text }],
  };
}

function recover(incident: IncidentState, seen: IncidentObservation, settings: IncidentSettings) {
  const isNews = incident.status !== 'healthy' || incident.wellSinceMs === undefined;
  const wellSinceMs = isNews ? seen.atMs : (incident.wellSinceMs ?? seen.atMs);
  const steps: IncidentStep[] = isNews
    ? [{ kind: 'back', atMs: seen.atMs, text: 'It answers as it should again.' }]
    : [];
  const waitMs = Math.min(settings.longestCloseAfterMs, settings.closeAfterMs * 4 ** incident.reopened);
  // A clock that was set back ends nothing early and holds nothing open: the wait begins anew.
  const isOver = seen.atMs - wellSinceMs >= waitMs;
  if (!isOver) {
    if (!isNews && seen.atMs >= wellSinceMs) return { incident, steps };
    return { incident: { ...incident, status: seen.status, wellSinceMs: Math.min(wellSinceMs, seen.atMs) }, steps };
  }
  steps.push({
    kind: 'closed',
    atMs: seen.atMs,
    text: `Closed after ${durationText(seen.atMs - incident.startedAtMs)}.`,
  });
  return { incident: { ...incident, status: seen.status, wellSinceMs, closedAtMs: seen.atMs }, steps };
}

/** What is wrong, in one or two sentences for people. */
export function describeTrouble({
  status,
  cause,
  lastError,
}: Pick<IncidentObservation, 'status' | 'cause' | 'lastError'>): string {
  const words = lastError === undefined ? '' : ` Its last error: ${lastError}`;
  if (status === 'down') return `It does not answer.${words}`;
  if (cause === 'latency') return 'It answers slower than usual.';
  if (cause === 'mixed') return `Too many of its calls fail, and the others take longer than usual.${words}`;
  return `Too many of its calls fail.${words}`;
}

/** For people: `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. */
export function durationText(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1_000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

function severityOf(status: HealthStatus): IncidentSeverity {
  return status === 'down' ? 'down' : 'degraded';
}

function worseOf(a: IncidentSeverity, b: IncidentSeverity): IncidentSeverity {
  return a === 'down' || b === 'down' ? 'down' : 'degraded';
}

function addModels(known: readonly string[], seen: readonly string[]): readonly string[] {
  const added = seen.filter((model) => !known.includes(model)).slice(0, Math.max(0, maxIncidentModels - known.length));
  return added.length === 0 ? known : [...known, ...added];
}
