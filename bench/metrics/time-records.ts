import type { StartedServer } from '@switchyard/api';
import { quantile } from '../harness/report.ts';

const dayMs = 86_400_000;
const times = 3;

/**
 * How long the plainest statement takes that groups the records themselves: calls, tokens, cost and percentiles over one
 * day of them, by `columns`. Milliseconds per day, the median of three after one that does not count. The day is a sample: of ninety days
 * it would take ninety times as long and there would have to be records of them.
 */
export async function timeRecords(
  { prisma }: Pick<StartedServer['services'], 'prisma'>,
  columns: readonly string[],
  nowMs: number,
): Promise<number> {
  const at = (ms: number) => `timestamp '${new Date(ms).toISOString().slice(0, -1)}'`;
  const statement = `
    SELECT ${[...columns, '1'].join(', ')}, count(*), count(*) FILTER (WHERE outcome = 'failed'), sum("costNanoUsd"), sum("inputTokens"),
      sum("outputTokens"), percentile_disc(ARRAY[0.5, 0.9, 0.95, 0.99]) WITHIN GROUP (ORDER BY "latencyMs"),
      percentile_disc(ARRAY[0.5, 0.9, 0.95, 0.99]) WITHIN GROUP (ORDER BY "timeToFirstTokenMs")
    FROM call_record WHERE "startedAt" >= ${at(nowMs - dayMs)} AND "startedAt" < ${at(nowMs)}
    GROUP BY ${[...columns, '1'].map((_, index) => index + 1).join(', ')}`;
  const took: number[] = [];
  for (let time = 0; time <= times; time += 1) {
    const began = performance.now();
    await prisma.$queryRawUnsafe(statement);
    if (time > 0) took.push(performance.now() - began);
  }
  return quantile(took, 0.5);
}
