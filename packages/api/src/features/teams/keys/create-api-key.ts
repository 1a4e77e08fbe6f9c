import { z } from 'zod';
import { describeApiKey, generateApiKey, hashApiKey } from '../../../auth/api-key.ts';
import { toKeyRules } from '../../../auth/api-key-rules.ts';
import type { Identity } from '../../../auth/identity.ts';
import type { Services } from '../../../container.ts';
import { parseInput } from '../../../parse-input.ts';
import { budgetTransaction } from '../../guardrails/budget-transaction.ts';
import { saveKeyBudget } from './key-budget.ts';
import { assertNames, limitsInput, nameInput, scopesInput, toLimitColumns } from './key-input.ts';
import { toDatabase } from './limit-columns.ts';
import { assertMayGive, assertMayMakeKeys } from './may-change-key.ts';

const input = z.object({
  ...limitsInput.shape,
  name: nameInput,
  scopes: scopesInput,
  expiresAt: z.date().nullish(),
});

/** Throws `ValidationFailure` for an instant that is over. */
export function assertInFuture(expiresAt: Date | null | undefined, nowMs: number): void {
  if (!expiresAt || expiresAt.getTime() > nowMs) return;
  parseInput(z.object({ expiresAt: z.never('The expiry must be in the future.') }), { expiresAt });
}

/**
 * Makes a key of the team; its secret is returned this once and only its hash is kept. Nobody can give a key more than
 * they may do themselves, and a key without MANAGE makes none: else a stolen key would outlive its revocation. Throws
 * `ValidationFailure`, `ForbiddenFailure`, `ConflictFailure`.
 */
export async function createApiKey(
  services: Services,
  identity: Identity,
  rawInput: unknown,
): Promise<{ readonly id: string; readonly secret: string }> {
  await assertMayMakeKeys(services, identity);
  const { name, scopes, expiresAt, budget, ...limits } = parseInput(input, rawInput);
  const { prisma, ids, clock, budgets } = services;
  assertInFuture(expiresAt, clock.nowMs());
  assertMayGive(identity, scopes);
  const secret = generateApiKey();
  const { teamId, userId } = identity;
  const key = { id: ids.next('key'), teamId, name, budgetId: null };
  const columns = toLimitColumns(limits);
  assertNames(services, teamId, toKeyRules({ ...noLimits, ...columns, id: key.id }));
  await prisma.$transaction(async (tx) => {
    const budgetId = budget ? await saveKeyBudget({ tx, ids }, identity, key, budget) : null;
    await tx.apiKey.create({
      data: {
        ...{ ...key, budgetId, createdById: userId ?? null },
        ...toDatabase(columns),
        scopes: [...new Set(scopes)],
        expiresAt: expiresAt ?? null,
        createdAt: new Date(clock.nowMs()),
        hash: hashApiKey(secret),
        ...describeApiKey(secret),
      },
    });
  }, budgetTransaction);
  if (budget) await budgets.book.reload();
  return { id: key.id, secret };
}

const noLimits = {
  allowedModels: null,
  allowedRoles: null,
  defaultModel: null,
  dataOrigin: null,
  requestsPerMinute: null,
  tokensPerMinute: null,
};
