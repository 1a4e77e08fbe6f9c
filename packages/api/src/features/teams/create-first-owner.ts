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
    await services.auth.api.signUpEmail({ body: { name, email: owner.email, password: owner.password } });
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
