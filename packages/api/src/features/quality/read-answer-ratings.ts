import type { PrismaClient } from '../../generated/prisma/client.ts';

/** What people and apps think of one answer of a test, on their mean. */
export interface AnswerRating {
  readonly position: number;
  readonly repeat: number;
  readonly variant: string;
  /** 1 to 5. */
  readonly _avg: { readonly rating: number | null };
}

/**
 * Ratings of members, words of apps on answers of the test, and in a live split also those on the runs, or the steps of
 * them, that were its executions: whenever they came in. The words of judges are no ratings.
 */
export function readAnswerRatings(prisma: PrismaClient, experimentId: string): Promise<readonly AnswerRating[]> {
  const rows = prisma.$queryRaw<{ position: number; repeat: number; variant: string; rating: number }[]>`
    WITH "test" AS (
      SELECT "id", "teamId", "definition"::jsonb -> 'source' ->> 'stepId' AS "stepId"
      FROM "experiment" WHERE "id" = ${experimentId})
    SELECT "position", "repeat", "variant", avg("rating")::float8 AS "rating" FROM (
      SELECT "position", "repeat", "variant", "rating"::float8 FROM "experiment_rating" WHERE "experimentId" = ${experimentId}
      UNION ALL
      SELECT split_part("f"."targetId", '/', 2)::int, split_part("f"."targetId", '/', 3)::int,
        split_part("f"."targetId", '/', 4), 1 + 4 * "f"."score"
      FROM "test" JOIN "answer_feedback" AS "f" ON "f"."teamId" = "test"."teamId" AND "f"."experimentId" = "test"."id"
      WHERE "f"."targetKind" = 'test-answer' AND "f"."author" LIKE 'feedback:%'
      UNION ALL
      SELECT "e"."position", 0, "e"."variant", 1 + 4 * "f"."score"
      FROM "test" JOIN "experiment_exposure" AS "e" ON "e"."experimentId" = "test"."id"
      JOIN "answer_feedback" AS "f" ON "f"."teamId" = "test"."teamId" AND "f"."runId" = "e"."runId"
      WHERE "e"."position" IS NOT NULL AND "f"."author" LIKE 'feedback:%'
        AND ("f"."targetKind" = 'run' OR "f"."targetId" = "e"."runId" || '/' || "test"."stepId")
    ) AS "said" GROUP BY 1, 2, 3`;
  return rows.then((all) => all.map(({ rating, ...place }) => ({ ...place, _avg: { rating } })));
}
