import type { Identity } from '../../../auth/identity.ts';
import type { Services } from '../../../container.ts';
import { budgetTransaction } from '../../guardrails/budget-transaction.ts';
import { disableKeyBudget } from './key-budget.ts';
import { assertManagesKeys, findOwnKey } from './may-change-key.ts';

/**
 * Ends a key for good, with its old secrets and its budget; streams that it opened end within a second, and calls that
 * wait for an answer are cancelled. Of an old secret alone: it is good no more. People may end the keys they made, admins
 * any. Throws `NotFoundFailure`, `ForbiddenFailure`.
 */
export async function revokeApiKey(
  services: Services,
  identity: Identity,
  apiKeyId: string | undefined,
): Promise<string> {
  const { prisma, ids, clock, budgets, identities, keys } = services;
  assertManagesKeys(identity);
  const key = await findOwnKey(services, identity, apiKeyId, 'revoke');
  const { id, teamId } = key;
  await prisma.$transaction(async (tx) => {
    await tx.apiKey.updateMany({
      where: { teamId, revokedAt: null, OR: [{ id }, { rotatedToId: id }] },
      data: { revokedAt: new Date(clock.nowMs()) },
    });
    await disableKeyBudget({ tx, ids }, key);
  }, budgetTransaction);
  identities.invalidate();
  keys.forget(id);
  if (key.budgetId !== null) await budgets.book.reload();
  return id;
}
