import type { StartedServer } from '@switchyard/api';

type Services = StartedServer['services'];

export const generatedDays = 90;
const chunk = 250_000;
/** As many as arrive together; the product's own batches are smaller. */
const batch = 10_000;

/**
 * Writes `calls` call records of one team, evenly over the 90 days before `toMs`, by SQL: 20 models of 5 providers, 40 steps
 * of 10 workflows (60 % of the calls), 6 roles and 8 task classes, 20 API keys of 10 members, 30 tags (0 to 2 each), 3
 * sources, all but the last skewed (a value's share falls with its square root), 94 % successes, latencies spread
 * log-normally around each model's own. Then the product's own worker rolls them up.
 */
export async function generateCalls(
  services: Services,
  options: { readonly teamId: string; readonly calls: number; readonly toMs: number },
  say: (text: string) => void,
): Promise<void> {
  const { prisma, metrics } = services;
  const { teamId, calls, toMs } = options;
  const fromMs = toMs - generatedDays * 86_400_000;
  const stepMs = (generatedDays * 86_400_000) / calls;
  for (let from = 0; from < calls; from += chunk) {
    const to = Math.min(calls, from + chunk);
    await prisma.$executeRawUnsafe(insertSql(teamId, from, to, fromMs, stepMs));
    await prisma.$executeRawUnsafe(
      `INSERT INTO call_record_batch (id, records)
       SELECT DISTINCT -1 - i / ${batch}, ${batch} FROM generate_series(${from}, ${to - 1}) i ON CONFLICT DO NOTHING`,
    );
    say(`${to} records written`);
  }
  // The server's own worker is at it too: whoever has the turn.
  for (let waiting = Number.POSITIVE_INFINITY; waiting > 0; waiting = await prisma.callRecordBatch.count()) {
    if (waiting < Number.POSITIVE_INFINITY) say(`${waiting} batches of ${batch} wait to be rolled up`);
    if ((await metrics.rollups.rollUp(20_000)) === 0) await new Promise((resolve) => setTimeout(resolve, 500));
  }
  say('everything is rolled up');
  await prisma.$executeRawUnsafe('ANALYZE call_record');
  await prisma.$executeRawUnsafe('ANALYZE metric_rollup');
  await prisma.$executeRawUnsafe('ANALYZE metric_value');
}

/** A number from 0 to `count` − 1, small ones more often. */
const skewed = (count: number) => `floor(${count} * random() * random())::int`;

function insertSql(teamId: string, from: number, to: number, fromMs: number, stepMs: number): string {
  return `
    INSERT INTO call_record (id, "teamId", source, attempt, "userId", "apiKeyId", "providerId", "modelId", origin, outcome,
      "errorKind", "inputTokens", "cachedInputTokens", "outputTokens", "costNanoUsd", "startedAt", "latencyMs",
      "timeToFirstTokenMs", "tokensPerSecond", "isHedge", role, "workflowId", "stepId", tags, "taskClass", "arrivalBatch")
    SELECT 'call_bench_' || lpad(i::text, 10, '0'), '${teamId}',
      (ARRAY['openai-compatible', 'openai-compatible', 'complete', 'comparison-lane'])[1 + floor(random() * 4)::int],
      CASE WHEN random() < 0.05 THEN 2 ELSE 1 END,
      'user_' || key / 2, 'key_' || key, 'provider-' || model % 5, 'provider-' || model % 5 || '/model-' || model,
      'LIVE', outcome, CASE WHEN outcome = 'failed' THEN (ARRAY['server', 'rate-limit', 'timeout'])[1 + floor(random() * 3)::int] END,
      input, CASE WHEN random() < 0.3 THEN input / 2 END, output, (input * 250 + output * 1000)::bigint * (1 + model % 7),
      to_timestamp((${fromMs} + i::float8 * ${stepMs}) / 1000) AT TIME ZONE 'UTC',
      latency, (latency * 0.2)::int, output * 1250.0 / latency, random() < 0.01,
      CASE WHEN step >= 0 THEN (ARRAY['coder', 'reviewer', 'planner', 'clarifier', 'writer', 'judge'])[1 + step % 6] END,
      CASE WHEN step >= 0 THEN 'workflow_' || step / 4 END, CASE WHEN step >= 0 THEN 'step_' || step END,
      (ARRAY['tag-' || ${skewed(15)}, 'team-' || ${skewed(15)}])[1:floor(random() * 3)::int],
      (ARRAY['code', 'chat', 'summary', 'extraction', 'translation', 'math', 'search', 'other'])[1 + task],
      -1 - i / ${batch}
    FROM (
      SELECT i, ${skewed(20)} AS model, ${skewed(20)} AS key, ${skewed(8)} AS task,
        CASE WHEN random() < 0.6 THEN ${skewed(40)} ELSE -1 END AS step,
        CASE WHEN random() < 0.94 THEN 'succeeded' WHEN random() < 0.7 THEN 'failed' ELSE 'cancelled' END AS outcome,
        (50 + 4000 * random() * random())::int AS input, (10 + 900 * random())::int AS output,
        random() + random() + random() + random() - 2 AS spread
      FROM generate_series(${from}, ${to - 1}) i
    ) drawn
    CROSS JOIN LATERAL (SELECT greatest(20, ((400 + model * 90) * exp(spread * 1.2)))::int AS latency) l`;
}
