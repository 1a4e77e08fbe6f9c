import { type Clock, type Log, type Timer, toStorable } from '@switchyard/core/kernel';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { type StoredDecision, toDecisionRow } from './decision.mapping.ts';
import type { SnapshotArchive } from './snapshot-archive.ts';

const flushAfterMs = 250;
const maxBatch = 200;
/** While the database is away this many decisions and ends are kept; beyond, the oldest are dropped and the loss is logged. */
const maxWaiting = 2_000;
/** Above this many only decisions that something is learned from are written: a decision is a large row. */
const shedAbove = 500;

/** How the call of a decision ended. */
export interface DecisionEnd {
  readonly id: string;
  readonly teamId: string;
  readonly outcome: 'succeeded' | 'failed' | 'cancelled';
  /** Who answered; undefined when nobody did. */
  readonly servedModelId: string | undefined;
  /** Of all calls made for it; undefined when the cost of one is unknown. */
  readonly costNanoUsd: bigint | undefined;
  readonly latencyMs: number | undefined;
}

/** Writes decisions and how they ended in batches, behind the answers. Never fails a call and never waits for the database. */
export class DecisionWriter {
  readonly #prisma: PrismaClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #snapshots: SnapshotArchive;
  #decisions: { readonly teamId: string; readonly decision: StoredDecision }[] = [];
  #ends: DecisionEnd[] = [];
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  #failures = 0;
  #shed = 0;

  constructor(prisma: PrismaClient, clock: Clock, log: Log, snapshots: SnapshotArchive) {
    this.#prisma = prisma;
    this.#clock = clock;
    this.#log = log;
    this.#snapshots = snapshots;
  }

  /** Decisions and ends that are not stored yet. */
  get waitingCount(): number {
    return this.#decisions.length + this.#ends.length;
  }

  record(teamId: string, decision: StoredDecision): void {
    if (this.#decisions.length >= shedAbove && decision.record.plan.learningScopes.length === 0) {
      if (this.#shed === 0) this.#log.warn({}, 'more is decided than can be written: some decisions are not stored');
      this.#shed += 1;
      return;
    }
    this.#shed = 0;
    this.#decisions.push({ teamId, decision });
    this.#decisions = this.#cut(this.#decisions);
    this.#schedule();
  }

  end(end: DecisionEnd): void {
    this.#ends.push(end);
    this.#ends = this.#cut(this.#ends);
    this.#schedule();
  }

  /** Whether a decision of this id, or for this lane or request, waits to be written. */
  holds(id: string): boolean {
    return (
      this.#writing !== undefined ||
      this.#decisions.some(({ decision: { record, sourceId } }) => record.id === id || sourceId === id)
    );
  }

  /** Resolves when everything until now is written; gives up after the first failure. */
  async flush(): Promise<void> {
    while (this.#decisions.length > 0 || this.#ends.length > 0 || this.#writing) {
      const failuresBefore = this.#failures;
      this.#timer?.cancel();
      this.#timer = undefined;
      await this.#write();
      if (this.#failures > failuresBefore) return;
    }
  }

  #cut<Item>(waiting: Item[]): Item[] {
    if (waiting.length <= maxWaiting) return waiting;
    const dropped = waiting.length - maxWaiting;
    this.#log.error({ dropped }, 'routing decisions were dropped because the database has been away for too long');
    return waiting.slice(dropped);
  }

  #schedule(): void {
    if (this.#timer || this.#writing) return;
    const delayMs = this.#failures === 0 ? flushAfterMs : Math.min(5_000, flushAfterMs * 2 ** this.#failures);
    this.#timer = this.#clock.startTimer(delayMs, () => {
      this.#timer = undefined;
      void this.#write();
    });
  }

  #write(): Promise<void> {
    this.#writing ??= this.#writeBatch().finally(() => {
      this.#writing = undefined;
      if (this.#decisions.length > 0 || this.#ends.length > 0) this.#schedule();
    });
    return this.#writing;
  }

  /** Ends come after the decisions that they end: whatever ended by now was decided before. */
  async #writeBatch(): Promise<void> {
    const decisions = this.#decisions.splice(0, maxBatch);
    const ends = this.#decisions.length === 0 ? this.#ends.splice(0, maxBatch) : [];
    try {
      if (decisions.length > 0) {
        // First what they were made upon: a decision that is there can be made again.
        const origins = new Set(decisions.flatMap(({ decision: { origin } }) => origin ?? []));
        const names = await this.#snapshots.keep(origins);
        const rows = JSON.stringify(
          toStorable(
            decisions.map(({ teamId, decision }) =>
              toDecisionRow(teamId, decision, decision.origin && names.get(decision.origin)),
            ),
          ),
        );
        // A team that was deleted meanwhile must not hold up the others.
        await this.#prisma.$executeRaw`
          INSERT INTO "routing_decision"
          SELECT d.* FROM jsonb_populate_recordset(NULL::"routing_decision", ${rows}::jsonb) d
          WHERE EXISTS (SELECT 1 FROM "team" t WHERE t.id = d."teamId")
          ON CONFLICT DO NOTHING`;
      }
    } catch (error) {
      this.#decisions.unshift(...decisions);
      this.#ends.unshift(...ends);
      return this.#noteFailure(error);
    }
    try {
      if (ends.length > 0) {
        const rows = JSON.stringify(
          ends.map(({ costNanoUsd, ...end }) => ({ ...end, costNanoUsd: costNanoUsd?.toString() ?? null })),
        );
        await this.#prisma.$executeRaw`
          UPDATE "routing_decision" d
          SET outcome = e.outcome, "servedModelId" = e."servedModelId", "costNanoUsd" = e."costNanoUsd", "latencyMs" = e."latencyMs"
          FROM jsonb_to_recordset(${rows}::jsonb)
            AS e(id text, "teamId" text, outcome text, "servedModelId" text, "costNanoUsd" bigint, "latencyMs" int)
          WHERE d.id = e.id AND d."teamId" = e."teamId"`;
      }
      this.#failures = 0;
    } catch (error) {
      this.#ends.unshift(...ends);
      this.#noteFailure(error);
    }
  }

  #noteFailure(error: unknown): void {
    this.#failures += 1;
    const waiting = this.#decisions.length + this.#ends.length;
    this.#log.error({ error: String(error), waiting }, 'routing decisions could not be written yet');
  }
}
