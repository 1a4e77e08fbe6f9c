import type { Clock, Log } from '@switchyard/core/kernel';
import { TableFeed } from '../../events/table-feed.ts';
import type { Alert as AlertRow, PrismaClient } from '../../generated/prisma/client.ts';

/** New alerts for subscribers, whichever process raised them; each gets its own team's. */
export class AlertFeed {
  readonly #feed: TableFeed<AlertRow>;

  constructor(prisma: PrismaClient, clock: Clock, log: Log) {
    const table = {
      latest: async (take: number) => {
        const rows = await prisma.alert.findMany({ orderBy: { seq: 'desc' }, take, select: { seq: true } });
        return rows.map(({ seq }) => seq);
      },
      after: (seq: bigint, known: readonly bigint[], take: number) =>
        prisma.alert.findMany({ where: { seq: { gt: seq, notIn: [...known] } }, orderBy: { seq: 'asc' }, take }),
    };
    this.#feed = new TableFeed(table, { clock, log }, { pollEveryMs: 1_000, what: 'new alerts' });
  }

  get subscriberCount(): number {
    return this.#feed.subscriberCount;
  }

  /** Every alert of the team that is stored after this resolved, in about the order of storing. Throws without database. */
  subscribe(teamId: string): Promise<AsyncIterableIterator<AlertRow>> {
    return this.#feed.subscribe((row) => row.teamId === teamId);
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
