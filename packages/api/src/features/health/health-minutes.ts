import { noOutcomes, type OutcomeCounts } from '@switchyard/core/health';
import { metricSketchError } from '@switchyard/core/metrics';
import { SketchMerger } from '@switchyard/core/stats';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { MinuteCounter } from './minute-counters.ts';

/** How long minutes are kept. */
export const minutesKeptMs = 48 * 60 * 60 * 1000;

/** Stores counters as they stand, in one statement; a counter that was stored before is replaced. */
export async function storeMinutes(
  prisma: PrismaClient,
  instanceId: string,
  counters: readonly MinuteCounter[],
): Promise<void> {
  if (counters.length === 0) return;
  const rows = counters.map(({ latency, isDirty: _isDirty, failures, ...counter }) => ({
    ...counter,
    failures: { ...failures },
    latency: latency.count === 0 ? null : Buffer.from(latency.toBytes()).toString('base64'),
  }));
  // Before the write: what is counted meanwhile is written the next time.
  for (const counter of counters) counter.isDirty = false;
  try {
    await prisma.$executeRaw`
      INSERT INTO health_minute ("subjectId", "modelId", minute, "instanceId", successes, limited, faults, slow, "verySlow",
        ignored, failures, latency)
      SELECT r."subjectId", r."modelId", r.minute, ${instanceId}, r.successes, r.limited, r.faults, r.slow, r."verySlow",
        r.ignored, r.failures, decode(r.latency, 'base64')
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("subjectId" text, "modelId" text, minute int,
        successes int, limited int, faults int, slow int, "verySlow" int, ignored int, failures jsonb, latency text)
      ON CONFLICT ("subjectId", "modelId", minute, "instanceId") DO UPDATE SET successes = EXCLUDED.successes,
        limited = EXCLUDED.limited, faults = EXCLUDED.faults, slow = EXCLUDED.slow, "verySlow" = EXCLUDED."verySlow",
        ignored = EXCLUDED.ignored, failures = EXCLUDED.failures, latency = EXCLUDED.latency`;
  } catch (error) {
    for (const counter of counters) counter.isDirty = true;
    throw error;
  }
}

/** What a stretch of minutes came to. */
export interface MinuteFigures {
  readonly counts: OutcomeCounts;
  readonly ignored: number;
  /** By kind of error, callers' mistakes included. */
  readonly failures: ReadonlyMap<string, number>;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
}

/** One step of a series. */
export interface MinutePoint extends MinuteFigures {
  readonly atMs: number;
}

interface MinuteRow {
  readonly minute: number;
  readonly modelId: string;
  readonly successes: number;
  readonly limited: number;
  readonly faults: number;
  readonly slow: number;
  readonly verySlow: number;
  readonly ignored: number;
  readonly failures: unknown;
  readonly latency: Uint8Array | null;
}

/** The calls of a provider since `sinceMs`, or of one of its models. */
export async function readMinutes(
  prisma: PrismaClient,
  where: { readonly subjectId: string; readonly modelId?: string; readonly sinceMs: number },
): Promise<readonly MinuteRow[]> {
  const { subjectId, modelId = '', sinceMs } = where;
  return prisma.healthMinute.findMany({
    where: { subjectId, modelId, minute: { gte: Math.floor(sinceMs / 60_000) } },
    orderBy: { minute: 'asc' },
  });
}

/** The same by model, those of every model that was called. */
export async function readModelMinutes(
  prisma: PrismaClient,
  subjectId: string,
  sinceMs: number,
): Promise<ReadonlyMap<string, readonly MinuteRow[]>> {
  const rows = await prisma.healthMinute.findMany({
    where: { subjectId, modelId: { not: '' }, minute: { gte: Math.floor(sinceMs / 60_000) } },
    orderBy: { minute: 'asc' },
    take: 20_000,
  });
  return Map.groupBy(rows, ({ modelId }) => modelId);
}

/** Adds rows up; a stretch is a minute. */
export function addMinutes(rows: readonly MinuteRow[], merger = new SketchMerger(metricSketchError)): MinuteFigures {
  const counts = { ...noOutcomes } as { -readonly [Key in keyof OutcomeCounts]: number };
  const failures = new Map<string, number>();
  const isUp = new Map<number, boolean>();
  let ignored = 0;
  merger.reset();
  for (const row of rows) {
    for (const key of ['successes', 'limited', 'faults', 'slow', 'verySlow'] as const) counts[key] += row[key];
    ignored += row.ignored;
    if (row.successes + row.limited + row.faults > 0)
      isUp.set(row.minute, isUp.get(row.minute) === true || row.successes + row.limited > 0);
    for (const [kind, count] of Object.entries(row.failures as Record<string, number>))
      failures.set(kind, (failures.get(kind) ?? 0) + count);
    if (row.latency) merger.addAll(row.latency);
  }
  counts.stretches = isUp.size;
  for (const up of isUp.values()) if (up) counts.stretchesUp += 1;
  return { counts, ignored, failures, p50Ms: merger.quantile(0.5), p95Ms: merger.quantile(0.95) };
}

/** Rows as a series of steps from `sinceMs` to `untilMs`; steps without calls are in it, with nothing in them. */
export function seriesOf(
  rows: readonly MinuteRow[],
  sinceMs: number,
  untilMs: number,
  stepMs: number,
): readonly MinutePoint[] {
  const firstMs = Math.floor(sinceMs / stepMs) * stepMs;
  const byStep = Map.groupBy(rows, ({ minute }) => Math.floor((minute * 60_000) / stepMs) * stepMs);
  const merger = new SketchMerger(metricSketchError);
  const points: MinutePoint[] = [];
  for (let atMs = firstMs; atMs < untilMs; atMs += stepMs)
    points.push({ atMs, ...addMinutes(byStep.get(atMs) ?? [], merger) });
  return points;
}
