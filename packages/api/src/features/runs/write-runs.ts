import { toStorableText } from '@switchyard/core/kernel';
import { isJournalEvent, type RunEvent } from '@switchyard/core/workflows';
import type { Prisma } from '../../generated/prisma/client.ts';
import { endedRunStates } from './run-record.ts';
import { type HeadChange, type PlannedWrites, planWrites, type RunHead, type RunWrite } from './run-write.ts';

/** Carries out `writes` within a transaction: the rows are locked, so that numbers are given once and in order. */
export async function writeRuns(
  tx: Prisma.TransactionClient,
  writes: readonly RunWrite[],
  nowMs: number,
): Promise<PlannedWrites> {
  const ids = [...new Set(writes.map(({ runId }) => runId))];
  // Always in the same order, so that two writers never wait for each other.
  const rows = await tx.$queryRaw<RunHead[]>`
    SELECT "id", "lastSeq", "lastJournalSeq", "leaseToken", "eventSize" FROM "run" WHERE "id" = ANY(${ids}) ORDER BY "id" FOR UPDATE`;
  const planned = planWrites(writes, rows, nowMs);
  const { events, heads } = planned;
  if (events.length === 0 && heads.every(({ summary }) => !summary)) return planned;
  const texts = events.map(toFactText);
  const sizes = new Map<string, number>();
  for (const [index, { runId }] of events.entries())
    sizes.set(runId, (sizes.get(runId) ?? 0) + (texts[index]?.length ?? 0));
  const values = heads.map((head) => ({ ...toRow(head, nowMs), addedSize: sizes.get(head.id) ?? 0 }));
  await tx.$executeRaw`
    WITH "added" AS (
      INSERT INTO "run_event" ("runId", "seq", "isJournal", "type", "fact", "at")
      SELECT * FROM unnest(
        ${events.map(({ runId }) => runId)}::text[],
        ${events.map(({ seq }) => seq)}::int[],
        ${events.map(isJournalEvent)}::boolean[],
        ${events.map(({ type }) => type)}::text[],
        ${texts}::text[],
        ${events.map(({ atMs }) => new Date(atMs))}::timestamp[]
      )
    )
    UPDATE "run" AS "r" SET
      "lastSeq" = "v"."lastSeq",
      "lastJournalSeq" = "v"."lastJournalSeq",
      "eventSize" = least("r"."eventSize"::bigint + "v"."addedSize", 2147483647)::int,
      "failedAttempts" = "r"."failedAttempts" + "v"."failedAttempts",
      "failovers" = "r"."failovers" + "v"."failovers",
      "breaches" = "r"."breaches" + "v"."breaches",
      "state" = COALESCE("v"."state", "r"."state"),
      "outputs" = CASE WHEN "v"."hasSummary" THEN "v"."outputs" ELSE "r"."outputs" END,
      "errorCode" = CASE WHEN "v"."hasSummary" THEN "v"."errorCode" ELSE "r"."errorCode" END,
      "errorMessage" = CASE WHEN "v"."hasSummary" THEN "v"."errorMessage" ELSE "r"."errorMessage" END,
      "retries" = CASE WHEN "v"."hasSummary" THEN "v"."retries" ELSE "r"."retries" END,
      "settledSteps" = CASE WHEN "v"."hasSummary" THEN "v"."settledSteps" ELSE "r"."settledSteps" END,
      "activeStepIds" = CASE WHEN "v"."hasSummary" THEN "v"."activeStepIds" ELSE "r"."activeStepIds" END,
      "totals" = CASE WHEN "v"."hasSummary" THEN "v"."totals" ELSE "r"."totals" END,
      "deadlineAt" = CASE WHEN "v"."hasSummary" THEN "v"."deadlineAt" ELSE "r"."deadlineAt" END,
      "endedAt" = CASE WHEN "v"."hasSummary" THEN "v"."endedAt" ELSE "r"."endedAt" END,
      "leaseUntil" = CASE WHEN "v"."isEnded" THEN NULL ELSE "r"."leaseUntil" END,
      "wakeAt" = CASE WHEN "v"."isEnded" THEN NULL WHEN "v"."wakeAt" IS NOT NULL THEN "v"."wakeAt" ELSE "r"."wakeAt" END
    FROM json_to_recordset(${JSON.stringify(values)}::json) AS "v"(
      "id" text, "lastSeq" int, "lastJournalSeq" int, "addedSize" int, "failedAttempts" int, "failovers" int, "breaches" int,
      "hasSummary" boolean, "isEnded" boolean, "wakeAt" timestamp, "state" text, "outputs" text, "errorCode" text,
      "errorMessage" text, "retries" int, "settledSteps" int, "activeStepIds" text[], "totals" text,
      "deadlineAt" timestamp, "endedAt" timestamp)
    WHERE "r"."id" = "v"."id"`;
  await writeApprovals(tx, writes, events);
  return planned;
}

/**
 * Whether a transaction that was to store `events` has become durable: it stored all or none. Waits for it, should the
 * database still be at work on it.
 */
export async function areStored(tx: Prisma.TransactionClient, events: PlannedWrites['events']): Promise<boolean> {
  const ids = [...new Set(events.map(({ runId }) => runId))];
  await tx.$queryRaw`SELECT 1 FROM "run" WHERE "id" = ANY(${ids}) ORDER BY "id" FOR UPDATE`;
  const [first] = events;
  if (!first) return false;
  const { runId, seq } = first;
  const row = await tx.runEvent.findUnique({ where: { runId_seq: { runId, seq } } });
  return row?.fact === toFactText(first) && row.at.getTime() === first.atMs;
}

function toFactText({ runId: _runId, seq: _seq, atMs: _atMs, ...fact }: RunEvent & { readonly runId: string }): string {
  return JSON.stringify(fact);
}

function toRow({ summary, wakes, ...head }: HeadChange, nowMs: number) {
  const isEnded = summary !== undefined && endedRunStates.includes(summary.state);
  const wakeAt = wakes ? new Date(nowMs) : null;
  if (!summary) return { ...head, hasSummary: false, isEnded, wakeAt };
  const { deadlineAtMs, endedAtMs, errorMessage, ...rest } = summary;
  return {
    ...rest,
    ...head,
    hasSummary: true,
    isEnded,
    wakeAt,
    errorMessage: errorMessage === null ? null : toStorableText(errorMessage),
    deadlineAt: new Date(deadlineAtMs),
    endedAt: endedAtMs === null ? null : new Date(endedAtMs),
  };
}

/** Requests to people have rows of their own, so that they can be found without reading runs. */
async function writeApprovals(
  tx: Prisma.TransactionClient,
  writes: readonly RunWrite[],
  events: PlannedWrites['events'],
): Promise<void> {
  for (const event of events) {
    const { runId } = event;
    const at = new Date(event.atMs);
    if (event.type === 'approval-requested') {
      const { approvalId, stepId, kind, budgetApprovalId, message, expiresAtMs } = event;
      const rule = writes.find((write) => write.runId === runId && write.approvalRules?.[stepId])?.approvalRules?.[
        stepId
      ];
      await tx.$executeRaw`
        INSERT INTO "run_approval" ("runId", "approvalId", "teamId", "stepId", "kind", "budgetApprovalId", "approvers",
          "canEdit", "message", "state", "createdAt", "expiresAt")
        SELECT "id", ${approvalId}, "teamId", ${stepId}, ${kind}, ${budgetApprovalId ?? null},
          ${kind === 'step' ? (rule?.approvers ?? 'admin') : 'admin'}, ${kind === 'step' && (rule?.canEdit ?? false)},
          ${toStorableText(message)}, 'pending', ${at}, ${expiresAtMs === undefined ? null : new Date(expiresAtMs)}
        FROM "run" WHERE "id" = ${runId} ON CONFLICT DO NOTHING`;
    } else if (event.type === 'approval-decided') {
      const { approvalId, isApproved, decidedBy } = event;
      await tx.runApproval.updateMany({
        where: { runId, approvalId, state: 'pending' },
        data: { state: isApproved ? 'approved' : 'rejected', decidedById: decidedBy ?? null, decidedAt: at },
      });
    } else if (event.type === 'run-finished' || event.type === 'step-failed') {
      // Nobody can decide any more what was asked for before.
      const ofStep = event.type === 'step-failed' ? { stepId: event.stepId } : {};
      await tx.runApproval.updateMany({
        where: { runId, state: 'pending', ...ofStep },
        data: { state: 'void', decidedAt: at },
      });
    }
  }
}
