import { z } from 'zod';
import { describeApiKey, generateApiKey, hashApiKey } from '../../auth/api-key.ts';
import { apiKeyScopes, hasScope, type Identity, mayDo } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { ForbiddenFailure, NotFoundFailure } from '../../user-errors.ts';

const input = z.object({
  name: z.string().trim().min(1, 'Give the key a name.').max(100),
  scopes: z.array(z.enum(apiKeyScopes)).min(1, 'Choose at least one scope.'),
  expiresAt: z.date().nullish(),
});

/**
 * Makes a key of the team; its secret is returned this once and only its hash is kept. Nobody can give a key more than
 * they may do themselves, and a key without MANAGE makes none: else a stolen key would outlive its revocation. Throws
 * `ValidationFailure`, `ForbiddenFailure`.
 */
export async function createApiKey(
  services: Services,
  identity: Identity,
  rawInput: unknown,
): Promise<{ readonly id: string; readonly secret: string }> {
  const wanted = parseInput(input, rawInput);
  if (wanted.expiresAt && wanted.expiresAt.getTime() <= services.clock.nowMs()) {
    parseInput(z.object({ expiresAt: z.never('The expiry must be in the future.') }), { expiresAt: wanted.expiresAt });
  }
  if (identity.apiKeyId !== undefined && !mayDo(identity, 'MANAGE', 'TEAM')) {
    throw new ForbiddenFailure('An API key needs the scope MANAGE to make others.');
  }
  const excess = wanted.scopes.filter((scope) => !hasScope(identity, scope));
  if (excess.length > 0)
    throw new ForbiddenFailure(`You cannot give a key what you may not do yourself: ${excess.join(', ')}.`);
  const secret = generateApiKey();
  const id = services.ids.next('key');
  await services.prisma.apiKey.create({
    data: {
      id,
      teamId: identity.teamId,
      createdById: identity.userId ?? null,
      name: wanted.name,
      scopes: [...new Set(wanted.scopes)],
      expiresAt: wanted.expiresAt ?? null,
      createdAt: new Date(services.clock.nowMs()),
      hash: hashApiKey(secret),
      ...describeApiKey(secret),
    },
  });
  return { id, secret };
}

/** Ends a key for good; streams that it opened end within a second. People may end the keys they made, admins any. */
export async function revokeApiKey(
  services: Services,
  identity: Identity,
  apiKeyId: string | undefined,
): Promise<string> {
  const key =
    apiKeyId &&
    (await services.prisma.apiKey.findUnique({ where: { id_teamId: { id: apiKeyId, teamId: identity.teamId } } }));
  if (!key) throw new NotFoundFailure('API key', ['input', 'apiKeyId']);
  const isOwn = identity.apiKeyId === undefined && key.createdById === identity.userId;
  if (!isOwn && !mayDo(identity, 'MANAGE', 'TEAM'))
    throw new ForbiddenFailure('Only admins may revoke the keys of others.');
  await services.prisma.apiKey.updateMany({
    where: { id: key.id, teamId: identity.teamId, revokedAt: null },
    data: { revokedAt: new Date(services.clock.nowMs()) },
  });
  services.identities.invalidate();
  return key.id;
}
