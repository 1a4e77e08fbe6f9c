import type { Clock, Ids } from '@switchyard/core/kernel';
import type { PrismaClient } from '../generated/prisma/client.ts';

const claimName = 'first-owner-claim';
/** A claim whose sign-up died before it made the user may be taken over after this time. */
const claimHoldsMs = 30_000;

/** Whether nobody has signed up yet. */
export async function needsFirstOwner(prisma: PrismaClient): Promise<boolean> {
  return (await prisma.user.count()) === 0;
}

/** Reserves the one place of the first owner: true for exactly one of several sign-ups that arrive at once. */
export async function claimFirstOwner(prisma: PrismaClient, clock: Clock): Promise<boolean> {
  if (!(await needsFirstOwner(prisma))) return false;
  const now = new Date(clock.nowMs());
  const stale = new Date(clock.nowMs() - claimHoldsMs);
  const claimed = await prisma.$executeRaw`
    INSERT INTO "installation_setting" ("name", "value", "updatedAt") VALUES (${claimName}, 'true'::jsonb, ${now})
    ON CONFLICT ("name") DO UPDATE SET "updatedAt" = ${now} WHERE "installation_setting"."updatedAt" < ${stale}`;
  return claimed === 1;
}

/** Gives the first owner a team. */
export async function createFirstTeam(
  prisma: PrismaClient,
  ids: Ids,
  user: { readonly id: string; readonly name: string },
): Promise<void> {
  const teamId = ids.next('team');
  await prisma.team.create({
    data: {
      id: teamId,
      name: `${user.name.trim() || 'First'}'s team`,
      slug: teamId.slice(-8),
      members: { create: { id: ids.next('mem'), userId: user.id, role: 'owner' } },
    },
  });
}
