import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { ComparisonPosition } from './comparison-runner.ts';

const overStates = ['COMPLETED', 'FAILED', 'STOPPED', 'INTERRUPTED'] as const;

export type LaneWithComparison = Prisma.ComparisonLaneGetPayload<{ include: { comparison: true } }>;

/** Comparisons as rows. Every method takes the team first; another team's row is as good as none. */
export class ComparisonRepository {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  find(teamId: string, id: string) {
    return this.#prisma.comparison.findUnique({ where: { id_teamId: { id, teamId } } });
  }

  findLane(teamId: string, id: string): Promise<LaneWithComparison | null> {
    return this.#prisma.comparisonLane.findUnique({
      where: { id_teamId: { id, teamId } },
      include: { comparison: true },
    });
  }

  /** Number of the last stored event of a comparison, 0 when there is none. */
  async lastSeq(teamId: string, comparisonId: string): Promise<number> {
    const last = await this.#prisma.comparisonEventBatch.findFirst({
      where: { teamId, comparisonId },
      orderBy: { lastSeq: 'desc' },
      select: { lastSeq: true },
    });
    return last?.lastSeq ?? 0;
  }

  /**
   * Takes a lane that is over for one more run by the process `instanceId`, exactly once among all who try; `together`
   * is carried out in the same transaction. Undefined when the lane is not over or another process has the comparison.
   */
  async claimRetry(
    teamId: string,
    lane: LaneWithComparison,
    instanceId: string,
    together: readonly Prisma.PrismaPromise<unknown>[],
  ): Promise<ComparisonPosition | undefined> {
    const owner = lane.comparison.instanceId;
    if (owner !== null && owner !== instanceId) return undefined;
    const { count } = await this.#prisma.comparisonLane.updateMany({
      where: { id: lane.id, teamId, attempt: lane.attempt, state: { in: [...overStates] } },
      data: { state: 'QUEUED' },
    });
    if (count === 0) return undefined;
    const taken = await this.#prisma.comparison.updateMany({
      where: { id: lane.comparisonId, teamId, instanceId: owner },
      data: { state: 'RUNNING', instanceId },
    });
    if (taken.count === 0) {
      await this.#prisma.comparisonLane.updateMany({ where: { id: lane.id, teamId }, data: { state: lane.state } });
      return undefined;
    }
    if (together.length > 0) await this.#prisma.$transaction([...together]);
    const siblings = await this.#prisma.comparisonLane.findMany({
      where: { comparisonId: lane.comparisonId, teamId, id: { not: lane.id }, state: { in: [...overStates] } },
      select: { id: true, costNanoUsd: true },
    });
    return {
      teamId,
      comparisonId: lane.comparisonId,
      lastSeq: await this.lastSeq(teamId, lane.comparisonId),
      earlierCosts: new Map(siblings.map((sibling) => [sibling.id, sibling.costNanoUsd ?? undefined])),
    };
  }

  /** Deletes a comparison with everything of it; false when there is none. */
  async delete(teamId: string, id: string): Promise<boolean> {
    return (await this.#prisma.comparison.deleteMany({ where: { id, teamId } })).count > 0;
  }

  async rate(teamId: string, lane: LaneWithComparison, userId: string, rating: number | null): Promise<void> {
    if (rating === null) {
      await this.#prisma.outputRating.deleteMany({ where: { teamId, laneId: lane.id, userId } });
      return;
    }
    const values = { rating, attempt: lane.attempt };
    await this.#prisma.outputRating.upsert({
      where: { laneId_userId: { laneId: lane.id, userId } },
      create: { teamId, laneId: lane.id, userId, ...values },
      update: values,
    });
  }

  async markBest(teamId: string, id: string, laneId: string | null): Promise<void> {
    await this.#prisma.comparison.updateMany({ where: { id, teamId }, data: { bestLaneId: laneId } });
  }

  async annotate(teamId: string, id: string, notes: string): Promise<void> {
    await this.#prisma.comparison.updateMany({ where: { id, teamId }, data: { notes: notes === '' ? null : notes } });
  }
}
