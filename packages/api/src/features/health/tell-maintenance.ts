import type { Clock, Ids } from '@switchyard/core/kernel';
import type { PrismaClient } from '../../generated/prisma/client.ts';

const perTurn = 50;

/**
 * Writes into incidents that maintenance of their provider began or ended while they went on, for the team that announced it; once
 * for all processes.
 */
export async function tellMaintenance({
  prisma,
  clock,
  ids,
}: {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly ids: Ids;
}): Promise<void> {
  const now = new Date(clock.nowMs());
  const rows = await prisma.healthMaintenance.findMany({
    where: {
      OR: [
        { isBeginTold: false, startsAt: { lte: now } },
        { isEndTold: false, endsAt: { lte: now } },
      ],
    },
    orderBy: { startsAt: 'asc' },
    take: perTurn,
  });
  for (const { id, teamId, subjectId, startsAt, endsAt, note, isBeginTold } of rows) {
    // One that was taken back before it began never was.
    const isReal = startsAt < endsAt;
    const changes = [
      ...(isBeginTold ? [] : [{ field: 'isBeginTold', at: startsAt, words: 'Maintenance began' } as const]),
      ...(endsAt <= now ? [{ field: 'isEndTold', at: endsAt, words: 'Maintenance ended' } as const] : []),
    ];
    for (const { field, at, words } of changes) {
      await prisma.$transaction(async (tx) => {
        const { count } = await tx.healthMaintenance.updateMany({
          where: { id, teamId, [field]: false },
          data: { [field]: true },
        });
        if (count === 0 || !isReal) return;
        const incident = await tx.healthIncident.findFirst({
          where: { subjectId, startedAt: { lte: at }, OR: [{ closedAt: null }, { closedAt: { gte: at } }] },
          orderBy: { startedAt: 'desc' },
          select: { id: true },
        });
        if (!incident) return;
        const text = note === '' ? `${words}.` : `${words}: ${note}`;
        await tx.healthIncidentEntry.create({
          data: { id: ids.next('ine'), incidentId: incident.id, teamId, kind: 'maintenance', text, at },
        });
        await tx.healthEvent.create({
          data: {
            ...{ subjectId, teamId, kind: 'incident', at: now },
            payload: { incidentId: incident.id, steps: ['maintenance'] },
          },
        });
      });
    }
  }
}
