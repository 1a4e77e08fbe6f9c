import type { Services } from '../container.ts';

/** How often a process says that it lives. */
export const heartbeatEveryMs = 5_000;
/** A process that has said nothing for this long is dead. */
const deadAfterMs = 25_000;

/** Says that this process lives. */
export async function beat(services: Services): Promise<void> {
  const heartbeatAt = new Date(services.clock.nowMs());
  await services.prisma.serverInstance.upsert({
    where: { id: services.instanceId },
    create: { id: services.instanceId, heartbeatAt },
    update: { heartbeatAt },
  });
}

/**
 * The processes that live, this one included, and forgets the dead. An embedded database has one user, so any other
 * process is dead at once.
 */
export async function findLiveInstances(services: Services): Promise<readonly string[]> {
  if (services.database.kind === 'embedded') return [services.instanceId];
  const since = new Date(services.clock.nowMs() - deadAfterMs);
  await services.prisma.serverInstance.deleteMany({
    where: { heartbeatAt: { lt: since }, id: { not: services.instanceId } },
  });
  const rows = await services.prisma.serverInstance.findMany({ select: { id: true } });
  const live = [...new Set([services.instanceId, ...rows.map((row) => row.id)])];
  services.keyRates.shareAmong(live.length);
  return live;
}
