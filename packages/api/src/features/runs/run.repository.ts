import type { ProviderTotal, RunEvent } from '@switchyard/core/workflows';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import { toRunEvent } from './run-journal.ts';
import { endedRunStates, type RunRecord, type RunSource, type RunStateName } from './run-record.ts';
import type { RunFilter, RunPage, RunPageRequest } from './run-service.ts';

const shown = {
  id: true,
  teamId: true,
  workflowId: true,
  workflowName: true,
  workflowTitle: true,
  workflowVersion: true,
  source: true,
  previewStepId: true,
  state: true,
  inputs: true,
  outputs: true,
  errorCode: true,
  errorMessage: true,
  tags: true,
  startedById: true,
  apiKeyId: true,
  subject: true,
  session: true,
  experimentId: true,
  rerunOfId: true,
  requestHash: true,
  retries: true,
  stepCount: true,
  settledSteps: true,
  activeStepIds: true,
  totals: true,
  failedAttempts: true,
  failovers: true,
  breaches: true,
  lastSeq: true,
  lastJournalSeq: true,
  deadlineAt: true,
  contentRemovedAt: true,
  createdAt: true,
  endedAt: true,
  _count: { select: { approvals: { where: { state: 'pending' } } } },
} satisfies Prisma.RunSelect;

export type RunRow = Prisma.RunGetPayload<{ select: typeof shown }>;

/** A run as it is begun. */
export type NewRun = Omit<Prisma.RunUncheckedCreateInput, 'events' | 'approvals'>;

/** Runs as rows. Every method takes the team first, but those of the engine, which has the id from the table itself. */
export class RunRepository {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  findRow(teamId: string, id: string): Promise<RunRow | null> {
    return this.#prisma.run.findUnique({ where: { id_teamId: { id, teamId } }, select: shown });
  }

  async find(teamId: string, id: string): Promise<RunRecord | undefined> {
    const row = await this.findRow(teamId, id);
    return row ? toRunRecord(row) : undefined;
  }

  findByKey(teamId: string, idempotencyKey: string): Promise<RunRow | null> {
    return this.#prisma.run.findUnique({ where: { teamId_idempotencyKey: { teamId, idempotencyKey } }, select: shown });
  }

  async findDefinition(teamId: string, id: string): Promise<string | undefined> {
    const where = { id_teamId: { id, teamId } };
    return (await this.#prisma.run.findUnique({ where, select: { definition: true } }))?.definition;
  }

  /**
   * Stores a run with its first event, both or none; false when the team has a run of the same idempotency key. With
   * `leaseMs` it belongs to its owner that long, by the clock of the database as all leases.
   */
  async create(run: NewRun, first: RunEvent, leaseMs?: number): Promise<boolean> {
    const { seq, atMs, ...fact } = first;
    const event = {
      runId: run.id,
      seq,
      isJournal: true,
      type: fact.type,
      fact: JSON.stringify(fact),
      at: new Date(atMs),
    };
    return this.#prisma.$transaction(async (tx) => {
      const { count } = await tx.run.createMany({
        data: [{ ...run, lastSeq: seq, lastJournalSeq: seq }],
        skipDuplicates: true,
      });
      if (count === 1) await tx.runEvent.createMany({ data: [event] });
      if (count === 1 && leaseMs !== undefined) {
        await tx.$executeRaw`
          UPDATE "run" SET "leaseUntil" = (now() AT TIME ZONE 'UTC') + ${leaseMs} * interval '1 millisecond'
          WHERE "id" = ${run.id}`;
      }
      return count === 1;
    });
  }

  countActive(teamId: string): Promise<number> {
    return this.#prisma.run.count({ where: { teamId, state: { notIn: [...endedRunStates] } } });
  }

  count(teamId: string, filter: RunFilter): Promise<number> {
    return this.#prisma.run.count({ where: whereOf(teamId, filter) });
  }

  async list(teamId: string, filter: RunFilter, { limit, afterId, beforeId }: RunPageRequest): Promise<RunPage> {
    const place: Prisma.RunWhereInput = {
      AND: [
        ...(afterId === undefined ? [] : [{ id: { lt: afterId } }]),
        ...(beforeId === undefined ? [] : [{ id: { gt: beforeId } }]),
      ],
    };
    const isBackwards = beforeId !== undefined && afterId === undefined;
    const rows = await this.#prisma.run.findMany({
      where: { ...whereOf(teamId, filter), ...place },
      orderBy: { id: isBackwards ? 'asc' : 'desc' },
      take: limit + 1,
      select: shown,
    });
    const runs = rows.slice(0, limit).map(toRunRecord);
    return { runs: isBackwards ? runs.reverse() : runs, hasMore: rows.length > limit };
  }

  /** Deletes a run that has ended; false when it has not, or when there is none. */
  async delete(teamId: string, id: string): Promise<boolean> {
    const { count } = await this.#prisma.run.deleteMany({ where: { id, teamId, state: { in: [...endedRunStates] } } });
    return count > 0;
  }

  /** Stored events of all kinds after `afterSeq`, in order. */
  async readEvents(runId: string, afterSeq: number, limit: number): Promise<readonly RunEvent[]> {
    const rows = await this.#prisma.runEvent.findMany({
      where: { runId, seq: { gt: afterSeq } },
      orderBy: { seq: 'asc' },
      take: limit,
      select: { seq: true, fact: true, at: true },
    });
    return rows.map(toRunEvent);
  }

  async readHead(
    teamId: string,
    id: string,
  ): Promise<{ readonly isOver: boolean; readonly lastSeq: number } | undefined> {
    const select = { state: true, lastSeq: true } as const;
    const row = await this.#prisma.run.findUnique({ where: { id_teamId: { id, teamId } }, select });
    return row ? { isOver: endedRunStates.includes(row.state as RunStateName), lastSeq: row.lastSeq } : undefined;
  }
}

function whereOf(teamId: string, filter: RunFilter): Prisma.RunWhereInput {
  const { workflowId, workflowName, states, sources, createdFromMs, createdBeforeMs, tag, search } = filter;
  const text = search?.trim() ?? '';
  const contains = { contains: text, mode: 'insensitive' } as const;
  return {
    teamId,
    ...(workflowId !== undefined && { workflowId }),
    ...(workflowName !== undefined && { workflowName }),
    ...(states && states.length > 0 && { state: { in: [...states] } }),
    source: sources && sources.length > 0 ? { in: [...sources] } : filter.withPreviews ? {} : { not: 'preview' },
    ...((createdFromMs !== undefined || createdBeforeMs !== undefined) && {
      createdAt: {
        ...(createdFromMs !== undefined && { gte: new Date(createdFromMs) }),
        ...(createdBeforeMs !== undefined && { lt: new Date(createdBeforeMs) }),
      },
    }),
    ...(tag !== undefined && { tags: { has: tag } }),
    ...(filter.hasFailover !== undefined && { failovers: filter.hasFailover ? { gt: 0 } : 0 }),
    ...(filter.hasBreach !== undefined && { breaches: filter.hasBreach ? { gt: 0 } : 0 }),
    ...(filter.startedById !== undefined && { startedById: filter.startedById }),
    ...(text !== '' && {
      OR: [
        { workflowName: contains },
        { workflowTitle: contains },
        { id: contains },
        { errorMessage: contains },
        { errorCode: contains },
        { tags: { has: text } },
      ],
    }),
  };
}

export function toRunRecord(row: RunRow): RunRecord {
  const { errorCode, errorMessage, createdAt, endedAt, deadlineAt } = row;
  return {
    id: row.id,
    teamId: row.teamId,
    workflowId: row.workflowId,
    workflowName: row.workflowName,
    workflowTitle: row.workflowTitle ?? undefined,
    workflowVersion: row.workflowVersion ?? undefined,
    source: row.source as RunSource,
    previewStepId: row.previewStepId ?? undefined,
    state: row.state as RunStateName,
    inputs: JSON.parse(row.inputs) as Record<string, unknown>,
    outputs: row.outputs === null ? undefined : (JSON.parse(row.outputs) as Record<string, unknown>),
    error: errorCode === null ? undefined : { code: errorCode, message: errorMessage ?? '' },
    tags: row.tags,
    startedById: row.startedById ?? undefined,
    apiKeyId: row.apiKeyId ?? undefined,
    subject: row.subject ?? undefined,
    session: row.session ?? undefined,
    experimentId: row.experimentId ?? undefined,
    rerunOfId: row.rerunOfId ?? undefined,
    retries: row.retries,
    createdAtMs: createdAt.getTime(),
    endedAtMs: endedAt?.getTime(),
    contentRemovedAtMs: row.contentRemovedAt?.getTime(),
    deadlineAtMs: deadlineAt.getTime(),
    stepCount: row.stepCount,
    settledStepCount: row.settledSteps,
    activeStepIds: row.activeStepIds,
    totals: JSON.parse(row.totals) as ProviderTotal[],
    failedAttempts: row.failedAttempts,
    failovers: row.failovers,
    breaches: row.breaches,
    pendingApprovals: row._count.approvals,
    lastSeq: row.lastSeq,
  };
}
