import { describeApiKey, hashApiKey } from '../auth/api-key.ts';
import type { ApiKeyScope } from '../auth/identity.ts';
import type { Services } from '../container.ts';

/** A team of its own with a member and a key. */
export interface OtherTeam {
  readonly teamId: string;
  readonly userId: string;
  readonly keyId: string;
  readonly key: string;
}

export async function createTeam(services: Services, name: string): Promise<OtherTeam> {
  const { prisma, ids } = services;
  const team = await prisma.team.create({ data: { id: ids.next('team'), name, slug: ids.next('s') } });
  const user = await prisma.user.create({
    data: { id: ids.next('usr'), name, email: `${ids.next('u')}@switchyard.test` },
  });
  await prisma.member.create({ data: { id: ids.next('mem'), teamId: team.id, userId: user.id, role: 'owner' } });
  const made = await createKey(services, { teamId: team.id, userId: user.id }, ['READ', 'RUN', 'MANAGE']);
  return { teamId: team.id, userId: user.id, ...made };
}

/** A key of a team, made past the API. */
export async function createKey(
  services: Services,
  owner: { readonly teamId: string; readonly userId?: string },
  scopes: readonly ApiKeyScope[],
  expiresAt?: Date,
): Promise<{ readonly keyId: string; readonly key: string }> {
  const keyId = services.ids.next('key');
  const key = `sk-test-${services.ids.next('k')}`;
  await services.prisma.apiKey.create({
    data: {
      id: keyId,
      teamId: owner.teamId,
      createdById: owner.userId ?? null,
      name: scopes.join(' '),
      scopes: [...scopes],
      hash: hashApiKey(key),
      ...describeApiKey(key),
      ...(expiresAt && { expiresAt }),
    },
  });
  return { keyId, key };
}
