import type { Services } from '../../container.ts';
import type { Prisma } from '../../generated/prisma/client.ts';

/** What happens to the keys of somebody who goes. */
export type KeysOfLeaver = 'REVOKE' | 'KEEP';

/**
 * Ends what a person had open in a team: the sessions that look at it and, by choice, the API keys they made there. Keys
 * that are kept belong to the team and go on.
 */
export async function endAccessOf(
  services: Services,
  tx: Prisma.TransactionClient,
  who: { readonly teamId: string; readonly userId: string; readonly keys: KeysOfLeaver },
): Promise<void> {
  const { teamId, userId, keys } = who;
  await tx.session.deleteMany({ where: { userId, OR: [{ activeTeamId: teamId }, { activeTeamId: null }] } });
  if (keys === 'KEEP') return;
  await tx.apiKey.updateMany({
    where: { teamId, createdById: userId, revokedAt: null },
    data: { revokedAt: new Date(services.clock.nowMs()) },
  });
}
