import type { Services } from '../../container.ts';
import { describeApproval } from '../guardrails/describe-approval.ts';
import { resolveApproval } from '../guardrails/resolve-approval.ts';

/**
 * Withdraws requests for money that no run waits for any more, because it was cancelled, failed or went on without: nobody
 * should decide about what has no effect. Of several processes each request is ended by one.
 */
export async function closeBudgetRequests({
  prisma,
  clock,
  alerts,
}: Pick<Services, 'prisma' | 'clock' | 'alerts'>): Promise<void> {
  const idle = await prisma.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT "b"."id" FROM "budget_approval" AS "b"
    JOIN "run_approval" AS "r" ON "r"."budgetApprovalId" = "b"."id" AND "r"."state" = 'void'
    WHERE "b"."state" = 'pending' AND "b"."source" = 'workflow-step' AND NOT EXISTS (
      SELECT 1 FROM "run_approval" AS "o" WHERE "o"."budgetApprovalId" = "b"."id" AND "o"."state" = 'pending')
    LIMIT 100`;
  if (idle.length === 0) return;
  const nowMs = clock.nowMs();
  for (const { id } of idle) {
    await prisma.$transaction(async (tx) => {
      const changes = { state: 'expired', decidedAt: new Date(nowMs) } as const;
      const row = await resolveApproval(tx, id, changes);
      if (row) await alerts.raiseWithin(tx, describeApproval(row, nowMs));
    });
  }
  alerts.wake();
}
