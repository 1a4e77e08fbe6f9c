import { isLimited } from '../../../auth/api-key-rules.ts';
import { type ApiKeyScope, hasScope, type Identity, mayDo } from '../../../auth/identity.ts';
import type { Services } from '../../../container.ts';
import type { ApiKey } from '../../../generated/prisma/client.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure } from '../../../user-errors.ts';

/** Throws `ForbiddenFailure` when one of `scopes` is more than the identity may do itself. */
export function assertMayGive(identity: Identity, scopes: readonly ApiKeyScope[]): void {
  const excess = scopes.filter((scope) => !hasScope(identity, scope));
  if (excess.length > 0)
    throw new ForbiddenFailure(`You cannot give a key what you may not do yourself: ${excess.join(', ')}.`);
}

/**
 * Throws `ForbiddenFailure` for API keys that make no others: without MANAGE a stolen key would outlive its revocation,
 * and one that is limited would make one that is not.
 */
export async function assertMayMakeKeys({ keys, prisma }: Services, identity: Identity): Promise<void> {
  assertManagesKeys(identity);
  if (identity.apiKeyId === undefined) return;
  const rules = await keys.of(identity.apiKeyId);
  const own = await prisma.apiKey.findUnique({ where: { id: identity.apiKeyId }, select: { budgetId: true } });
  if ((rules && isLimited(rules)) || own?.budgetId != null)
    throw new ForbiddenFailure('An API key with limits of its own makes and changes no keys: they would be without.');
}

/** Throws `ForbiddenFailure` for API keys without MANAGE TEAM; see `keyPermissions`. */
export function assertManagesKeys(identity: Identity): void {
  if (identity.apiKeyId !== undefined && !mayDo(identity, 'MANAGE', 'TEAM'))
    throw new ForbiddenFailure('An API key needs the scope MANAGE or MANAGE_TEAM to make, change or end keys.');
}

/**
 * The key of the team that the identity may change: people those that they made, admins any. Throws `NotFoundFailure`
 * for another team's key as for none, `ForbiddenFailure`.
 */
export async function findOwnKey(
  { prisma }: Pick<Services, 'prisma'>,
  identity: Identity,
  apiKeyId: string | undefined,
  deed: string,
): Promise<ApiKey> {
  const key =
    apiKeyId && (await prisma.apiKey.findUnique({ where: { id_teamId: { id: apiKeyId, teamId: identity.teamId } } }));
  if (!key) throw new NotFoundFailure('API key', ['input', 'apiKeyId']);
  const isOwn = identity.apiKeyId === undefined && key.createdById === identity.userId;
  if (!isOwn && !mayDo(identity, 'MANAGE', 'TEAM'))
    throw new ForbiddenFailure(`Only admins may ${deed} the keys of others.`);
  return key;
}

/** Throws `ConflictFailure` unless the key is in force. */
export function assertInForce(key: ApiKey, nowMs: number): void {
  const path = ['input', 'apiKeyId'];
  if (key.rotatedToId !== null)
    throw new ConflictFailure('API_KEYS.OLD_SECRET', 'This is an old secret of a key. Change the key itself.', path);
  if (key.revokedAt !== null || (key.expiresAt !== null && key.expiresAt.getTime() <= nowMs))
    throw new ConflictFailure('API_KEYS.ENDED', 'This key has ended. Make a new one.', path);
}
