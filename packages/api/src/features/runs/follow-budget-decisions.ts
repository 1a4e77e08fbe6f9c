import type { RunParts } from './run-parts.ts';

interface DecidedRequest {
  readonly runId: string;
  readonly approvalId: string;
  readonly stepId: string;
  readonly state: string;
  readonly decidedById: string | null;
}

/** Tells runs what was decided at the budgets' desk about requests that they wait for, in whichever process. */
export async function followBudgetDecisions({ prisma, journal, engine }: RunParts): Promise<void> {
  const decided = await prisma.$queryRaw<DecidedRequest[]>`
    SELECT "r"."runId", "r"."approvalId", "r"."stepId", COALESCE("b"."state", 'expired') AS "state", "b"."decidedById"
    FROM "run_approval" AS "r" LEFT JOIN "budget_approval" AS "b" ON "b"."id" = "r"."budgetApprovalId"
    WHERE "r"."state" = 'pending' AND "r"."budgetApprovalId" IS NOT NULL AND COALESCE("b"."state", 'expired') <> 'pending'
    LIMIT 100`;
  for (const { runId, approvalId, stepId, state, decidedById } of decided) {
    const isApproved = state === 'approved';
    await journal.write({
      runId,
      facts: [
        {
          type: 'approval-decided',
          approvalId,
          stepId,
          isApproved,
          ...(decidedById !== null && { decidedBy: decidedById }),
          ...(state === 'expired' && { comment: 'Nobody decided in time.' }),
        },
      ],
      wakes: true,
      state: 'running',
    });
    engine.nudge(runId);
  }
}
