import type { Clock } from '@switchyard/core/kernel';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { TeamSettingsKeeper } from '../settings/team-settings.ts';

const dayMs = 86_400_000;

/** Removes entries that are older than their team keeps them. The hash at the cut stays, so that the rest can be checked. */
export async function pruneAudit({
  prisma,
  clock,
  teamSettings,
}: {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly teamSettings: TeamSettingsKeeper;
}): Promise<void> {
  for (const { teamId, auditDays } of teamSettings.all) {
    if (auditDays === undefined) continue;
    const before = new Date(clock.nowMs() - auditDays * dayMs);
    // Once a day at most: each cut is an entry of its own.
    const oldest = await prisma.auditEntry.findFirst({ where: { teamId }, orderBy: { seq: 'asc' } });
    if (!oldest || oldest.at.getTime() >= before.getTime() - dayMs) continue;
    const last = await prisma.auditEntry.findFirst({
      where: { teamId, at: { lt: before } },
      orderBy: { seq: 'desc' },
      select: { seq: true },
    });
    if (last) await prisma.$queryRaw`SELECT audit_prune(${teamId}, ${last.seq}::integer)`;
  }
}
