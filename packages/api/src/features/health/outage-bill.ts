import { computeCost } from '@switchyard/core/catalog';
import type { Services } from '../../container.ts';
import { type HealthIncident, Prisma } from '../../generated/prisma/client.ts';

/** A model that answered in place of the provider that was in trouble. */
export interface IncidentFallback {
  readonly modelId: string;
  readonly calls: number;
  /** What these answers cost, as far as it is known. */
  readonly costNanoUsd: bigint;
  /** What they cost above the price of the model that was asked for. */
  readonly extraNanoUsd: bigint;
}

/** What an incident did to one team. */
export interface IncidentEffects {
  readonly failedCalls: number;
  /** Requests of which a call failed; a request may have several calls. */
  readonly requests: number;
  readonly lanes: number;
  readonly runs: number;
  readonly fallbacks: readonly IncidentFallback[];
  /** Paid for attempts that gave no whole answer. */
  readonly failedNanoUsd: bigint;
  /** Calls whose cost, or the cost of what was asked for, is not known: they are not in the bill. */
  readonly unknownCostCalls: number;
  /** There were more answers of fallbacks than are added up, or the incident lasted for more than three days. */
  readonly isPartial: boolean;
}

/** Kinds that core's `judgeFailure` counts against a provider. */
const countedKinds = ['auth', 'quota', 'rate-limit', 'overloaded', 'server', 'timeout', 'network', 'invalid-response'];
/** A request that began in an incident may find its fallback a little after it. */
const lingerMs = 120_000;
/** Of an incident that lasts for longer the first days are added up. */
const longestMs = 3 * 86_400_000;
/** A fault is noticed a little after it was recorded as ended. */
const toleranceMs = 1_000;
const maxFallbackCalls = 5_000;

interface FailedRow {
  readonly failedCalls: number;
  readonly requests: number;
  readonly lanes: number;
  readonly runs: number;
  readonly failedNanoUsd: string | null;
  readonly unknownCostCalls: number;
}

interface FallbackRow {
  readonly modelId: string;
  readonly wantedModelId: string;
  readonly inputTokens: number | null;
  readonly cachedInputTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly costNanoUsd: bigint | null;
}

/** The part of an incident whose calls are looked at, and its end or now. */
function spanOf(incident: HealthIncident, nowMs: number) {
  const from = incident.startedAt;
  const end = incident.closedAt ?? new Date(nowMs);
  return { from, end, to: new Date(Math.min(end.getTime(), from.getTime() + longestMs)) };
}

/** Condition on `call_record r`: calls of the team that failed by the fault of the provider while the incident lasted. */
export function failedInIncident(teamId: string, incident: HealthIncident, nowMs: number): Prisma.Sql {
  const { from, to } = spanOf(incident, nowMs);
  return Prisma.sql`r."teamId" = ${teamId} AND r."providerId" = ${incident.slug}
    AND r.origin = ${incident.origin}::"DataOrigin" AND r.outcome = 'failed' AND r."errorKind" = ANY(${countedKinds})
    AND r."startedAt" BETWEEN ${new Date(from.getTime() - lingerMs)} AND ${to}
    AND r."startedAt" + r."latencyMs" * interval '1 millisecond' >= ${new Date(from.getTime() - toleranceMs)}`;
}

/**
 * What an incident did to a team, by its call records: failed calls of the provider while it lasted, and answers that others gave
 * to the same requests, or to comparison lanes that had asked for the provider and never reached it. Records that retention has
 * deleted count no more.
 */
export async function readIncidentEffects(
  services: Services,
  teamId: string,
  incident: HealthIncident,
): Promise<IncidentEffects> {
  const { prisma, clock } = services;
  const { from, end, to } = spanOf(incident, clock.nowMs());
  const until = new Date(to.getTime() + lingerMs);
  const { slug } = incident;
  const inIncident = failedInIncident(teamId, incident, clock.nowMs());
  const [failed] = await prisma.$queryRaw<FailedRow[]>`
    SELECT count(*)::int AS "failedCalls", count(DISTINCT coalesce(r."sourceId", r."decisionId", r.id))::int AS requests,
      count(DISTINCT r."sourceId") FILTER (WHERE r.source = 'comparison-lane')::int AS lanes,
      count(DISTINCT r."runId")::int AS runs, sum(r."costNanoUsd")::text AS "failedNanoUsd",
      count(*) FILTER (WHERE r."costNanoUsd" IS NULL)::int AS "unknownCostCalls"
    FROM call_record r WHERE ${inIncident}`;
  const rows = await prisma.$queryRaw<FallbackRow[]>`
    WITH wanted AS (
      SELECT coalesce(r."sourceId", r."decisionId") AS request, min(r."modelId") AS "modelId"
      FROM call_record r WHERE ${inIncident} AND coalesce(r."sourceId", r."decisionId") IS NOT NULL GROUP BY 1
      UNION
      SELECT l.id, l."modelId" FROM comparison_lane l
      WHERE l."teamId" = ${teamId} AND starts_with(l."modelId", ${`${slug}/`}) AND l."answeredModelId" IS NOT NULL
        AND l."startedAt" BETWEEN ${from} AND ${to})
    SELECT DISTINCT ON (f.id) f."modelId", w."modelId" AS "wantedModelId", f."inputTokens", f."cachedInputTokens",
      f."cacheWriteTokens", f."outputTokens", f."reasoningTokens", f."costNanoUsd"
    FROM wanted w JOIN call_record f ON coalesce(f."sourceId", f."decisionId") = w.request
    WHERE f."teamId" = ${teamId} AND f."providerId" <> ${slug} AND f.outcome = 'succeeded'
      AND f."startedAt" BETWEEN ${from} AND ${until}
    LIMIT ${maxFallbackCalls + 1}`;
  const isPartial = rows.length > maxFallbackCalls || to < end;
  const byModel = new Map<string, { calls: number; costNanoUsd: bigint; extraNanoUsd: bigint }>();
  let unknown = 0;
  for (const row of rows.slice(0, maxFallbackCalls)) {
    const sum = byModel.get(row.modelId) ?? { calls: 0, costNanoUsd: 0n, extraNanoUsd: 0n };
    byModel.set(row.modelId, sum);
    sum.calls += 1;
    const wantedNanoUsd = costAsWanted(services, teamId, row);
    if (row.costNanoUsd !== null) sum.costNanoUsd += BigInt(row.costNanoUsd);
    if (row.costNanoUsd === null || wantedNanoUsd === undefined) unknown += 1;
    else if (BigInt(row.costNanoUsd) > wantedNanoUsd) sum.extraNanoUsd += BigInt(row.costNanoUsd) - wantedNanoUsd;
  }
  return {
    failedCalls: failed?.failedCalls ?? 0,
    requests: failed?.requests ?? 0,
    lanes: failed?.lanes ?? 0,
    runs: failed?.runs ?? 0,
    failedNanoUsd: BigInt(failed?.failedNanoUsd ?? '0'),
    unknownCostCalls: (failed?.unknownCostCalls ?? 0) + unknown,
    fallbacks: [...byModel]
      .map(([modelId, sum]) => ({ modelId, ...sum }))
      .sort((a, b) => b.calls - a.calls || (a.modelId < b.modelId ? -1 : 1)),
    isPartial,
  };
}

/** What the same tokens would have cost at the model that was asked for, at its price of today; undefined when unknown. */
function costAsWanted(services: Services, teamId: string, row: FallbackRow): bigint | undefined {
  const model = services.providers.findModel(teamId, row.wantedModelId);
  if (!model) return undefined;
  const { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens } = row;
  const cost = computeCost(
    {
      ...(inputTokens !== null && { inputTokens }),
      ...(cachedInputTokens !== null && { cachedInputTokens }),
      ...(cacheWriteTokens !== null && { cacheWriteTokens }),
      ...(outputTokens !== null && { outputTokens }),
      ...(reasoningTokens !== null && { reasoningTokens }),
    },
    services.providers.price(teamId, model),
  );
  return 'costNanoUsd' in cost ? cost.costNanoUsd : undefined;
}
