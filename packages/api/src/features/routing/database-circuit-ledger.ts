import type { Log } from '@switchyard/core/kernel';
import type { CircuitChange, CircuitLedger } from '@switchyard/core/policies';
import type { PrismaClient } from '../../generated/prisma/client.ts';

/** How far back is looked for messages: a transaction may end later than one that began after it. */
const lookBackSeconds = 30;
const keptMinutes = 10;

/** {@link CircuitLedger} on the database, for several processes on one. Call {@link poll} about twice a second. */
export class DatabaseCircuitLedger implements CircuitLedger {
  readonly #prisma: PrismaClient;
  readonly #instanceId: string;
  readonly #log: Log;
  readonly #onRemote: (change: CircuitChange) => void;
  /** Messages that were passed on, with their times in epoch milliseconds. */
  readonly #heard = new Map<bigint, number>();
  /** One after the other, so that a circuit's changes keep their order. */
  #writing: Promise<void> = Promise.resolve();

  /** `onRemote` is told what other processes published from now on. */
  constructor(options: {
    readonly prisma: PrismaClient;
    readonly instanceId: string;
    readonly log: Log;
    readonly onRemote: (change: CircuitChange) => void;
  }) {
    this.#prisma = options.prisma;
    this.#instanceId = options.instanceId;
    this.#log = options.log;
    this.#onRemote = options.onRemote;
  }

  readonly publish = (change: CircuitChange): void => {
    const text = JSON.stringify(change);
    this.#writing = this.#writing
      .then(
        // Not Prisma's own create, which stamps rows with the clock of the process.
        () => this.#prisma.$executeRaw`
          INSERT INTO "circuit_message" ("instanceId", "change", "createdAt")
          VALUES (${this.#instanceId}, ${text}::jsonb, now() AT TIME ZONE 'UTC')`,
      )
      .then(
        () => {},
        (error: unknown) => this.#log.warn({ error: String(error) }, 'other processes were not told of a circuit'),
      );
  };

  async claimProbe(key: string, intervalMs: number): Promise<boolean> {
    // The database's own clock: those of the processes may differ.
    const claimed = await this.#prisma.$executeRaw`
      INSERT INTO "circuit_claim" ("key", "expiresAt")
      VALUES (${key}, (now() AT TIME ZONE 'UTC') + ${intervalMs} * interval '1 millisecond')
      ON CONFLICT ("key") DO UPDATE SET "expiresAt" = EXCLUDED."expiresAt"
      WHERE "circuit_claim"."expiresAt" <= (now() AT TIME ZONE 'UTC')`;
    return claimed === 1;
  }

  /** Passes on what other processes have published since the last time. */
  async poll(): Promise<void> {
    const rows = await this.#prisma.$queryRaw<readonly { id: bigint; change: CircuitChange; createdAt: Date }[]>`
      SELECT "id", "change", "createdAt" FROM "circuit_message"
      WHERE "instanceId" <> ${this.#instanceId}
        AND "createdAt" > (now() AT TIME ZONE 'UTC') - ${lookBackSeconds} * interval '1 second'
      ORDER BY "id"`;
    for (const { id, change, createdAt } of rows) {
      if (this.#heard.has(id)) continue;
      this.#heard.set(id, createdAt.getTime());
      this.#onRemote(change);
    }
    const newest = rows.at(-1)?.createdAt.getTime();
    if (newest === undefined) return;
    for (const [id, atMs] of this.#heard) if (atMs < newest - 2_000 * lookBackSeconds) this.#heard.delete(id);
  }

  /** Forgets what everybody has heard. */
  async prune(): Promise<void> {
    await this.#prisma.$executeRaw`
      DELETE FROM "circuit_message"
      WHERE "createdAt" < (now() AT TIME ZONE 'UTC') - ${keptMinutes} * interval '1 minute'`;
    await this.#prisma.$executeRaw`DELETE FROM "circuit_claim" WHERE "expiresAt" < (now() AT TIME ZONE 'UTC')`;
  }

  /** Resolves when everything that was published is stored. */
  flush(): Promise<void> {
    return this.#writing;
  }
}
