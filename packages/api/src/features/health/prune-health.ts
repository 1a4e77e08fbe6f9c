import type { Clock } from '@switchyard/core/kernel';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { minutesKeptMs } from './health-minutes.ts';

const dayMs = 86_400_000;
const checksKeptMs = 30 * dayMs;
/** A little longer than the longest figure. */
const periodsKeptMs = 100 * dayMs;
const incidentsKeptMs = 365 * dayMs;
const eventsKeptMs = 3_600_000;

/** Forgets what nothing shows any more. */
export async function pruneHealth(prisma: PrismaClient, clock: Clock): Promise<void> {
  const nowMs = clock.nowMs();
  const before = (keptMs: number) => new Date(nowMs - keptMs);
  await prisma.healthMinute.deleteMany({ where: { minute: { lt: Math.floor((nowMs - minutesKeptMs) / 60_000) } } });
  await prisma.healthCheck.deleteMany({ where: { at: { lt: before(checksKeptMs) } } });
  await prisma.healthPeriod.deleteMany({ where: { toMs: { lt: BigInt(nowMs - periodsKeptMs) } } });
  await prisma.healthEvent.deleteMany({ where: { at: { lt: before(eventsKeptMs) } } });
  await prisma.healthWindow.deleteMany({ where: { updatedAtMs: { lt: BigInt(nowMs - dayMs) } } });
  await prisma.healthIncident.deleteMany({ where: { openKey: null, closedAt: { lt: before(incidentsKeptMs) } } });
  await prisma.healthMaintenance.deleteMany({ where: { endsAt: { lt: before(incidentsKeptMs) } } });
  await prisma.failureRehearsal.deleteMany({
    where: { state: { not: 'running' }, startedAt: { lt: before(incidentsKeptMs) } },
  });
  await prisma.failoverOutage.deleteMany({ where: { openKey: null, outAt: { lt: before(incidentsKeptMs) } } });
  await prisma.failoverMinute.deleteMany({
    where: { minute: { lt: Math.floor((nowMs - incidentsKeptMs) / 60_000) } },
  });
  // Providers that nobody has any more leave their history behind for as long as it would be shown.
  await prisma.healthSubject.deleteMany({ where: { updatedAt: { lt: before(periodsKeptMs) } } });
}
