import type { ComparisonEvent, TimelineEntry } from '@switchyard/core/events';
import type { Clock, Log } from '@switchyard/core/kernel';
import type { RunFact } from '@switchyard/core/workflows';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';
import { endedRunStates } from '../runs/run-record.ts';
import type { TeamSettingsKeeper } from './team-settings.ts';
import { notKept, withoutAnswer, withoutMessage, withoutValues } from './without-content.ts';

/** So long after its end whoever follows a run or comparison can still read it. */
export const readableMs = 60_000;
const perTurn = 50;
const eventsPerPage = 1_000;
const transaction = { maxWait: 10_000, timeout: 60_000 } as const;

export interface RemoveParts {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly teamSettings: TeamSettingsKeeper;
}

/**
 * Takes prompts and answers out of what has ended, for teams that keep none. What runs needs them: it is begun again after
 * a crash. Returns how many runs and comparisons it was.
 */
export async function removeContent(parts: RemoveParts): Promise<number> {
  const { prisma, clock, teamSettings } = parts;
  const before = new Date(clock.nowMs() - readableMs);
  let removed = 0;
  for (const { teamId, contentCapture, contentCaptureSince } of teamSettings.all) {
    if (contentCapture === 'FULL') continue;
    const since = contentCaptureSince ?? new Date(0);
    // The answers that repeated calls get: their texts are not kept longer either.
    await prisma.idempotencyRecord.deleteMany({
      where: { teamId, operation: 'complete', createdAt: { gte: since, lt: before }, result: { not: Prisma.AnyNull } },
    });
    const comparisons = await prisma.comparison.findMany({
      where: {
        teamId,
        createdAt: { gte: since },
        state: 'FINISHED',
        finishedAt: { lt: before },
        contentRemovedAt: null,
      },
      select: { id: true },
      take: perTurn,
    });
    for (const { id } of comparisons) removed += (await emptyComparison(parts, teamId, id)) ? 1 : 0;
    const runs = await prisma.run.findMany({
      where: {
        ...{ teamId, createdAt: { gte: since }, endedAt: { lt: before } },
        ...full(prisma.run.fields.endedAt),
        state: { in: [...endedRunStates] },
      },
      select: { id: true },
      take: perTurn,
    });
    for (const { id } of runs) removed += (await emptyRun(parts, teamId, id, contentCapture === 'NONE')) ? 1 : 0;
  }
  return removed;
}

/** Never emptied, or begun again while that was done. */
const full = <Field>(end: Field) => ({ OR: [{ contentRemovedAt: null }, { contentRemovedAt: { lt: end } }] });

function emptyComparison({ prisma, clock }: RemoveParts, teamId: string, id: string): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const { count } = await tx.comparison.updateMany({
      // One that was begun again meanwhile is left alone.
      where: { id, teamId, state: 'FINISHED', ...full(prisma.comparison.fields.finishedAt) },
      data: {
        ...{ prompt: '', systemPrompt: null, images: [], parameters: {} },
        contentRemovedAt: new Date(clock.nowMs()),
      },
    });
    if (count === 0) return false;
    const lanes = await tx.comparisonLane.findMany({ where: { comparisonId: id, teamId } });
    for (const { id: laneId, failure, timeline } of lanes) {
      await tx.comparisonLane.update({
        where: { id_teamId: { id: laneId, teamId } },
        data: {
          ...{ output: '', reasoning: '', toolCalls: [] },
          timeline: (timeline as unknown as readonly TimelineEntry[]).map(
            withoutMessage,
          ) as unknown as Prisma.InputJsonValue,
          ...(failure !== null && { failure: { ...(failure as object), message: notKept } }),
        },
      });
    }
    const batches = await tx.comparisonEventBatch.findMany({ where: { comparisonId: id } });
    for (const { firstSeq, events } of batches) {
      const emptied = (events as unknown as readonly ComparisonEvent[]).map(withoutAnswer);
      await tx.comparisonEventBatch.update({
        where: { comparisonId_firstSeq: { comparisonId: id, firstSeq } },
        data: { events: emptied as unknown as Prisma.InputJsonValue },
      });
    }
    return true;
  }, transaction);
}

function emptyRun({ prisma, clock }: RemoveParts, teamId: string, id: string, isNone: boolean): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const { count } = await tx.run.updateMany({
      where: { id, teamId, state: { in: [...endedRunStates] }, ...full(prisma.run.fields.endedAt) },
      data: {
        ...{ inputs: '{}', contentRemovedAt: new Date(clock.nowMs()) },
        ...(isNone && { subject: null, session: null }),
      },
    });
    if (count === 0) return false;
    await tx.run.updateMany({ where: { id, teamId, outputs: { not: null } }, data: { outputs: '{}' } });
    await tx.run.updateMany({ where: { id, teamId, errorMessage: { not: null } }, data: { errorMessage: notKept } });
    for (let after = 0; ; ) {
      const rows = await tx.runEvent.findMany({
        where: { runId: id, seq: { gt: after } },
        orderBy: { seq: 'asc' },
        take: eventsPerPage,
        select: { seq: true, fact: true },
      });
      const changed = rows.flatMap(({ seq, fact }) => {
        const emptied = JSON.stringify(withoutValues(JSON.parse(fact) as RunFact));
        return emptied === fact ? [] : [{ seq, fact: emptied }];
      });
      if (changed.length > 0)
        await tx.$executeRaw`
          UPDATE "run_event" AS e SET "fact" = c."fact"
          FROM unnest(${changed.map(({ seq }) => seq)}::int[], ${changed.map(({ fact }) => fact)}::text[]) AS c("seq", "fact")
          WHERE e."runId" = ${id} AND e."seq" = c."seq"`;
      after = rows.at(-1)?.seq ?? after;
      if (rows.length < eventsPerPage) break;
    }
    await tx.runFold.deleteMany({ where: { runId: id } });
    await tx.runApproval.updateMany({ where: { runId: id }, data: { message: notKept } });
    return true;
  }, transaction);
}

/** Deletes comparisons that ended longer ago than their team keeps them. Returns how many. */
export async function pruneComparisons({ prisma, clock, teamSettings }: RemoveParts): Promise<number> {
  let deleted = 0;
  for (const { teamId, contentDays } of teamSettings.all) {
    if (contentDays === undefined) continue;
    const before = new Date(clock.nowMs() - contentDays * 86_400_000);
    for (let count = perTurn; count === perTurn; deleted += count) {
      count = await prisma.$executeRaw`
        DELETE FROM "comparison" WHERE "id" IN (
          SELECT "id" FROM "comparison" WHERE "teamId" = ${teamId} AND "state" = 'FINISHED' AND "finishedAt" < ${before}
          LIMIT ${perTurn})`;
    }
  }
  return deleted;
}
