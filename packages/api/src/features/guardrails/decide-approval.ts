import { effectiveLimit } from '@switchyard/core/guardrails';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { BudgetApproval as ApprovalRow, Prisma } from '../../generated/prisma/client.ts';
import { ConflictFailure, NotFoundFailure, ValidationFailure, type ValidationIssue } from '../../user-errors.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { neededGrant } from './approval.ts';
import type { StoredBudget } from './budget.mapping.ts';
import { longestReason, readAmount } from './budget-input.ts';
import { changeBudgets } from './budget-transaction.ts';
import { toDecimal } from './decimal-amount.ts';
import { alreadyDecided, finishApproval } from './resolve-approval.ts';
import { issue, raiseBudget } from './save-budget.ts';

const dayMs = 24 * 60 * 60 * 1000;

export interface GrantFields {
  readonly amount?: string | null | undefined;
  readonly endsAt?: Date | null | undefined;
}

export interface DecidedApproval {
  readonly id: string;
  readonly budgetId: string;
}

/**
 * Grants a request: raises its budget by enough for the call, and ends the request, both or neither. Throws
 * `ForbiddenFailure`, `NotFoundFailure`, `ValidationFailure`, `ConflictFailure` when it is not pending any more or the
 * budget is gone.
 */
export async function approveRequest(
  services: Services,
  identity: Identity,
  approvalId: string | undefined,
  input: GrantFields,
): Promise<DecidedApproval> {
  assertMayManage(identity, 'GUARDRAILS', 'approve requests');
  const decided = await changeBudgets(services, undefined, async (dependencies, tx) => {
    const nowMs = services.clock.nowMs();
    const row = await findPending(tx, identity.teamId, approvalId, nowMs);
    const budget = await dependencies.budgets.find(identity.teamId, row.budgetId);
    if (!budget)
      throw new ConflictFailure('BUDGETS.DELETED', 'The budget was deleted. Decline the request.', [
        'input',
        'approvalId',
      ]);
    const needed = await neededNow(tx, row, budget, nowMs);
    const issues: ValidationIssue[] = [];
    const amount = input.amount == null ? needed : readAmount(budget.unit, input.amount, 'amount', issues);
    if (amount !== undefined && amount < needed)
      issues.push(issue(`The call needs ${toDecimal(budget.unit, needed)} at least.`, 'amount'));
    const untilMs =
      input.endsAt?.getTime() ?? Math.min(row.resetsAt?.getTime() ?? Number.POSITIVE_INFINITY, nowMs + dayMs);
    if (untilMs <= nowMs) issues.push(issue('Name an instant in the future.', 'endsAt'));
    if (amount === undefined || issues.length > 0) throw new ValidationFailure(issues);
    const raise = {
      amount,
      fromMs: nowMs,
      untilMs,
      reason: `Approved a request for ${row.modelId}.`,
      raisedById: identity.userId,
      raisedAtMs: nowMs,
    };
    await raiseBudget(budget, raise, dependencies);
    await finishApproval(services, tx, row, nowMs, {
      state: 'approved',
      decidedById: identity.userId ?? null,
      grantAmount: amount,
      grantUntil: new Date(untilMs),
    });
    return { id: row.id, budgetId: row.budgetId };
  });
  tellAll(services);
  return decided;
}

/** Turns a request down. Throws as {@link approveRequest} does. */
export async function declineRequest(
  services: Services,
  identity: Identity,
  approvalId: string | undefined,
  input: { readonly reason?: string | null | undefined },
): Promise<DecidedApproval> {
  assertMayManage(identity, 'GUARDRAILS', 'decline requests');
  const decided = await changeBudgets(services, undefined, async (_dependencies, tx) => {
    const nowMs = services.clock.nowMs();
    const row = await findPending(tx, identity.teamId, approvalId, nowMs);
    const reason = input.reason?.trim() ?? '';
    if (reason.length > longestReason)
      throw new ValidationFailure([issue(`At most ${longestReason} characters.`, 'reason')]);
    const declineReason = reason === '' ? null : reason;
    await finishApproval(services, tx, row, nowMs, {
      state: 'declined',
      decidedById: identity.userId ?? null,
      declineReason,
    });
    return { id: row.id, budgetId: row.budgetId };
  });
  tellAll(services);
  return decided;
}

/** What must be added so that the call fits now: what processes have been lent counts as used. */
async function neededNow(
  tx: Prisma.TransactionClient,
  row: ApprovalRow,
  budget: StoredBudget,
  nowMs: number,
): Promise<bigint> {
  const account = await tx.budgetAccount.findUnique({ where: { windowId: row.windowId } });
  const { spent, leased } = account ?? { spent: 0n, leased: 0n };
  return neededGrant({ requested: row.requested, spent, reserved: leased, limitAmount: effectiveLimit(budget, nowMs) });
}

async function findPending(
  tx: Prisma.TransactionClient,
  teamId: string,
  approvalId: string | undefined,
  nowMs: number,
): Promise<ApprovalRow> {
  const id = approvalId ?? '';
  // Two who decide at once: the second waits here and then finds it decided.
  await tx.$queryRaw`SELECT id FROM budget_approval WHERE "teamId" = ${teamId} AND id = ${id} FOR UPDATE`;
  const row = await tx.budgetApproval.findUnique({ where: { id_teamId: { id, teamId } } });
  if (!row) throw new NotFoundFailure('request', ['input', 'approvalId']);
  if (row.state !== 'pending' || row.expiresAt.getTime() <= nowMs) throw alreadyDecided();
  return row;
}

/** Who waits in this process need not wait for the next look. Decisions are stored already: nothing here may fail. */
function tellAll({ approvals, alerts, budgetFeed }: Services): void {
  approvals.poll().catch(() => {});
  budgetFeed.poll().catch(() => {});
  alerts.wake();
}
