import { sleep } from '@switchyard/core/kernel';
import { describeApiKey, hashApiKey } from '../../auth/api-key.ts';
import { needsFirstOwner } from '../../auth/first-owner.ts';
import type { Services } from '../../container.ts';
import type { ApiSettings } from '../../settings.ts';

/** Creates the owner, team and key that the environment names, unless an owner exists already. True when it did. */
export async function createOwnerFromSettings(
  services: Services,
  owner: NonNullable<ApiSettings['firstOwner']>,
): Promise<boolean> {
  const { prisma } = services;
  const isNew = await needsFirstOwner(prisma);
  if (isNew) {
    const name = owner.email.split('@')[0] ?? 'Owner';
    try {
      await services.auth.api.signUpEmail({ body: { name, email: owner.email, password: owner.password } });
      // Nobody sits in front of that sign-up.
      await prisma.session.deleteMany({ where: { user: { email: owner.email } } });
    } catch (error) {
      // Another process that starts at the same time may have been first; its owner is as good as ours.
      if (!(await waitForOwner(services))) throw error;
    }
  }
  if (owner.apiKey === undefined) return isNew;
  // A start that was killed between owner and key makes the key on the next start; a key revoked later stays revoked.
  const membership = await prisma.member.findFirst({ where: { user: { email: owner.email }, role: 'owner' } });
  if (!membership) return isNew;
  await prisma.apiKey.createMany({
    data: [
      {
        id: services.ids.next('key'),
        teamId: membership.teamId,
        createdById: membership.userId,
        name: 'SWITCHYARD_INIT_API_KEY',
        scopes: ['READ', 'RUN', 'MANAGE'],
        hash: hashApiKey(owner.apiKey),
        ...describeApiKey(owner.apiKey),
      },
    ],
    skipDuplicates: true,
  });
  return isNew;
}

/** Waits a moment for the owner that another process is creating; false when none appears. */
async function waitForOwner(services: Services): Promise<boolean> {
  for (let tries = 0; tries < 20; tries += 1) {
    if (!(await needsFirstOwner(services.prisma))) return true;
    await sleep(services.clock, 250);
  }
  return false;
}
