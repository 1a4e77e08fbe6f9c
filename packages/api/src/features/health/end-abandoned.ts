import type { Ids } from '@switchyard/core/kernel';
import type { HealthIncident, PrismaClient } from '../../generated/prisma/client.ts';

const abandonedAfterMs = 15_000;

/**
 * Closes the incidents of providers that were switched off or removed: they are in no trouble any more. Answers those that are
 * over, with the row where this process closed it.
 */
export async function endAbandoned(
  { prisma, ids }: { readonly prisma: PrismaClient; readonly ids: Ids },
  open: Iterable<HealthIncident>,
  known: ReadonlySet<string>,
  nowMs: number,
): Promise<readonly { readonly subjectId: string; readonly told: HealthIncident | undefined }[]> {
  const ended = [];
  for (const incident of [...open]) {
    // One that was just made may not have reached this process yet.
    if (known.has(incident.subjectId) || nowMs - incident.detectedAt.getTime() < abandonedAfterMs) continue;
    const at = new Date(nowMs);
    const [closed] = await prisma.healthIncident.updateManyAndReturn({
      where: { id: incident.id, openKey: { not: null } },
      data: { openKey: null, closedAt: at, status: 'unknown', updatedAt: at },
    });
    ended.push({ subjectId: incident.subjectId, told: closed });
    if (!closed) continue;
    const text = 'Closed: the provider was switched off or removed.';
    await prisma.healthIncidentEntry.create({
      data: { id: ids.next('ine'), incidentId: incident.id, kind: 'closed', text, at },
    });
  }
  return ended;
}
