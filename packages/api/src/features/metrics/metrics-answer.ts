import {
  type MetricDimension,
  type MetricsQuery,
  MetricsQueryError,
  type SumName,
  sketchNames,
  stepBoundaries,
} from '@switchyard/core/metrics';
import { addQuality, noQuality, type QualitySums } from '@switchyard/core/reports';
import type { GraphContext } from '../../graphql/context.ts';
import { graphError } from '../../graphql/errors.ts';
import { labelValues } from './label-values.ts';
import { type LazyQuality, type Report, totalKey } from './metric-report.types.ts';
import { readQuality } from './read-quality.ts';

/** Parts of the query that fail, as GraphQL names them. */
const argumentNames: Readonly<Record<string, string>> = { groups: 'first' };

export async function answer<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MetricsQueryError)) throw error;
    const issues = error.problems.map(({ part, message }) => ({ path: [argumentNames[part] ?? part], message }));
    throw graphError('BAD_USER_INPUT', error.message, { extensions: { issues } });
  }
}

export const originOf = (origin: 'LIVE' | 'SIMULATED' | 'MIXED') => {
  if (origin === 'MIXED')
    throw graphError('BAD_USER_INPUT', 'Live and simulated figures are never added up: ask for one of them.');
  return origin === 'LIVE' ? 'live' : 'simulated';
};

/** What the fields of a series are made of. */
const seriesSums: readonly (readonly [string, readonly SumName[]])[] = [
  ['calls', ['calls']],
  ['succeeded', ['succeeded']],
  ['failed', ['calls', 'succeeded', 'cancelled']],
  ['cancelled', ['cancelled']],
  ['inputTokens', ['inputTokens']],
  ['outputTokens', ['outputTokens']],
  ['costUsd', ['costNanoUsd']],
];

/** What all figures that may have a trend are made of. */
const trendSums: readonly SumName[] = [
  ...(['calls', 'succeeded', 'cancelled', 'costNanoUsd', 'latencySumMs', 'inputTokens', 'outputTokens'] as const),
];

/** What a client asks for of a report: parts that nobody looks at are not read. */
function includedParts(paths: readonly string[]): NonNullable<MetricsQuery['include']> {
  const asksFor = (pattern: RegExp) => paths.some((path) => pattern.test(path));
  const isWithTrend = asksFor(/^(groups\.)?trend$/);
  return {
    failures: asksFor(/\.failures$/),
    percentiles: sketchNames.filter((name) => asksFor(new RegExp(`(otal|figures|previous)\\.${name}$`))),
    percentileIntervals: asksFor(/\.p(50|95)Interval$/),
    seriesSums: [
      ...new Set([
        ...seriesSums.filter(([field]) => asksFor(new RegExp(`series\\.${field}$`))).flatMap(([, sums]) => sums),
        ...(isWithTrend ? trendSums : []),
      ]),
    ],
    seriesPercentiles: sketchNames.filter((name) => asksFor(new RegExp(`series\\.${name}P`))),
  };
}

/** Reads a report for a client that asks for `paths` of it, with names for people and what is read only when asked for. */
export async function answerReport(
  context: GraphContext,
  query: Omit<MetricsQuery, 'teamId' | 'include'>,
  paths: readonly string[],
): Promise<Report> {
  const { services, identity } = context;
  const { teamId } = identity;
  const { by } = query;
  const report = await services.metrics.reader.read({ ...query, teamId, include: includedParts(paths) });
  const labels = await labelValues(context, by, report.groups);
  const timeZone = query.timeZone ?? 'UTC';
  const steps = { interval: query.interval, timeZone, nowMs: services.clock.nowMs() };
  const quality = lazyQuality(context, query, by, paths);
  return {
    ...report,
    steps,
    quality,
    groups: report.groups.map((group) => ({ ...group, by, labels, steps, quality })),
  };
}

/** Judgements of the range and of the one before, each read once however many groups ask. */
function lazyQuality(
  { services, identity }: GraphContext,
  { origin, fromMs, toMs, filter }: Omit<MetricsQuery, 'teamId' | 'include'>,
  by: readonly MetricDimension[],
  paths: readonly string[],
): LazyQuality {
  const read = async (from: number, to: number, field: string): Promise<ReadonlyMap<string, QualitySums>> => {
    const question = { teamId: identity.teamId, origin, fromMs: from, toMs: to, ...(filter && { filter }) };
    const [groups, total] = await Promise.all([
      by.length > 0 && paths.includes(`groups.${field}`)
        ? readQuality(services.prisma, { ...question, by })
        : new Map<string, QualitySums>(),
      paths.includes(field) ? readQuality(services.prisma, { ...question, by: [] }) : new Map<string, QualitySums>(),
    ]);
    const sum = [...total.values()].reduce(addQuality, noQuality);
    return new Map([...groups, ...(sum.judged > 0 ? [[totalKey, sum] as const] : [])]);
  };
  let current: Promise<ReadonlyMap<string, QualitySums>> | undefined;
  let previous: Promise<ReadonlyMap<string, QualitySums>> | undefined;
  return {
    current: () => (current ??= read(fromMs, toMs, 'quality')),
    previous: () => (previous ??= read(2 * fromMs - toMs, fromMs, 'previousQuality')),
  };
}

/** Midnight of the zone `days` − 1 days before today: where a usage of that many days begins. Throws for an unknown zone. */
export function beginOfDays(nowMs: number, timeZone: string, days: number): number {
  const back = (days + 1) * 86_400_000;
  try {
    const midnights = stepBoundaries({ fromMs: nowMs - back, toMs: nowMs + 1 }, 'day', timeZone, days + 5).slice(1, -1);
    return midnights.at(-days)!;
  } catch {
    const message = `"${timeZone}" is not a time zone: give a name of the IANA database, such as Europe/Berlin.`;
    throw new MetricsQueryError([{ part: 'timeZone', message }]);
  }
}
