import type { ComparisonEvent } from '@switchyard/core/events';
import { toStorable } from '@switchyard/core/kernel';
import { type EventBatch, type EventStore, StreamLostError } from '../../events/index.ts';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';

/** A change of a row that an event stands for; stored in the same transaction as the event. */
export type ComparisonChange =
  | { readonly kind: 'lane'; readonly laneId: string; readonly data: Prisma.ComparisonLaneUncheckedUpdateManyInput }
  | { readonly kind: 'comparison'; readonly data: Prisma.ComparisonUncheckedUpdateManyInput };

type Batch = EventBatch<ComparisonEvent, ComparisonChange>;

/** Keeps the events of comparisons in `comparison_event_batch`, one row for each batch. */
export function createComparisonEventStore(prisma: PrismaClient): EventStore<ComparisonEvent, ComparisonChange> {
  return {
    async append(batches) {
      const rows = batches.map((batch) => ({
        teamId: batch.teamId,
        comparisonId: batch.streamId,
        firstSeq: batch.events[0]?.seq ?? 0,
        lastSeq: batch.events.at(-1)?.seq ?? 0,
        events: batch.events as unknown as Prisma.InputJsonValue,
      }));
      const changes = batches.flatMap((batch) => batch.changes.map((change) => toUpdate(prisma, batch, change)));
      try {
        const insert = prisma.comparisonEventBatch.createMany({ data: rows });
        if (changes.length === 0) await insert;
        else await prisma.$transaction([insert, ...changes]);
      } catch (error) {
        throw isPermanent(error)
          ? new StreamLostError('The comparison was deleted or taken over.', { cause: error })
          : error;
      }
    },

    async read(teamId, comparisonId, afterSeq, limit) {
      const events: ComparisonEvent[] = [];
      // A batch holds few events; read batches until there are enough.
      for (let cursor = afterSeq; events.length < limit; ) {
        const rows = await prisma.comparisonEventBatch.findMany({
          where: { teamId, comparisonId, lastSeq: { gt: cursor } },
          orderBy: { firstSeq: 'asc' },
          take: 100,
        });
        for (const row of rows) {
          for (const event of row.events as unknown as ComparisonEvent[]) if (event.seq > afterSeq) events.push(event);
        }
        cursor = rows.at(-1)?.lastSeq ?? cursor;
        if (rows.length < 100) break;
      }
      return events;
    },

    async isOpen(teamId, comparisonId) {
      const row = await prisma.comparison.findFirst({ where: { id: comparisonId, teamId }, select: { state: true } });
      return row?.state === 'RUNNING';
    },
  };
}

function toUpdate(prisma: PrismaClient, batch: Batch, change: ComparisonChange) {
  return change.kind === 'lane'
    ? prisma.comparisonLane.updateMany({
        where: { id: change.laneId, teamId: batch.teamId },
        data: toStorable(change.data),
      })
    : prisma.comparison.updateMany({
        where: { id: batch.streamId, teamId: batch.teamId },
        data: toStorable(change.data),
      });
}

/** P2002: the number was taken by another process. P2003: the comparison is gone. */
function isPermanent(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && (error.code === 'P2002' || error.code === 'P2003');
}
