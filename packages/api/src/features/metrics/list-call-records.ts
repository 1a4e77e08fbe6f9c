import type { CallOrigin, MetricFilter, MetricsReader } from '@switchyard/core/metrics';
import { axesOf } from '@switchyard/core/metrics';
import type { CallRecord } from '../../generated/prisma/client.ts';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';
import { begunWithin, matchingFilter, ownRecords } from './record-conditions.ts';

export type CallOutcome = 'succeeded' | 'failed' | 'cancelled';

/** Which calls: the same words as figures use, so that a list shows what a figure counts. */
export interface CallListQuestion {
  readonly teamId: string;
  readonly origin: CallOrigin;
  readonly fromMs: number;
  readonly toMs: number;
  readonly filter: MetricFilter;
  readonly outcomes?: readonly CallOutcome[];
}

/** Stands behind one call in the order of a list: newest first, then by id. */
export interface CallCursor {
  readonly startedAtMs: number;
  readonly id: string;
}

/** Shorter ranges are looked through as they are. */
const narrowBeyondMs = 6 * 3_600_000;
const dayMs = 86_400_000;
/** Of longer ranges days, or weeks, are told apart and hours are not: a series has so many steps at most. */
const mostHourlyDays = 60;
const mostDailyDays = 1_400;

/**
 * Calls on record, newest first; one more than `limit` when there are more. Where many calls must be passed over to find few,
 * the figures tell which days and hours hold any: only those are read.
 */
export async function listCallRecords(
  { prisma, reader }: { readonly prisma: PrismaClient; readonly reader: MetricsReader },
  question: CallListQuestion,
  page: { readonly limit: number; readonly after?: CallCursor },
): Promise<readonly CallRecord[]> {
  const { limit, after } = page;
  const { teamId, origin, fromMs, filter, outcomes } = question;
  const toMs = Math.min(question.toMs, after ? after.startedAtMs + 1 : question.toMs);
  if (fromMs >= toMs) return [];
  const spans = await findSpans(reader, { ...question, toMs }, limit + 2);
  if (spans.length === 0) return [];
  const within = Prisma.join(
    spans.map((span) => Prisma.sql`(${begunWithin(span.fromMs, span.toMs)})`),
    ' OR ',
  );
  const conditions = [
    ownRecords(teamId, origin),
    Prisma.sql`(${within})`,
    ...matchingFilter(filter),
    ...(outcomes ? [Prisma.sql`c.outcome = ANY(${[...outcomes]})`] : []),
    ...(after ? [Prisma.sql`(c."startedAt", c.id) < (${new Date(after.startedAtMs)}, ${after.id})`] : []),
  ];
  const found = await prisma.$queryRaw<{ readonly id: string }[]>`
    SELECT c.id FROM call_record c WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY c."startedAt" DESC, c.id DESC LIMIT ${limit + 1}`;
  const rows = await prisma.callRecord.findMany({ where: { id: { in: found.map(({ id }) => id) }, teamId } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return found.flatMap(({ id }) => byId.get(id) ?? []);
}

/** How many calls the figures count, also those whose records are gone. */
export async function countCallRecords(reader: MetricsReader, question: CallListQuestion): Promise<number> {
  const { total } = await reader.read({ ...question, by: [] });
  const counts = { succeeded: total.succeeded, failed: total.failed, cancelled: total.cancelled };
  return question.outcomes
    ? [...new Set(question.outcomes)].reduce((sum, outcome) => sum + counts[outcome], 0)
    : total.calls;
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The newest days, then hours, that hold `wanted` calls; the whole range when that is short or everything matches. */
async function findSpans(reader: MetricsReader, question: CallListQuestion, wanted: number): Promise<readonly Span[]> {
  const { fromMs, toMs, filter, outcomes } = question;
  const whole = [{ fromMs, toMs }];
  const isSelective = Object.keys(filter).length > 0 || outcomes !== undefined;
  if (!isSelective || toMs - fromMs <= narrowBeyondMs || axesOf({ by: [], filter }).length > 2) return whole;
  const days = await busySpans(
    reader,
    question,
    whole[0]!,
    toMs - fromMs > mostDailyDays * dayMs ? 'week' : 'day',
    wanted,
  );
  const [newest, oldest] = [days[0], days.at(-1)];
  if (!newest || !oldest) return [];
  const span = { fromMs: oldest.fromMs, toMs: newest.toMs };
  if (span.toMs - span.fromMs > mostHourlyDays * dayMs) return days;
  return busySpans(reader, question, span, 'hour', wanted);
}

/** Steps of a range with calls, newest first, until there are enough of them. */
async function busySpans(
  reader: MetricsReader,
  { teamId, origin, filter, outcomes }: CallListQuestion,
  range: Span,
  interval: 'week' | 'day' | 'hour',
  wanted: number,
): Promise<readonly Span[]> {
  const { series } = await reader.read({
    ...{ teamId, origin, ...range, by: [], filter, interval },
    include: { seriesSums: ['calls', 'succeeded', 'cancelled'] },
  });
  const spans: Span[] = [];
  let seen = 0;
  for (const { fromMs, toMs, figures } of series.toReversed()) {
    const counts = { succeeded: figures.succeeded, failed: figures.failed, cancelled: figures.cancelled };
    const calls = outcomes ? outcomes.reduce((sum, outcome) => sum + counts[outcome], 0) : figures.calls;
    if (calls === 0) continue;
    spans.push({ fromMs, toMs });
    seen += calls;
    if (seen >= wanted) break;
  }
  // What is too old to be told exactly was moved to full hours or days: the range itself stays the bound.
  return spans.map((span) => ({ fromMs: Math.max(span.fromMs, range.fromMs), toMs: Math.min(span.toMs, range.toMs) }));
}
