import type { CallOrigin } from '@switchyard/core/metrics';
import type { PrismaClient } from '../../generated/prisma/client.ts';

/** What a team measured with one model over the last seven days. Percentiles are over calls that succeeded. */
export interface ModelMeasurements {
  readonly calls: number;
  /** 0 to 1, of the calls that were not stopped by a person; null when there are none. */
  readonly successRate: number | null;
  readonly timeToFirstTokenP50Ms: number | null;
  readonly latencyP50Ms: number | null;
  readonly latencyP95Ms: number | null;
  readonly tokensPerSecondP50: number | null;
}

interface Row extends ModelMeasurements {
  readonly modelId: string;
}

/** Measurements by model id of one team, live or simulated calls only. One query, whatever the number of models. */
export async function readModelMeasurements(
  prisma: PrismaClient,
  teamId: string,
  origin: CallOrigin,
  since: Date,
): Promise<ReadonlyMap<string, ModelMeasurements>> {
  const storedOrigin = origin === 'live' ? 'LIVE' : 'SIMULATED';
  const rows = await prisma.$queryRaw<Row[]>`
    SELECT "modelId",
      count(*)::int AS "calls",
      (count(*) FILTER (WHERE outcome = 'succeeded'))::float
        / nullif(count(*) FILTER (WHERE outcome <> 'cancelled'), 0) AS "successRate",
      percentile_cont(0.5) WITHIN GROUP (ORDER BY "timeToFirstTokenMs") FILTER (WHERE outcome = 'succeeded')
        AS "timeToFirstTokenP50Ms",
      percentile_cont(0.5) WITHIN GROUP (ORDER BY "latencyMs") FILTER (WHERE outcome = 'succeeded') AS "latencyP50Ms",
      percentile_cont(0.95) WITHIN GROUP (ORDER BY "latencyMs") FILTER (WHERE outcome = 'succeeded') AS "latencyP95Ms",
      percentile_cont(0.5) WITHIN GROUP (ORDER BY "tokensPerSecond") FILTER (WHERE outcome = 'succeeded')
        AS "tokensPerSecondP50"
    FROM "call_record"
    WHERE "teamId" = ${teamId} AND "startedAt" >= ${since} AND origin = ${storedOrigin}::"DataOrigin"
    GROUP BY "modelId"`;
  return new Map(rows.map(({ modelId, ...measured }) => [modelId, measured]));
}
