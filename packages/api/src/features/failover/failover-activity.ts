import type { Services } from '../../container.ts';

/** Failovers from one model to another for one reason. */
export interface FailoverFlow {
  readonly fromModelId: string;
  /** Empty when nobody answered. */
  readonly toModelId: string;
  readonly reason: string;
  readonly requests: number;
  readonly meanFailoverMs: number | undefined;
  readonly maxFailoverMs: number | undefined;
  readonly extraNanoUsd: bigint;
  readonly wastedNanoUsd: bigint;
}

export interface FailoverDay {
  readonly at: Date;
  readonly rescued: number;
  readonly lost: number;
  readonly costNanoUsd: bigint;
}

/** How often others stood in, how long, and what it cost. */
export interface FailoverActivity {
  readonly from: Date;
  readonly to: Date;
  readonly rescued: number;
  readonly lost: number;
  readonly extraNanoUsd: bigint;
  readonly wastedNanoUsd: bigint;
  readonly unknownCosts: number;
  readonly meanFailoverMs: number | undefined;
  readonly maxFailoverMs: number | undefined;
  readonly flows: readonly FailoverFlow[];
  readonly days: readonly FailoverDay[];
  readonly outages: number;
  readonly outageMs: number;
}

export interface ActivityRange {
  readonly from: Date;
  readonly to: Date;
  readonly origin: 'LIVE' | 'SIMULATED';
  /** Rehearsals alone, or everything but them. */
  readonly isRehearsal: boolean;
}

interface FlowRow {
  readonly fromModelId: string;
  readonly toModelId: string;
  readonly reason: string;
  readonly rescued: number;
  readonly lost: number;
  readonly failovers: number;
  readonly failoverMs: number;
  readonly maxFailoverMs: number;
  readonly extra: string;
  readonly wasted: string;
  readonly unknownCosts: number;
}

const mostFlows = 200;

/** What a team's failovers came to in a range, by the minute in which requests ended. */
export async function readFailoverActivity(
  { prisma, clock, failover }: Services,
  teamId: string,
  { from, to, origin, isRehearsal }: ActivityRange,
): Promise<FailoverActivity> {
  await failover.journal.flush();
  const first = Math.floor(from.getTime() / 60_000);
  const last = Math.ceil(to.getTime() / 60_000);
  const [flows, days, [outages]] = await Promise.all([
    prisma.$queryRaw<FlowRow[]>`
      SELECT "fromModelId", "toModelId", reason, sum(rescued)::int AS rescued, sum(lost)::int AS lost,
        sum(failovers)::int AS failovers, sum("failoverMs")::float AS "failoverMs", max("maxFailoverMs")::float AS "maxFailoverMs",
        sum("extraNanoUsd")::text AS extra, sum("wastedNanoUsd")::text AS wasted, sum("unknownCosts")::int AS "unknownCosts"
      FROM failover_minute WHERE "teamId" = ${teamId} AND minute >= ${first} AND minute < ${last}
        AND origin = ${origin}::"DataOrigin" AND "isRehearsal" = ${isRehearsal}
      GROUP BY 1, 2, 3 ORDER BY sum(rescued + lost) DESC, 1, 2, 3`,
    prisma.$queryRaw<{ day: number; rescued: number; lost: number; cost: string }[]>`
      SELECT (minute / 1440)::int AS day, sum(rescued)::int AS rescued, sum(lost)::int AS lost,
        sum("extraNanoUsd" + "wastedNanoUsd")::text AS cost
      FROM failover_minute WHERE "teamId" = ${teamId} AND minute >= ${first} AND minute < ${last}
        AND origin = ${origin}::"DataOrigin" AND "isRehearsal" = ${isRehearsal}
      GROUP BY 1 ORDER BY 1`,
    isRehearsal
      ? Promise.resolve([{ count: 0, ms: 0 }])
      : prisma.$queryRaw<{ count: number; ms: number }[]>`
          SELECT count(*)::int AS count, coalesce(sum(extract(epoch FROM
            least(coalesce("returnedAt", ${new Date(clock.nowMs())}), ${to}) - greatest("outAt", ${from})) * 1000), 0)::float AS ms
          FROM failover_outage WHERE "teamId" = ${teamId} AND origin = ${origin}::"DataOrigin" AND "outAt" < ${to}
            AND ("returnedAt" IS NULL OR "returnedAt" > ${from})`,
  ]);
  const sum = (read: (row: FlowRow) => number) => flows.reduce((total, row) => total + read(row), 0);
  const money = (read: (row: FlowRow) => string) => flows.reduce((total, row) => total + BigInt(read(row)), 0n);
  const failovers = sum((row) => row.failovers);
  return {
    from,
    to,
    rescued: sum((row) => row.rescued),
    lost: sum((row) => row.lost),
    extraNanoUsd: money((row) => row.extra),
    wastedNanoUsd: money((row) => row.wasted),
    unknownCosts: sum((row) => row.unknownCosts),
    meanFailoverMs: failovers === 0 ? undefined : sum((row) => row.failoverMs) / failovers,
    maxFailoverMs: failovers === 0 ? undefined : Math.max(...flows.map((row) => row.maxFailoverMs)),
    flows: flows.slice(0, mostFlows).map((row) => ({
      fromModelId: row.fromModelId,
      toModelId: row.toModelId,
      reason: row.reason,
      requests: row.rescued + row.lost,
      meanFailoverMs: row.failovers === 0 ? undefined : row.failoverMs / row.failovers,
      maxFailoverMs: row.failovers === 0 ? undefined : row.maxFailoverMs,
      extraNanoUsd: BigInt(row.extra),
      wastedNanoUsd: BigInt(row.wasted),
    })),
    days: days.map(({ day, rescued, lost, cost }) => ({
      at: new Date(day * 86_400_000),
      rescued,
      lost,
      costNanoUsd: BigInt(cost),
    })),
    outages: outages?.count ?? 0,
    outageMs: Math.max(0, outages?.ms ?? 0),
  };
}
