import type { AnsweredItem } from '@switchyard/core/experiments';
import { toStorable } from '@switchyard/core/kernel';
import type {
  Experiment,
  ExperimentAnswer,
  ExperimentItem,
  Prisma,
  PrismaClient,
} from '../../generated/prisma/client.ts';
import { readAnswerRatings } from '../quality/read-answer-ratings.ts';
import { endedRunStates } from '../runs/run-record.ts';
import { type AnswerFacts, toAnsweredItems } from './answered-items.ts';
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

/** What one execution of the step of a live split has shown. */
export interface NewExecution {
  readonly exposure: { readonly runId: string; readonly generation: number };
  readonly item: { readonly key: string; readonly cluster: string; readonly input: string };
  readonly answer: Omit<AnswerFacts, 'repeat' | 'scores'> & {
    readonly scores: StoredScores;
    readonly output: string;
    readonly failureMessage: string | null;
    readonly inputTokens: number | null;
    readonly answeredModelId: string | null;
    readonly judgeCostNanoUsd: bigint;
    readonly finishedAt: Date;
  };
}

/** Tests with their items and answers. Reads name the team; writes of a running test name its lease. */
export class ExperimentRepository {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  find(teamId: string, id: string): Promise<Experiment | null> {
    return this.#prisma.experiment.findUnique({ where: { id_teamId: { id, teamId } } });
  }

  /**
   * Takes tests that run and that nobody owns, or whose owner's lease has ended by the database's clock. The team with the
   * fewest tests here (`own`) comes first.
   */
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
        SELECT "e"."id" FROM "experiment" AS "e" JOIN (
          SELECT "id", row_number() OVER (PARTITION BY "teamId" ORDER BY "startedAt", "id") + (
              SELECT count(*) FROM "experiment" AS "o" WHERE "o"."id" = ANY(${[...own]}::text[])
                AND "o"."teamId" = "due"."teamId") AS "place"
          FROM "experiment" AS "due" WHERE "state" = 'running' AND "id" <> ALL(${[...own]}::text[])
            AND ("leaseUntil" IS NULL OR "leaseUntil" < (now() AT TIME ZONE 'UTC'))) AS "d" ON "d"."id" = "e"."id"
        WHERE "e"."state" = 'running' AND ("e"."leaseUntil" IS NULL OR "e"."leaseUntil" < (now() AT TIME ZONE 'UTC'))
        ORDER BY "d"."place", "e"."startedAt" LIMIT ${most} FOR UPDATE OF "e" SKIP LOCKED)
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
      readAnswerRatings(this.#prisma, id),
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

  /** All that the owner spent, calls among it whose answers count nowhere: the test was over. Throws {@link LeaseLost}. */
  async noteSpend(lease: TestLease, spentNanoUsd: bigint): Promise<void> {
    await this.#write(lease, { spentNanoUsd }, async () => {});
  }

  /** Runs of workflows that answer for a test and have not ended. */
  async openRuns(teamId: string, id: string): Promise<readonly string[]> {
    const where = { teamId, experimentId: id, state: { notIn: [...endedRunStates] } };
    return (await this.#prisma.run.findMany({ where, select: { id: true } })).map((run) => run.id);
  }

  /** Units of a live split by variant, as they were put there. */
  async assignedUnits(id: string, kind: string): Promise<Readonly<Record<string, number>>> {
    const rows = await this.#prisma.experimentUnit.groupBy({
      by: ['variant'],
      where: { experimentId: id, kind },
      _count: { _all: true },
    });
    return Object.fromEntries(rows.map(({ variant, _count }) => [variant, _count._all]));
  }

  /** Where the next execution of a live split stands. */
  async nextPosition(id: string): Promise<number> {
    const { _max } = await this.#prisma.experimentItem.aggregate({
      where: { experimentId: id },
      _max: { position: true },
    });
    return (_max.position ?? -1) + 1;
  }

  /** Takes in what executions of a live split have shown, with the look after them: all or nothing. Throws {@link LeaseLost}. */
  async addExecutions(
    teamId: string,
    lease: TestLease,
    executions: readonly NewExecution[],
    positions: readonly number[],
    { shown, ...state }: { readonly doneItems: number; readonly spentNanoUsd: bigint; readonly shown: object },
    nowMs: number,
  ): Promise<void> {
    const data = { ...state, shown: shown as Prisma.InputJsonValue, updatedAt: new Date(nowMs) };
    const experimentId = lease.id;
    await this.#write(lease, data, async (tx) => {
      if (executions.length === 0) return;
      await tx.experimentItem.createMany({
        data: executions.map(({ item }, index) => {
          const position = positions[index]!;
          return { ...item, experimentId, teamId, position, doneSeq: position + 1 };
        }),
      });
      await tx.experimentAnswer.createMany({
        data: executions.map(({ answer: { scores, ...facts } }, index) => ({
          ...{ ...facts, experimentId, teamId, position: positions[index]!, repeat: 0 },
          scores: toStorable(scores) as Prisma.InputJsonValue,
        })),
      });
      await tx.$executeRaw`
        UPDATE "experiment_exposure" AS "e" SET "position" = "v"."position"
        FROM unnest(${executions.map(({ exposure }) => exposure.runId)}::text[],
          ${executions.map(({ exposure }) => exposure.generation)}::int[], ${[...positions]}::int[])
          AS "v"("runId", "generation", "position")
        WHERE "e"."experimentId" = ${experimentId} AND "e"."runId" = "v"."runId" AND "e"."generation" = "v"."generation"`;
    });
  }

  /** Forgets executions of which nothing can be known any more: their runs were deleted. Throws {@link LeaseLost}. */
  async dropExposures(
    lease: TestLease,
    exposures: readonly { readonly runId: string; readonly generation: number }[],
  ): Promise<void> {
    if (exposures.length === 0) return;
    await this.#write(lease, {}, (tx) =>
      tx.experimentExposure.updateMany({
        where: { experimentId: lease.id, OR: exposures.map(({ runId, generation }) => ({ runId, generation })) },
        data: { position: -1 },
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
    const data = { state: 'ended', stopReason, winner, stopMessage, endedAt: now, updatedAt: now };
    await this.#write(lease, { ...data, leaseUntil: null, liveStep: null }, async () => {});
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
