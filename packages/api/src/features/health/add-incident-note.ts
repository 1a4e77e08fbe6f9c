import { z } from 'zod';
import { type Identity, mayDo } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { HealthIncident } from '../../generated/prisma/client.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure } from '../../user-errors.ts';

const input = z.object({ text: z.string().trim().min(1, 'Write something.').max(2_000, 'At most 2,000 characters.') });
const mostNotes = 500;

/**
 * Adds a note to the timeline of an incident, for one's own team alone. Answers the incident. Throws `ForbiddenFailure`,
 * `NotFoundFailure`, `ValidationFailure`, `ConflictFailure`.
 */
export async function addIncidentNote(
  services: Services,
  identity: Identity,
  incidentId: string | undefined,
  rawInput: unknown,
): Promise<HealthIncident> {
  if (!mayDo(identity, 'RUN', 'HEALTH')) throw new ForbiddenFailure('Your access role looks, and changes nothing.');
  const { prisma, ids, clock } = services;
  const { teamId, userId } = identity;
  const incident = await findIncident(services, teamId, incidentId);
  if (!incident) throw new NotFoundFailure('incident', ['input', 'incidentId']);
  const { text } = parseInput(input, rawInput);
  const notes = await prisma.healthIncidentEntry.count({ where: { incidentId: incident.id, teamId } });
  if (notes >= mostNotes) {
    throw new ConflictFailure('HEALTH.TOO_MANY_NOTES', `This incident has ${notes} notes of your team already.`, [
      'input',
    ]);
  }
  const at = new Date(clock.nowMs());
  await prisma.healthIncidentEntry.create({
    data: { id: ids.next('ine'), incidentId: incident.id, teamId, createdById: userId ?? null, kind: 'note', text, at },
  });
  await prisma.healthEvent.create({
    data: {
      subjectId: incident.subjectId,
      teamId,
      kind: 'incident',
      payload: { incidentId: incident.id, steps: ['note'] },
      at,
    },
  });
  services.health.feed.wake();
  return incident;
}

/** An incident that the team sees: of a provider of its own or of the installation. */
export function findIncident(
  { prisma }: Services,
  teamId: string,
  incidentId: string | undefined,
): Promise<HealthIncident | null> {
  if (incidentId === undefined) return Promise.resolve(null);
  return prisma.healthIncident.findFirst({ where: { id: incidentId, OR: [{ teamId: null }, { teamId }] } });
}
