import { z } from 'zod';
import { describeApiKey, generateApiKey, hashApiKey } from '../../../auth/api-key.ts';
import type { ApiKeyScope, Identity } from '../../../auth/identity.ts';
import type { Services } from '../../../container.ts';
import { parseInput } from '../../../parse-input.ts';
import { ConflictFailure } from '../../../user-errors.ts';
import { assertInForce, assertMayGive, assertMayMakeKeys, findOwnKey } from './may-change-key.ts';

const longestOverlapMinutes = 7 * 24 * 60;
/** Old secrets of one key that are still good. */
const mostOverlapping = 5;

const input = z.object({
  overlapMinutes: z
    .int()
    .min(0)
    .max(longestOverlapMinutes, 'The old secret can stay good for a week (10080 minutes) at the most.')
    .nullish(),
});

/**
 * Gives a key a new secret, which is returned this once. The key stays the same: id, scopes, limits, budget, records. The
 * old secret is good for `overlapMinutes` more (0: not at all) and then refused; until then it acts as the key, and is
 * kept as a record of its own that tells when it was last used. Of two rotations at once one is refused. Whoever rotates
 * must have all that the key may do: they get the secret. Throws `NotFoundFailure`, `ForbiddenFailure`,
 * `ValidationFailure`, `ConflictFailure`.
 */
export async function rotateApiKey(
  services: Services,
  identity: Identity,
  apiKeyId: string | undefined,
  rawInput: unknown,
): Promise<{ readonly id: string; readonly secret: string }> {
  const { overlapMinutes } = parseInput(input, rawInput);
  const { prisma, ids, clock, identities } = services;
  await assertMayMakeKeys(services, identity);
  const key = await findOwnKey(services, identity, apiKeyId, 'rotate');
  const nowMs = clock.nowMs();
  assertInForce(key, nowMs);
  assertMayGive(identity, key.scopes as ApiKeyScope[]);
  const good = await prisma.apiKey.count({
    where: { rotatedToId: key.id, teamId: key.teamId, revokedAt: null, expiresAt: { gt: new Date(nowMs) } },
  });
  if (good >= mostOverlapping) {
    const message = `${good} old secrets of this key are still good. Revoke one, or wait until one has ended.`;
    throw new ConflictFailure('API_KEYS.TOO_MANY_OVERLAPS', message, ['input', 'apiKeyId']);
  }
  const secret = generateApiKey();
  const rotatedAt = new Date(nowMs);
  const untilMs = Math.min(
    nowMs + (overlapMinutes ?? 0) * 60_000,
    key.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
  );
  const { id, teamId, createdById, name, scopes, prefix, lastFour, hash, createdAt, lastUsedAt } = key;
  await prisma.$transaction(async (tx) => {
    // The hash that was read is the guard: who comes second changes nothing.
    const { count } = await tx.apiKey.updateMany({
      where: { id, teamId, hash, revokedAt: null },
      data: { hash: hashApiKey(secret), ...describeApiKey(secret), rotatedAt, lastUsedAt: null },
    });
    if (count === 0)
      throw new ConflictFailure('API_KEYS.CHANGED_MEANWHILE', 'Somebody else has just rotated or ended this key.', [
        'input',
        'apiKeyId',
      ]);
    await tx.apiKey.create({
      data: {
        ...{ id: ids.next('key'), teamId, createdById, name, scopes, prefix, lastFour, hash, createdAt, lastUsedAt },
        ...{ rotatedToId: id, rotatedAt, expiresAt: new Date(untilMs) },
      },
    });
  });
  identities.invalidate();
  return { id, secret };
}
