import type { StartedServer } from '@switchyard/api';

type Services = StartedServer['services'];

const dayMs = 86_400_000;
/** Days that are generated and rolled up; the days before are copies of them. */
const blockDays = 3;
const blocks = 30;
/** What the product keeps, by default: records one by one, and with them the hours of pairs of values. */
const recordDays = 30;
export const generatedDays = blockDays * blocks;
const chunk = 250_000;
const [providers, models, workflows, steps, keys, members, tags] = [6, 12, 20, 5, 50, 30, 20];
/** As many as arrive together; the product's own batches are smaller. */
const batch = 10_000;

/**
 * Makes what remains of `calls` calls of one team, evenly over 90 full days and the day of `nowMs` so far: 12 models of 6
 * providers, 20 workflows of 5 steps (60 % of the calls), 6 roles and 8 task classes, 50 API keys of 30 members, 20 tags (0
 * to 2 each), 3 sources; models, workflows, keys, task classes and tags by Zipf's law, 94 % successes, latencies spread
 * around each model's own. The last three days and today are written by SQL and rolled up by the product's own worker. The
 * 29 blocks of three days before are copies, shifted by full days: of rollups, and of records where those would not be
 * deleted by now, so that both say the same. Weeks are then added up by the product's own worker.
 */
export async function generateCalls(
  services: Pick<Services, 'prisma' | 'metrics'>,
  options: { readonly teamId: string; readonly calls: number; readonly nowMs: number },
  say: (text: string) => void,
): Promise<void> {
  const { prisma, metrics } = services;
  const { teamId, calls, nowMs } = options;
  const midnightMs = Math.floor(nowMs / dayMs) * dayMs;
  const fromMs = midnightMs - blockDays * dayMs;
  const stepMs = (generatedDays * dayMs) / calls;
  const made = Math.floor((nowMs - fromMs) / stepMs);
  // Declares from when on there are rollups by minute, as it does in operation.
  await metrics.pruner.prune();
  for (let from = 0; from < made; from += chunk) {
    const to = Math.min(made, from + chunk);
    await prisma.$executeRawUnsafe(insertSql(teamId, from, to, fromMs, stepMs));
    await prisma.$executeRawUnsafe(
      `INSERT INTO call_record_batch (id, records)
       SELECT DISTINCT -1 - i / ${batch}, ${batch} FROM generate_series(${from}, ${to - 1}) i ON CONFLICT DO NOTHING`,
    );
  }
  say(`${made} records written`);
  // The server's own worker is at it too: whoever has the turn.
  for (
    let waiting = await prisma.callRecordBatch.count();
    waiting > 0;
    waiting = await prisma.callRecordBatch.count()
  ) {
    if ((await metrics.rollups.rollUp(20_000, 10)) === 0) await new Promise((resolve) => setTimeout(resolve, 500));
  }
  // Declares from when on there are records, of the scope that there is now.
  await metrics.pruner.prune();
  say('rolled up');
  for (let block = 1; block < blocks; block += 1) {
    for (const statement of copySql(block * blockDays, fromMs, midnightMs)) await prisma.$executeRawUnsafe(statement);
    if (block % 5 === 0) say(`block ${block} copied`);
  }
  // Weeks from the days that there are now.
  await prisma.$executeRaw`DELETE FROM metric_rollup WHERE grain = 3`;
  await prisma.$executeRaw`UPDATE metric_state SET "weeksUntilMs" = 0, version = version + 1`;
  await prisma.$executeRawUnsafe('ANALYZE metric_rollup');
  let isMore = true;
  while (isMore) isMore = await metrics.weeks.fold();
  say('weeks added up');
  for (const table of ['call_record', 'metric_rollup', 'metric_value'])
    await prisma.$executeRawUnsafe(`VACUUM (ANALYZE) ${table}`);
}

const recordColumns = `"teamId", source, attempt, "userId", "apiKeyId", "providerId", "modelId", origin, outcome, "errorKind",
  "inputTokens", "cachedInputTokens", "outputTokens", "costNanoUsd", "latencyMs", "timeToFirstTokenMs", "tokensPerSecond",
  "isHedge", role, "workflowId", "stepId", tags, "taskClass"`;

const rollupColumns = `"scopeId", grain, mask, a, b, calls, succeeded, cancelled, "failedServer", "failedRateLimit",
  "failedTimeout", retries, hedges, estimated, "unknownCost", "inputTokens", "cachedInputTokens", "cacheWriteTokens",
  "outputTokens", "reasoningTokens", "costNanoUsd", "latencySumMs", "tokenRateCalls", "tokenRateSumMilli", latency,
  "timeToFirstToken"`;

/** Copies of the block's records and rollups but minutes, so many days earlier, in the order of time as they would have come. */
function copySql(daysBack: number, fromMs: number, toMs: number): readonly string[] {
  const timestamp = (atMs: number) => `to_timestamp(${atMs / 1000}) AT TIME ZONE 'UTC'`;
  const isRecent = daysBack < recordDays;
  const records = `INSERT INTO call_record (id, "startedAt", ${recordColumns})
     SELECT id || '_${daysBack}', "startedAt" - interval '${daysBack} days', ${recordColumns} FROM call_record
     WHERE "startedAt" >= ${timestamp(fromMs)} AND "startedAt" < ${timestamp(toMs)} ORDER BY "startedAt"`;
  const rollups = `INSERT INTO metric_rollup (bucket, ${rollupColumns})
     SELECT bucket - ${daysBack * 1_440}, ${rollupColumns} FROM metric_rollup
     WHERE (grain = 2 OR grain IN (1, 5) AND (b = 0 OR ${isRecent}) OR grain = 4 AND ${isRecent}) AND bucket >= ${fromMs / 60_000} AND bucket < ${toMs / 60_000} ORDER BY bucket, mask`;
  return isRecent ? [records, rollups] : [rollups];
}

/** A number from 0 to `count` − 1 by Zipf's law: the second is half as frequent as the first, the third a third. */
function zipf(count: number): string {
  const weights = Array.from({ length: count }, (_, index) => 1 / (index + 1));
  const upTo = (index: number) => weights.slice(0, index + 1).reduce((sum, weight) => sum + weight, 0);
  const bounds = weights.slice(0, -1).map((_, index) => (upTo(index) / upTo(count - 1)).toFixed(6));
  return `width_bucket(random(), ARRAY[${bounds.join(',')}]::float8[])`;
}

function insertSql(teamId: string, from: number, to: number, fromMs: number, stepMs: number): string {
  return `
    INSERT INTO call_record (id, "teamId", source, attempt, "userId", "apiKeyId", "providerId", "modelId", origin, outcome,
      "errorKind", "inputTokens", "cachedInputTokens", "outputTokens", "costNanoUsd", "startedAt", "latencyMs",
      "timeToFirstTokenMs", "tokensPerSecond", "isHedge", role, "workflowId", "stepId", tags, "taskClass", "arrivalBatch")
    SELECT 'call_bench_' || lpad(i::text, 10, '0'), '${teamId}',
      (ARRAY['openai-compatible', 'openai-compatible', 'complete', 'comparison-lane'])[1 + floor(random() * 4)::int],
      CASE WHEN random() < 0.05 THEN 2 ELSE 1 END,
      'user_' || key % ${members}, 'key_' || key, 'provider-' || model % ${providers}, 'provider-' || model % ${providers} || '/model-' || model,
      'LIVE', outcome, CASE WHEN outcome = 'failed' THEN (ARRAY['server', 'rate-limit', 'timeout'])[1 + floor(random() * 3)::int] END,
      input, CASE WHEN random() < 0.3 THEN input / 2 END, output, (input * 250 + output * 1000)::bigint * (1 + model % 7),
      to_timestamp((${fromMs} + i::float8 * ${stepMs}) / 1000) AT TIME ZONE 'UTC',
      latency, (latency * 0.2)::int, output * 1250.0 / latency, random() < 0.01,
      CASE WHEN workflow >= 0 THEN (ARRAY['coder', 'reviewer', 'planner', 'clarifier', 'writer', 'judge'])[1 + (workflow + step) % 6] END,
      CASE WHEN workflow >= 0 THEN 'workflow_' || workflow END, CASE WHEN workflow >= 0 THEN 'step_' || workflow || '_' || step END,
      (ARRAY['tag-' || tag, 'tag-' || (tag + 1 + other) % ${tags}])[1:floor(random() * 3)::int],
      (ARRAY['code', 'chat', 'summary', 'extraction', 'translation', 'math', 'search', 'other'])[1 + task],
      -1 - i / ${batch}
    FROM (
      SELECT i, ${zipf(models)} AS model, ${zipf(keys)} AS key, ${zipf(8)} AS task, floor(random() * ${steps})::int AS step,
        CASE WHEN random() < 0.6 THEN ${zipf(workflows)} ELSE -1 END AS workflow,
        ${zipf(tags)} AS tag, floor(random() * ${tags - 1})::int AS other,
        CASE WHEN random() < 0.94 THEN 'succeeded' WHEN random() < 0.7 THEN 'failed' ELSE 'cancelled' END AS outcome,
        (50 + 4000 * random() * random())::int AS input, (10 + 900 * random())::int AS output,
        random() + random() + random() + random() - 2 AS spread
      FROM generate_series(${from}, ${to - 1}) i
    ) drawn
    CROSS JOIN LATERAL (SELECT greatest(20, ((400 + model * 150) * exp(spread * 1.2)))::int AS latency) l`;
}
