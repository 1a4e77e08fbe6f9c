import type { Clock, Ids } from '@switchyard/core/kernel';
import type { PrismaClient } from '../generated/prisma/client.ts';

const claimName = 'first-owner-claim';
/** A claim whose sign-up died before it made the user may be taken over after this time. */
const claimHoldsMs = 30_000;

/** Whether nobody has signed up yet: a sign-up is whole when the person is a member of a team, its last step. */
export async function needsFirstOwner(prisma: PrismaClient): Promise<boolean> {
  return (await prisma.member.count()) === 0;
}

/**
 * Undoes a first sign-up whose process died half way: its claim would refuse the next one for a while, its user could
 * never sign in and nobody else could sign up. `isAlone`: no other process can be in the middle of a sign-up now.
 */
export async function undoUnfinishedFirstOwner(prisma: PrismaClient, clock: Clock, isAlone: boolean): Promise<void> {
  if (!(await needsFirstOwner(prisma))) return;
  const stale = new Date(clock.nowMs() - claimHoldsMs);
  await prisma.$transaction([
    prisma.user.deleteMany({ where: { memberships: { none: {} }, ...(isAlone ? {} : { createdAt: { lt: stale } }) } }),
    prisma.installationSetting.deleteMany({
      where: { name: claimName, ...(isAlone ? {} : { updatedAt: { lt: stale } }) },
    }),
  ]);
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
