import {
  type HealthCause,
  type HealthStatus,
  type IncidentObservation,
  type IncidentSettings,
  type IncidentSeverity,
  type IncidentState,
  type IncidentStep,
  observeIncident,
} from '@switchyard/core/health';
import type { Ids } from '@switchyard/core/kernel';
import type { HealthIncident, Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { HealthSubject } from './health-subject.ts';

/** What an observation did to an incident. */
export interface IncidentChange {
  readonly incident: HealthIncident;
  readonly steps: readonly IncidentStep[];
}

/**
 * Brings the incident of a provider up to date with how the provider stands, within `tx`: of several processes one at a time. The
 * caller holds the lock of the provider's row. Undefined when nothing changed.
 */
export async function keepIncident(
  tx: Prisma.TransactionClient,
  ids: Ids,
  subject: HealthSubject,
  observation: IncidentObservation,
  settings: IncidentSettings,
): Promise<IncidentChange | undefined> {
  const row = await tx.healthIncident.findFirst({
    where: { subjectId: subject.id },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
  });
  const before = row ? toIncidentState(row) : undefined;
  const { incident, steps } = observeIncident(before, observation, settings);
  if (incident === undefined || incident === before) return undefined;
  const at = new Date(observation.atMs);
  const isNew = steps[0]?.kind === 'opened';
  const id = isNew || row === null ? ids.next('inc') : row.id;
  const columns = {
    openKey: incident.closedAtMs === undefined ? subject.id : null,
    severity: incident.severity,
    status: incident.status,
    cause: incident.cause,
    models: [...incident.models],
    wellSince: toDate(incident.wellSinceMs),
    closedAt: toDate(incident.closedAtMs),
    reopened: incident.reopened,
    updatedAt: at,
  };
  const stored = isNew
    ? await tx.healthIncident.create({
        data: {
          ...columns,
          id,
          subjectId: subject.id,
          teamId: subject.teamId ?? null,
          slug: subject.slug,
          displayName: subject.displayName,
          rehearsalId: await findRehearsal(tx, subject.id),
          origin: subject.origin === 'live' ? 'LIVE' : 'SIMULATED',
          startedAt: new Date(incident.startedAtMs),
          detectedAt: new Date(incident.detectedAtMs),
        },
      })
    : await tx.healthIncident.update({ where: { id }, data: columns });
  if (steps.length > 0) {
    await tx.healthIncidentEntry.createMany({
      data: steps.map(({ kind, atMs, text }) => ({
        id: ids.next('ine'),
        incidentId: id,
        kind,
        text,
        at: new Date(atMs),
      })),
    });
  }
  return { incident: stored, steps };
}

/** The rehearsal that has broken a simulated provider, when one has. */
async function findRehearsal(tx: Prisma.TransactionClient, subjectId: string): Promise<string | null> {
  const row = await tx.failureRehearsal.findFirst({
    where: { subjectId, openKey: subjectId, state: 'running', phase: { in: ['broken', 'restored'] } },
    select: { id: true },
  });
  return row?.id ?? null;
}

export function toIncidentState(row: HealthIncident): IncidentState {
  return {
    startedAtMs: row.startedAt.getTime(),
    detectedAtMs: row.detectedAt.getTime(),
    severity: row.severity as IncidentSeverity,
    status: row.status as HealthStatus,
    cause: row.cause as HealthCause,
    models: row.models,
    wellSinceMs: row.wellSince?.getTime(),
    closedAtMs: row.closedAt?.getTime(),
    reopened: row.reopened,
  };
}

/** The incidents that are open, of all teams. */
export function findOpenIncidents(prisma: PrismaClient): Promise<HealthIncident[]> {
  return prisma.healthIncident.findMany({ where: { openKey: { not: null } } });
}

function toDate(atMs: number | undefined): Date | null {
  return atMs === undefined ? null : new Date(atMs);
}
