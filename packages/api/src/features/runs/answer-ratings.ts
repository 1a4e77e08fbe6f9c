import type { Clock, Log } from '@switchyard/core/kernel';
import type { PrismaClient } from '../../generated/prisma/client.ts';

export interface AnswerRatingsParts {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly log: Log;
}

const dayMs = 86_400_000;
/** Older words say little about what a model answers now. */
const lookBackMs = 90 * dayMs;
const readAgainMs = 30_000;
const mostTeams = 1_000;

interface TeamRatings {
  readonly readAtMs: number;
  readonly byModel: Promise<ReadonlyMap<string, number>>;
}

/** How good people and judges found the answers of each model, for merges that take the best rated one. */
export class AnswerRatings {
  readonly #parts: AnswerRatingsParts;
  readonly #teams = new Map<string, TeamRatings>();

  constructor(parts: AnswerRatingsParts) {
    this.#parts = parts;
  }

  /**
   * The mean of what people, apps and judges of the team said about answers of `modelId` in the last 90 days, 0 to 1;
   * undefined when nobody said anything, or when that cannot be read. At most half a minute old. Never rejects.
   */
  async meanOf(teamId: string, modelId: string): Promise<number | undefined> {
    const nowMs = this.#parts.clock.nowMs();
    let known = this.#teams.get(teamId);
    if (!known || nowMs - known.readAtMs >= readAgainMs) {
      known = { readAtMs: nowMs, byModel: this.#read(teamId, nowMs) };
      this.#teams.delete(teamId);
      this.#teams.set(teamId, known);
      const [oldest] = this.#teams.keys();
      if (this.#teams.size > mostTeams && oldest !== undefined) this.#teams.delete(oldest);
    }
    return (await known.byModel).get(modelId);
  }

  async #read(teamId: string, nowMs: number): Promise<ReadonlyMap<string, number>> {
    const { prisma, log } = this.#parts;
    const since = new Date(nowMs - lookBackMs);
    try {
      const rows = await prisma.$queryRaw<{ modelId: string; mean: number }[]>`
        SELECT "modelId", avg("quality")::float8 AS "mean" FROM (
          SELECT COALESCE("d"."servedModelId", "d"."chosenModelId") AS "modelId", "r"."quality"
          FROM "routing_reward" AS "r" JOIN "routing_decision" AS "d" ON "d"."id" = "r"."decisionId" AND "d"."teamId" = "r"."teamId"
          WHERE "r"."teamId" = ${teamId} AND "r"."updatedAt" >= ${since}
            AND "r"."judge" NOT LIKE 'test%' AND "r"."judge" NOT LIKE 'best:%'
          UNION ALL
          SELECT "c"."modelId", "f"."score"
          FROM "answer_feedback" AS "f" JOIN "call_record" AS "c" ON "c"."id" = "f"."callId" AND "c"."teamId" = "f"."teamId"
          WHERE "f"."teamId" = ${teamId} AND "f"."updatedAt" >= ${since} AND "f"."decisionIds" = '{}'
        ) AS "judged"
        GROUP BY 1`;
      return new Map(rows.map(({ modelId, mean }) => [modelId, mean]));
    } catch (error) {
      log.warn({ teamId, error: String(error) }, 'ratings of models could not be read');
      return new Map();
    }
  }
}
