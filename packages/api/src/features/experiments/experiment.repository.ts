import type { AnsweredItem } from '@switchyard/core/experiments';
import { toStorable } from '@switchyard/core/kernel';
import type {
  Experiment,
  ExperimentAnswer,
  ExperimentItem,
  Prisma,
  PrismaClient,
} from '../../generated/prisma/client.ts';
import { toAnsweredItems } from './answered-items.ts';
import type { StoredScores } from './score-answers.ts';

/** Another process owns the test now, or it is over: nothing more may be written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

export interface TestLease {
  readonly id: string;
  readonly token: number;
}

export type NewAnswer = Omit<Prisma.ExperimentAnswerCreateManyInput, 'experimentId' | 'teamId' | 'scores'> & {
  readonly scores: StoredScores;
};

/** Tests with their items and answers. Reads name the team; writes of a running test name its lease. */
export class ExperimentRepository {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  find(teamId: string, id: string): Promise<Experiment | null> {
    return this.#prisma.experiment.findUnique({ where: { id_teamId: { id, teamId } } });
  }

  /** Takes tests that run and that nobody owns, or whose owner's lease has ended by the database's clock. */
  claim(
    instanceId: string,
    leaseMs: number,
    own: readonly string[],
    most: number,
  ): Promise<readonly { id: string; teamId: string; leaseToken: number }[]> {
    return this.#prisma.$queryRaw`
      UPDATE "experiment" SET "leaseToken" = "leaseToken" + 1, "ownerId" = ${instanceId},
        "leaseUntil" = (now() AT TIME ZONE 'UTC') + ${leaseMs} * interval '1 millisecond'
      WHERE "id" IN (
        SELECT "id" FROM "experiment" WHERE "state" = 'running' AND "id" <> ALL(${[...own]}::text[])
          AND ("leaseUntil" IS NULL OR "leaseUntil" < (now() AT TIME ZONE 'UTC'))
        ORDER BY "startedAt" LIMIT ${most} FOR UPDATE SKIP LOCKED)
      RETURNING "id", "teamId", "leaseToken"`;
  }

  /** Renews leases; what is missing from the answer is no longer owned. */
  async renew(
    leases: readonly TestLease[],
    leaseMs: number,
  ): Promise<ReadonlyMap<string, { readonly stopRequested: boolean }>> {
    const rows = await this.#prisma.$queryRaw<{ id: string; stopRequested: boolean }[]>`
      UPDATE "experiment" AS "e" SET "leaseUntil" = (now() AT TIME ZONE 'UTC') + ${leaseMs} * interval '1 millisecond'
      FROM unnest(${leases.map(({ id }) => id)}::text[], ${leases.map(({ token }) => token)}::int[]) AS "v"("id", "token")
      WHERE "e"."id" = "v"."id" AND "e"."leaseToken" = "v"."token" AND "e"."state" = 'running'
      RETURNING "e"."id", "e"."stopRequested"`;
    return new Map(rows.map(({ id, stopRequested }) => [id, { stopRequested }]));
  }

  async release({ id, token }: TestLease): Promise<void> {
    await this.#prisma.experiment.updateMany({ where: { id, leaseToken: token }, data: { leaseUntil: null } });
  }

  /** On an embedded database whoever had a lease is dead. */
  async expireAll(): Promise<void> {
    await this.#prisma.experiment.updateMany({ where: { state: 'running' }, data: { leaseUntil: null } });
  }

  /** Items that are not done, in the order in which they are asked. */
  readOpenItems(id: string, afterPosition: number, most: number): Promise<ExperimentItem[]> {
    return this.#prisma.experimentItem.findMany({
      where: { experimentId: id, doneSeq: null, position: { gt: afterPosition } },
      orderBy: { position: 'asc' },
      take: most,
    });
  }

  readAnswers(id: string, position: number): Promise<ExperimentAnswer[]> {
    return this.#prisma.experimentAnswer.findMany({ where: { experimentId: id, position } });
  }

  /** Items that are done with their answers, in the order in which they were completed. */
  async readDone(id: string): Promise<readonly AnsweredItem[]> {
    const [items, answers, ratings] = await Promise.all([
      this.#prisma.experimentItem.findMany({
        where: { experimentId: id, doneSeq: { not: null } },
        select: { position: true, key: true, cluster: true },
        orderBy: { doneSeq: 'asc' },
      }),
      this.#prisma.experimentAnswer.findMany({
        where: { experimentId: id },
        omit: { output: true, failureMessage: true },
      }),
      this.#prisma.experimentRating.groupBy({
        by: ['position', 'repeat', 'variant'],
        where: { experimentId: id },
        _avg: { rating: true },
      }),
    ]);
    return toAnsweredItems(items, answers, ratings);
  }

  /** Sizes of the clusters of a test; empty when its items have none. */
  async clusterSizes(id: string): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#prisma.experimentItem.groupBy({
      by: ['cluster'],
      where: { experimentId: id, cluster: { not: null } },
      _count: { _all: true },
    });
    return new Map(rows.map(({ cluster, _count }) => [cluster ?? '', _count._all]));
  }

  /** Stores one answer and what it cost; one that is there already stays. Throws {@link LeaseLost}. */
  async addAnswer(teamId: string, lease: TestLease, answer: NewAnswer): Promise<void> {
    const spent = BigInt(answer.costNanoUsd ?? 0);
    const { scores, ...facts } = answer;
    await this.#write(lease, { spentNanoUsd: { increment: spent } }, (tx) =>
      tx.experimentAnswer.createMany({
        data: [{ ...facts, experimentId: lease.id, teamId, scores: toStorable(scores) as Prisma.InputJsonValue }],
        skipDuplicates: true,
      }),
    );
  }

  /** Adds what judges said of an answer, and what they cost. Throws {@link LeaseLost}. */
  async addScores(
    lease: TestLease,
    place: { readonly position: number; readonly repeat: number; readonly variant: string },
    scores: StoredScores,
    costNanoUsd: bigint,
  ): Promise<void> {
    const where = { experimentId_position_repeat_variant: { experimentId: lease.id, ...place } };
    await this.#write(lease, { spentNanoUsd: { increment: costNanoUsd } }, (tx) =>
      tx.experimentAnswer.update({
        where,
        data: { scores: toStorable(scores) as Prisma.InputJsonValue, judgeCostNanoUsd: { increment: costNanoUsd } },
      }),
    );
  }

  /** Marks an item as done, with what the look after it has shown. Throws {@link LeaseLost}. */
  async finishItem(lease: TestLease, position: number, doneSeq: number, shown: object, nowMs: number): Promise<void> {
    const data = { doneItems: doneSeq, shown: shown as Prisma.InputJsonValue, updatedAt: new Date(nowMs) };
    await this.#write(lease, data, (tx) =>
      tx.experimentItem.update({
        where: { experimentId_position: { experimentId: lease.id, position } },
        data: { doneSeq },
      }),
    );
  }

  /** Ends the test for good. Throws {@link LeaseLost}. */
  async finish(
    lease: TestLease,
    end: { readonly reason: string; readonly winner: string | undefined; readonly message: string | undefined },
    nowMs: number,
  ): Promise<void> {
    const now = new Date(nowMs);
    const { reason: stopReason, winner = null, message: stopMessage = null } = end;
    const data = { state: 'ended', stopReason, winner, stopMessage, endedAt: now, updatedAt: now, leaseUntil: null };
    await this.#write(lease, data, async () => {});
  }

  async #write(
    { id, token }: TestLease,
    data: Prisma.ExperimentUpdateManyMutationInput,
    more: (tx: Prisma.TransactionClient) => Promise<unknown>,
  ): Promise<void> {
    await this.#prisma.$transaction(async (tx) => {
      const { count } = await tx.experiment.updateMany({ where: { id, leaseToken: token, state: 'running' }, data });
      if (count === 0) throw new LeaseLost('Another process executes this test now.');
      await more(tx);
    });
  }
}
