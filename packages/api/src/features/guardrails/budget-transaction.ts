import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { type IdempotentCall, runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { idempotencyKeyInput } from '../comparisons/generation-input.ts';
import { BudgetRepository } from './budget.repository.ts';
import type { BudgetDependencies } from './save-budget.ts';

/** On the embedded database a transaction waits for every other one. */
export const budgetTransaction = { maxWait: 10_000, timeout: 10_000 } as const;

const keyInput = z.object({ idempotencyKey: idempotencyKeyInput });

/** Runs `work` in one transaction, once for equal calls, and lets this process know what has changed. */
export async function changeBudgets<Result extends object>(
  services: Services,
  call: IdempotentCall | undefined,
  work: (dependencies: BudgetDependencies, tx: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result> {
  const { prisma, clock, ids, budgets } = services;
  const unasked: IdempotentCall = { teamId: '', operation: '', key: undefined, input: null };
  const result = await runIdempotently<Result>(prisma, clock, call ?? unasked, (store) =>
    prisma.$transaction(async (tx) => {
      const made = await work({ budgets: new BudgetRepository(tx), ids }, tx);
      await Promise.all(store(made, tx));
      return made;
    }, budgetTransaction),
  );
  await budgets.book.reload();
  return result;
}

/** The call for idempotency: `beside` is part of what makes it the same. Throws `ValidationFailure`. */
export function readCall(
  operation: string,
  { teamId }: Identity,
  input: { readonly idempotencyKey?: string | null | undefined },
  beside: object = {},
): IdempotentCall {
  const { idempotencyKey } = parseInput(keyInput, input);
  return { teamId, operation, key: idempotencyKey ?? undefined, input: { ...input, ...beside } };
}
