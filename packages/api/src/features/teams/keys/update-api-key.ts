import { z } from 'zod';
import { toKeyRules } from '../../../auth/api-key-rules.ts';
import type { Identity } from '../../../auth/identity.ts';
import type { Services } from '../../../container.ts';
import { parseInput } from '../../../parse-input.ts';
import { ConflictFailure } from '../../../user-errors.ts';
import { budgetTransaction } from '../../guardrails/budget-transaction.ts';
import { assertInFuture } from './create-api-key.ts';
import { saveKeyBudget } from './key-budget.ts';
import { assertNames, limitsInput, nameInput, scopesInput, toLimitColumns } from './key-input.ts';
import { toDatabase } from './limit-columns.ts';
import { assertInForce, assertMayGive, assertMayMakeKeys, findOwnKey } from './may-change-key.ts';

const input = z.object({
  ...limitsInput.shape,
  name: nameInput.nullish(),
  scopes: scopesInput.nullish(),
  expiresAt: z.date().nullish(),
});

/**
 * Changes a key: what is absent stays, null takes a limit away. It holds within a second everywhere, for what goes on too:
 * streams that lose their scope end. People may change the keys they made, admins any; nobody gives more than they have.
 * Throws `NotFoundFailure`, `ForbiddenFailure`, `ValidationFailure`, `ConflictFailure` for a key that has ended.
 */
export async function updateApiKey(
  services: Services,
  identity: Identity,
  apiKeyId: string | undefined,
  rawInput: unknown,
): Promise<string> {
  const { name, scopes, expiresAt, budget, ...limits } = parseInput(input, rawInput);
  const { prisma, ids, clock, budgets, identities, keys } = services;
  await assertMayMakeKeys(services, identity);
  const key = await findOwnKey(services, identity, apiKeyId, 'change');
  assertInForce(key, clock.nowMs());
  assertInFuture(expiresAt, clock.nowMs());
  if (scopes) assertMayGive(identity, scopes);
  const columns = toLimitColumns(limits);
  const changed = { ...key, ...columns };
  if (Object.keys(columns).length > 0) assertNames(services, key.teamId, toKeyRules(changed));
  await prisma.$transaction(async (tx) => {
    const budgetId =
      budget === undefined
        ? undefined
        : await saveKeyBudget({ tx, ids }, identity, { ...key, name: name ?? key.name }, budget);
    const { count } = await tx.apiKey.updateMany({
      where: { id: key.id, teamId: key.teamId, revokedAt: null, budgetId: key.budgetId },
      data: {
        ...(name != null && { name }),
        ...(scopes && { scopes: [...new Set(scopes)] }),
        ...(expiresAt !== undefined && { expiresAt }),
        ...toDatabase(columns),
        ...(budgetId !== undefined && { budgetId }),
      },
    });
    if (count === 0)
      throw new ConflictFailure(
        'API_KEYS.CHANGED_MEANWHILE',
        'Somebody else has just changed this key. Look at it again.',
        ['input', 'apiKeyId'],
      );
  }, budgetTransaction);
  if (budget !== undefined) await budgets.book.reload();
  identities.invalidate();
  keys.forget(key.id);
  return key.id;
}
