import type { JournalFact } from '@switchyard/core/workflows';
import type { RunParts } from './run-parts.ts';
import { endedRunStates } from './run-record.ts';

/** Times that a decision is told anew because the run went on meanwhile. */
const mostTries = 10;

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
  for (const request of decided) {
    if (await tell({ prisma, journal }, request)) engine.nudge(request.runId);
  }
}

/** Whether the run was told; one that is busy right now is told the next time. */
async function tell({ prisma, journal }: Pick<RunParts, 'prisma' | 'journal'>, request: DecidedRequest) {
  const { runId, approvalId, stepId, state, decidedById } = request;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const run = await prisma.run.findUnique({ where: { id: runId }, select: { state: true, lastJournalSeq: true } });
    // It may have ended since, and stays so.
    if (!run || endedRunStates.some((ended) => ended === run.state)) {
      const open = { runId, approvalId, state: 'pending' };
      await prisma.runApproval.updateMany({ where: open, data: { state: 'void' } });
      return false;
    }
    const fact: JournalFact = {
      type: 'approval-decided',
      approvalId,
      stepId,
      isApproved: state === 'approved',
      ...(decidedById !== null && { decidedBy: decidedById }),
      ...(state === 'expired' && { comment: 'Nobody decided in time.' }),
    };
    const decisions = { facts: [fact], afterSeq: run.lastJournalSeq };
    const written = await journal.write({ runId, facts: [], decisions, wakes: true, state: 'running' });
    if (written.isDecided) return true;
  }
  return false;
}
