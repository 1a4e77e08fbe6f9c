import { createHash } from 'node:crypto';
import type { ContaminationReason } from '@switchyard/core/experiments';
import type { PrismaClient } from '../../generated/prisma/client.ts';

interface Execution {
  readonly experimentId: string;
  readonly runId: string;
  readonly generation: number;
}

export interface NewExposure extends Execution {
  readonly kind: 'user' | 'session' | 'run';
  /** The app's own name of the unit. */
  readonly unit: string;
  /** Of a split by user: the session, which belongs to the user's variant from now on. */
  readonly session: string | undefined;
  readonly variant: string;
}

/** Which unit was put on which variant, and by which executions: written before the call, so that no death can lose it. */
export class ExposureBook {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  /**
   * Writes an execution and, the first time, its unit, in one statement; false when the test does not run any more. A unit
   * that has been on another variant, or a session that has been with a user of another one, is marked as moved. Written
   * again, as after a death, nothing changes.
   */
  async note(exposure: NewExposure, nowMs: number): Promise<boolean> {
    const { experimentId, runId, generation, kind, unit, session, variant } = exposure;
    const names = session === undefined ? [unit] : [unit, session];
    const kinds = session === undefined ? [kind] : [kind, 'session'];
    const hashes = names.map((name) => hashOf(experimentId, name));
    const at = new Date(nowMs);
    const retried: ContaminationReason = 'retried';
    const moved: ContaminationReason = 'moved-unit';
    const rows = await this.#prisma.$queryRaw<{ running: bigint }[]>`
      WITH "live" AS (
        SELECT "id" FROM "experiment" WHERE "id" = ${experimentId} AND "state" = 'running' AND NOT "stopRequested"),
      "noted" AS (
        INSERT INTO "experiment_unit" ("experimentId", "kind", "unit", "variant", "seenAt")
        SELECT "live"."id", "v"."kind", "v"."unit", ${variant}, ${at}::timestamp
        FROM "live", unnest(${kinds}::text[], ${hashes}::text[]) AS "v"("kind", "unit")
        ON CONFLICT DO NOTHING),
      "made" AS (
        INSERT INTO "experiment_exposure" ("experimentId", "runId", "generation", "variant", "unit", "contamination", "at")
        SELECT "live"."id", ${runId}, ${generation}::int, ${variant}, ${hashes[0]!},
          CASE WHEN EXISTS (
              SELECT 1 FROM "experiment_unit" AS "u" WHERE "u"."experimentId" = ${experimentId}
                AND "u"."kind" IN ('user', 'session', 'run') AND "u"."unit" = ANY(${hashes}::text[]) AND "u"."variant" <> ${variant})
            THEN ${moved} WHEN ${generation}::int > 0 THEN ${retried} END,
          ${at}::timestamp
        FROM "live" ON CONFLICT DO NOTHING)
      SELECT count(*) AS "running" FROM "live"`;
    return Number(rows[0]?.running ?? 0) > 0;
  }

  /** What the execution is speaks for no variant after all. */
  async spoil({ experimentId, runId, generation }: Execution, reason: ContaminationReason): Promise<void> {
    await this.#prisma.experimentExposure.updateMany({
      where: { experimentId, runId, generation, position: null },
      data: { contamination: reason },
    });
  }
}

/** Names a unit within a test without saying who it is. */
const hashOf = (experimentId: string, unit: string): string =>
  createHash('sha256')
    .update(JSON.stringify([experimentId, unit]))
    .digest('hex')
    .slice(0, 32);
