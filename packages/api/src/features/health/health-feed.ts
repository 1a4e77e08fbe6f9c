import type { Clock, Log } from '@switchyard/core/kernel';
import { TableFeed } from '../../events/table-feed.ts';
import type { HealthEvent as EventRow, PrismaClient } from '../../generated/prisma/client.ts';

/** What happens to the health of providers, for subscribers, whichever process finds it out. */
export class HealthFeed {
  readonly #feed: TableFeed<EventRow>;

  constructor(prisma: PrismaClient, clock: Clock, log: Log) {
    const table = {
      latest: async (take: number) => {
        const rows = await prisma.healthEvent.findMany({ orderBy: { seq: 'desc' }, take, select: { seq: true } });
        return rows.map(({ seq }) => seq);
      },
      after: (seq: bigint, known: readonly bigint[], take: number) =>
        prisma.healthEvent.findMany({ where: { seq: { gt: seq, notIn: [...known] } }, orderBy: { seq: 'asc' }, take }),
    };
    this.#feed = new TableFeed(table, { clock, log }, { pollEveryMs: 500, what: 'health events' });
  }

  get subscriberCount(): number {
    return this.#feed.subscriberCount;
  }

  /** Every event of what the team sees, of `subjectIds` when given, that is stored after this resolved. Throws without database. */
  subscribe(teamId: string, subjectIds?: ReadonlySet<string>): Promise<AsyncIterableIterator<EventRow>> {
    return this.#feed.subscribe(
      (row) =>
        (row.teamId === null || row.teamId === teamId) && (subjectIds === undefined || subjectIds.has(row.subjectId)),
    );
  }

  /** Delivers what was just stored; never throws. */
  wake(): void {
    this.#feed.wake();
  }

  /** Delivers what is new. Harmless at any time. */
  poll(): Promise<void> {
    return this.#feed.poll();
  }

  /** Ends all subscriptions. */
  close(): void {
    this.#feed.close();
  }
}
