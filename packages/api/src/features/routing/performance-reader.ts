import type { MeasuredFigures } from '@switchyard/core/routing';
import type { PrismaClient } from '../../generated/prisma/client.ts';

/** How one model fared. */
export interface ModelPerformance {
  readonly overall: MeasuredFigures;
  readonly byTaskClass: Readonly<Record<string, MeasuredFigures>>;
}

/** Where the router learns how models fared; the metrics store may take this place. */
export interface PerformanceReader {
  /** By model id; models without a call are absent. Live and simulated calls are never mixed. */
  read(
    teamId: string,
    models: readonly { readonly modelId: string; readonly origin: 'live' | 'simulated' }[],
    sinceMs: number,
  ): Promise<ReadonlyMap<string, ModelPerformance>>;
  /** Changes when there may be something new to read. */
  readMark(teamId: string): Promise<string>;
}

/** The last calls of a model that count: enough for a percentile, few enough to notice a change within minutes. */
const lastCalls = 100;

interface Row {
  readonly modelId: string;
  /** Null: over all classes. */
  readonly taskClass: string | null;
  readonly calls: number;
  readonly failedCalls: number;
  readonly latencyP50Ms: number | null;
  readonly latencyP95Ms: number | null;
  readonly timeToFirstTokenP50Ms: number | null;
  readonly timeToFirstTokenP95Ms: number | null;
  readonly outputTokensMean: number | null;
}

interface QualityRow {
  readonly modelId: string;
  readonly mean: number;
  readonly deviation: number | null;
  readonly count: number;
}

/** Reads the last calls of each model straight from the call records, through the index of team, model and time. */
export class CallRecordPerformance implements PerformanceReader {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  async readMark(teamId: string): Promise<string> {
    const [row] = await this.#prisma.$queryRaw<{ call: Date | null; reward: Date | null; feedback: Date | null }[]>`
      SELECT
        (SELECT max("startedAt") FROM "call_record" WHERE "teamId" = ${teamId}) AS "call",
        (SELECT max("updatedAt") FROM "routing_reward" WHERE "teamId" = ${teamId}) AS "reward",
        (SELECT max("updatedAt") FROM "answer_feedback" WHERE "teamId" = ${teamId}) AS "feedback"`;
    return JSON.stringify(row ?? {});
  }

  async read(
    teamId: string,
    models: readonly { readonly modelId: string; readonly origin: 'live' | 'simulated' }[],
    sinceMs: number,
  ): Promise<ReadonlyMap<string, ModelPerformance>> {
    const wanted = JSON.stringify(
      models.map(({ modelId, origin }) => ({ modelId, origin: origin === 'live' ? 'LIVE' : 'SIMULATED' })),
    );
    const since = new Date(sinceMs);
    // A call that the caller spoilt or stopped says nothing of the model.
    const rows = await this.#prisma.$queryRaw<Row[]>`
      SELECT c."modelId", CASE WHEN grouping(c."taskClass") = 0 THEN c."taskClass" END AS "taskClass",
        count(*)::int AS "calls",
        (count(*) FILTER (WHERE c.outcome = 'failed'))::int AS "failedCalls",
        percentile_cont(0.5) WITHIN GROUP (ORDER BY c."latencyMs") FILTER (WHERE c.outcome = 'succeeded') AS "latencyP50Ms",
        percentile_cont(0.95) WITHIN GROUP (ORDER BY c."latencyMs") FILTER (WHERE c.outcome = 'succeeded') AS "latencyP95Ms",
        percentile_cont(0.5) WITHIN GROUP (ORDER BY c."timeToFirstTokenMs") FILTER (WHERE c.outcome = 'succeeded')
          AS "timeToFirstTokenP50Ms",
        percentile_cont(0.95) WITHIN GROUP (ORDER BY c."timeToFirstTokenMs") FILTER (WHERE c.outcome = 'succeeded')
          AS "timeToFirstTokenP95Ms",
        (avg(c."outputTokens") FILTER (WHERE c.outcome = 'succeeded'))::float AS "outputTokensMean"
      FROM jsonb_to_recordset(${wanted}::jsonb) AS m("modelId" text, origin text)
      CROSS JOIN LATERAL (
        SELECT r."modelId", r."taskClass", r.outcome, r."latencyMs", r."timeToFirstTokenMs", r."outputTokens"
        FROM "call_record" r
        WHERE r."teamId" = ${teamId} AND r."modelId" = m."modelId" AND r."startedAt" >= ${since}
          AND r.origin = m.origin::"DataOrigin" AND r.outcome <> 'cancelled'
          AND (r."errorKind" IS NULL OR r."errorKind" NOT IN ('invalid-request', 'context-length', 'content-filter'))
        ORDER BY r."startedAt" DESC
        LIMIT ${lastCalls}
      ) c
      GROUP BY GROUPING SETS ((c."modelId"), (c."modelId", c."taskClass"))
      HAVING grouping(c."taskClass") = 1 OR c."taskClass" IS NOT NULL`;
    const qualities = await this.#readQualities(teamId, since);
    const result = new Map<string, { overall: MeasuredFigures; byTaskClass: Record<string, MeasuredFigures> }>();
    for (const [modelId, quality] of qualities) {
      result.set(modelId, { overall: { calls: 0, failedCalls: 0, quality }, byTaskClass: {} });
    }
    for (const row of rows) {
      const found = result.get(row.modelId) ?? { overall: { calls: 0, failedCalls: 0 }, byTaskClass: {} };
      if (row.taskClass === null) {
        const quality = qualities.get(row.modelId);
        found.overall = { ...toFigures(row), ...(quality && { quality }) };
      } else found.byTaskClass[row.taskClass] = toFigures(row);
      result.set(row.modelId, found);
    }
    return result;
  }

  /** People's ratings of lanes and everybody's rewards, each answer once: a rating of a decided lane is a reward as well. Not of tests: items are no work. */
  async #readQualities(
    teamId: string,
    since: Date,
  ): Promise<ReadonlyMap<string, NonNullable<MeasuredFigures['quality']>>> {
    const rows = await this.#prisma.$queryRaw<QualityRow[]>`
      SELECT "modelId", avg(quality)::float AS mean, stddev_samp(quality)::float AS deviation, count(*)::int AS count
      FROM (
        SELECT coalesce(l."answeredModelId", l."modelId") AS "modelId", (o.rating - 1) / 4.0 AS quality
        FROM "output_rating" o JOIN "comparison_lane" l ON l.id = o."laneId"
        WHERE o."teamId" = ${teamId} AND o."updatedAt" >= ${since}
        UNION ALL
        SELECT coalesce(d."servedModelId", d."chosenModelId"), r.quality
        FROM "routing_reward" r JOIN "routing_decision" d ON d.id = r."decisionId"
        WHERE r."teamId" = ${teamId} AND r."updatedAt" >= ${since} AND r.judge NOT LIKE 'rating:%'
          AND r.judge NOT LIKE 'test%' AND r.judge NOT LIKE 'best:%'
        UNION ALL
        SELECT a."modelId", f.score
        FROM "answer_feedback" f JOIN "call_record" a ON a.id = f."callId" AND a."teamId" = f."teamId"
        WHERE f."teamId" = ${teamId} AND f."updatedAt" >= ${since} AND f."decisionIds" = '{}'
      ) judged
      GROUP BY "modelId"`;
    return new Map(
      rows.map(({ modelId, mean, deviation, count }) => [
        modelId,
        { mean, standardError: count > 1 ? (deviation ?? 0) / Math.sqrt(count) : 0.4, count },
      ]),
    );
  }
}

function toFigures(row: Row): MeasuredFigures {
  const known = Object.fromEntries(
    (['latencyP50Ms', 'latencyP95Ms', 'timeToFirstTokenP50Ms', 'timeToFirstTokenP95Ms', 'outputTokensMean'] as const)
      .filter((field) => row[field] !== null)
      .map((field) => [field, Number(row[field])]),
  );
  return { calls: row.calls, failedCalls: row.failedCalls, ...known };
}
