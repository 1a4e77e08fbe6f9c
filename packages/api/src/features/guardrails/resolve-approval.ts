import type { Services } from '../../container.ts';
import type { BudgetApproval as ApprovalRow, Prisma } from '../../generated/prisma/client.ts';
import { ConflictFailure } from '../../user-errors.ts';
import { describeApproval } from './describe-approval.ts';

export type Decision = 'approved' | 'declined' | 'expired';

/** Turns down what waits for a budget that is being deleted. */
export async function declineAllOf(
  services: Pick<Services, 'clock' | 'alerts'>,
  tx: Prisma.TransactionClient,
  budgetId: string,
): Promise<void> {
  const nowMs = services.clock.nowMs();
  for (const row of await tx.budgetApproval.findMany({ where: { budgetId, state: 'pending' } }))
    await finishApproval(services, tx, row, nowMs, { state: 'declined', declineReason: 'The budget was deleted.' });
}

/** Ends a request by a decision and tells people that it is over. Throws `ConflictFailure` when it is over already. */
export async function finishApproval(
  { alerts }: Pick<Services, 'alerts'>,
  tx: Prisma.TransactionClient,
  { id }: ApprovalRow,
  nowMs: number,
  changes: Parameters<typeof resolveApproval>[2],
): Promise<void> {
  const resolved = await resolveApproval(tx, id, { ...changes, decidedAt: new Date(nowMs) });
  if (!resolved) throw alreadyDecided();
  await alerts.raiseWithin(tx, describeApproval(resolved, nowMs));
}

/** Marks what is due as expired, one request or all; answers those rows. */
export async function expireDue(
  tx: Prisma.TransactionClient,
  nowMs: number,
  pendingKey?: string,
): Promise<readonly ApprovalRow[]> {
  const now = new Date(nowMs);
  const due = await tx.budgetApproval.findMany({
    where: { state: 'pending', expiresAt: { lte: now }, ...(pendingKey !== undefined && { pendingKey }) },
  });
  const rows: ApprovalRow[] = [];
  for (const { id } of due) {
    const row = await resolveApproval(tx, id, { state: 'expired', decidedAt: now });
    if (row) rows.push(row);
  }
  return rows;
}

/** Ends a request that is pending, once; undefined when somebody else ended it before. Renews its number for the feed. */
export async function resolveApproval(
  tx: Prisma.TransactionClient,
  id: string,
  changes: Prisma.BudgetApprovalUncheckedUpdateManyInput & { readonly state: Decision },
): Promise<ApprovalRow | undefined> {
  const { count } = await tx.budgetApproval.updateMany({
    where: { id, state: 'pending' },
    data: { ...changes, pendingKey: null },
  });
  if (count === 0) return undefined;
  await tx.$executeRaw`
    UPDATE budget_approval SET seq = nextval(pg_get_serial_sequence('budget_approval', 'seq')) WHERE id = ${id}`;
  return tx.budgetApproval.findUniqueOrThrow({ where: { id } });
}

export function alreadyDecided(): ConflictFailure {
  const message = 'This request was decided already, or it has lapsed.';
  return new ConflictFailure('BUDGETS.APPROVAL_DECIDED', message, ['input', 'approvalId']);
}
