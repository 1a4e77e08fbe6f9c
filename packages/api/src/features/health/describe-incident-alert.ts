import type { AlertKind } from '@switchyard/core/guardrails';
import { describeTrouble, durationText, type HealthCause, type HealthStatus } from '@switchyard/core/health';
import type { HealthIncident } from '../../generated/prisma/client.ts';
import type { AlertDraft } from '../alerts/raise-alert.ts';
import type { HealthSubject } from './health-subject.ts';

/**
 * What a team is told of an incident as it stands. All alerts of one incident have one key: it is told once, again when it
 * gets worse or lasts, and its end to those who heard of it.
 */
export function describeIncidentAlert(
  teamId: string,
  incident: HealthIncident,
  subject: Pick<HealthSubject, 'score' | 'errorRate' | 'lastFailure'>,
  atMs: number,
): AlertDraft {
  const isOver = incident.closedAt !== null;
  const isDown = incident.severity === 'down';
  const name = incident.rehearsalId === null ? incident.displayName : `Rehearsal: ${incident.displayName}`;
  const lastedMs = (incident.closedAt?.getTime() ?? atMs) - incident.startedAt.getTime();
  const isRehearsal = incident.rehearsalId !== null;
  const facts = [
    ...(isRehearsal ? [{ name: 'rehearsal', label: 'Rehearsal', value: true }] : []),
    { name: 'providerId', label: 'Provider', value: incident.slug },
    { name: 'startedAt', label: 'Since', value: incident.startedAt.toISOString() },
    ...(isOver ? [{ name: 'lasted', label: 'Lasted', value: durationText(lastedMs) }] : []),
    ...(subject.score ? [{ name: 'score', label: 'Score', value: Math.round(subject.score.score) }] : []),
    ...(subject.errorRate === undefined
      ? []
      : [{ name: 'errorRate', label: 'Failing', value: `${Math.round(1_000 * subject.errorRate) / 10} %` }]),
    ...(incident.models.length === 0
      ? []
      : [{ name: 'models', label: 'Models', value: incident.models.slice(0, 5).join(', ') }]),
  ];
  const shared = {
    teamId,
    origin: incident.origin === 'LIVE' ? ('live' as const) : ('simulated' as const),
    link: `/health?incident=${incident.id}`,
    facts,
    dedupeKey: `provider.incident:${incident.id}`,
    atMs,
  };
  if (isOver) {
    return {
      ...shared,
      kind: 'provider.recovered',
      severity: isDown ? 'critical' : 'warning',
      status: 'resolved',
      title: `${name} is well again`,
      message: `The incident lasted ${durationText(lastedMs)}. Calls go to it again; nothing has to be done.`,
    };
  }
  const trouble = describeTrouble({
    status: isDown ? 'down' : (incident.status as HealthStatus),
    cause: incident.cause as HealthCause,
    lastError: subject.lastFailure?.message,
  });
  return {
    ...shared,
    kind: isDown ? 'provider.down' : (kindByCause[incident.cause] ?? 'provider.degraded'),
    severity: isDown ? 'critical' : 'warning',
    status: 'firing',
    title: isDown ? `${name} is down` : incident.cause === 'latency' ? `${name} is slow` : `${name} fails too often`,
    message: `${trouble} Requests that name fallbacks go to those meanwhile; look at the page Health for what is affected.`,
  };
}

const kindByCause: Readonly<Record<string, AlertKind>> = {
  latency: 'provider.latency',
  errors: 'provider.errorRate',
};
