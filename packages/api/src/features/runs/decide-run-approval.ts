import type { JournalFact } from '@switchyard/core/workflows';
import { type AccessRole, type Identity, mayDo } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure } from '../../user-errors.ts';
import { approveRequest, declineRequest } from '../guardrails/decide-approval.ts';
import type { RunParts } from './run-parts.ts';
import type { ApprovalDecision } from './run-service.ts';

const ranks: Readonly<Record<AccessRole, number>> = { VIEWER: 0, DEVELOPER: 1, ADMIN: 2, OWNER: 3 };
const wanted: Readonly<Record<string, AccessRole>> = { developer: 'DEVELOPER', admin: 'ADMIN', owner: 'OWNER' };
const mostTries = 50;
const longestComment = 2_000;

/**
 * Decides what a run asks for; a request for money is decided at the budgets' desk too. Throws `NotFoundFailure`,
 * `ForbiddenFailure`, and `ConflictFailure` when it was decided otherwise, is over, or may not be edited.
 */
export async function decideRunApproval(
  services: Services,
  { runs, journal, prisma }: RunParts,
  identity: Identity,
  { runId, approvalId, isApproved, comment, value }: ApprovalDecision,
): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const run = await runs.findRow(identity.teamId, runId);
    const row = run && (await prisma.runApproval.findUnique({ where: { runId_approvalId: { runId, approvalId } } }));
    if (!run || !row) throw new NotFoundFailure('approval', ['input', 'approvalId']);
    assertMayDecide(identity, row.approvers);
    if (row.state === (isApproved ? 'approved' : 'rejected')) return;
    if (row.state !== 'pending') throw alreadyDecided();
    if (value !== undefined && !row.canEdit) {
      const message = 'The subject of this approval cannot be changed. Decide without a value.';
      throw new ConflictFailure('RUNS.APPROVAL_READ_ONLY', message, ['input', 'value']);
    }
    if (row.kind === 'budget') await decideAtDesk(services, identity, row.budgetApprovalId, isApproved, comment);
    const fact: JournalFact = {
      type: 'approval-decided',
      approvalId,
      stepId: row.stepId,
      isApproved,
      ...(identity.userId !== undefined && { decidedBy: identity.userId }),
      ...(comment !== undefined && { comment: comment.slice(0, longestComment) }),
      ...(value !== undefined && { value }),
    };
    const decisions = { facts: [fact], afterSeq: run.lastJournalSeq };
    const written = await journal.write({ runId, facts: [], decisions, wakes: true, state: 'running' });
    if (written.isDecided) return;
  }
  throw alreadyDecided();
}

function alreadyDecided(): ConflictFailure {
  const message = 'This was decided already, or the run went on without it.';
  return new ConflictFailure('RUNS.APPROVAL_DECIDED', message, ['input', 'approvalId']);
}

function assertMayDecide({ accessRole, scopes }: Identity, approvers: string): void {
  const least = wanted[approvers] ?? 'ADMIN';
  if (mayDo({ scopes }, 'RUN', 'WORK') && ranks[accessRole] >= ranks[least]) return;
  throw new ForbiddenFailure(`Only members with the access role ${least.toLowerCase()} or higher may decide this.`);
}

async function decideAtDesk(
  services: Services,
  identity: Identity,
  budgetApprovalId: string | null,
  isApproved: boolean,
  comment: string | undefined,
): Promise<void> {
  if (budgetApprovalId === null) return;
  const known = await services.prisma.budgetApproval.findFirst({
    where: { id: budgetApprovalId, teamId: identity.teamId },
    select: { state: true },
  });
  // Decided there before, or by a first try of this decision.
  if (known?.state !== 'pending') return;
  if (isApproved) await approveRequest(services, identity, budgetApprovalId, {});
  else await declineRequest(services, identity, budgetApprovalId, { reason: comment?.slice(0, 500) });
}
