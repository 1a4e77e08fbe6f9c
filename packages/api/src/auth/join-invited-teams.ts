import type { Clock, Ids } from '@switchyard/core/kernel';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import type { AccessRole } from './identity.ts';

/**
 * Takes an open invitation and makes the person a member, both or neither: true for exactly one of several that try at
 * once. A member stays what they are.
 */
export async function takeInvitation(
  { clock, ids }: { readonly clock: Clock; readonly ids: Ids },
  tx: Prisma.TransactionClient,
  invitation: { readonly id: string; readonly teamId: string; readonly role: string; readonly tokenHash: string },
  userId: string,
): Promise<boolean> {
  const { id, teamId, role, tokenHash } = invitation;
  const now = new Date(clock.nowMs());
  // In line with everything else that changes who is in the team; a deleted one takes nobody.
  const [team] = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "team" WHERE "id" = ${teamId} AND "deletedAt" IS NULL FOR NO KEY UPDATE`;
  if (!team) return false;
  const { count } = await tx.invitation.updateMany({
    where: { id, tokenHash, acceptedAt: null, revokedAt: null, expiresAt: { gt: now } },
    data: { acceptedAt: now, acceptedById: userId, liveKey: null },
  });
  if (count === 0) return false;
  await tx.member.createMany({
    data: [{ id: ids.next('mem'), teamId, userId, role, createdAt: now }],
    skipDuplicates: true,
  });
  return true;
}

/**
 * Makes somebody whom the identity provider vouches for a member of every team that invited the address; without an
 * invitation of the oldest team, when the operator named an access role for new people.
 */
export async function joinInvitedTeams(
  parts: { readonly prisma: PrismaClient; readonly clock: Clock; readonly ids: Ids },
  user: { readonly id: string; readonly email: string },
  defaultRole: AccessRole | undefined,
): Promise<void> {
  const { prisma, clock, ids } = parts;
  const now = new Date(clock.nowMs());
  const invitations = await prisma.invitation.findMany({
    where: { email: user.email, acceptedAt: null, revokedAt: null, expiresAt: { gt: now } },
    orderBy: { createdAt: 'asc' },
  });
  let joined = 0;
  for (const invitation of invitations) {
    if (await prisma.$transaction((tx) => takeInvitation(parts, tx, invitation, user.id))) joined += 1;
  }
  if (joined > 0 || defaultRole === undefined) return;
  const team = await prisma.team.findFirst({
    where: { deletedAt: null },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  if (!team) return;
  await prisma.member.create({
    data: { id: ids.next('mem'), teamId: team.id, userId: user.id, role: defaultRole.toLowerCase(), createdAt: now },
  });
}
