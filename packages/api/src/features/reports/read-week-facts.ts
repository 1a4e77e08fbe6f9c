import type { CallOrigin, MetricDimension, MetricFigures, MetricsQuery } from '@switchyard/core/metrics';
import { sketchNames } from '@switchyard/core/metrics';
import type { RecommendationPlace, ReportSubject, ReportWeek, WeekFacts, WeekGroup } from '@switchyard/core/reports';
import type { Services } from '../../container.ts';
import { labelValues } from '../metrics/label-values.ts';
import { readSubjects } from './read-subjects.ts';
import { readWeekBudgets } from './read-week-budgets.ts';
import { readWeekIncidents } from './read-week-incidents.ts';

export interface WeekQuestion {
  readonly teamId: string;
  readonly origin: CallOrigin;
  readonly timeZone: string;
  /** The week, and the span that it is held against: the week before, or as much of it as of the week is over. */
  readonly week: ReportWeek;
  readonly previous: ReportWeek;
  /** The four weeks before, the oldest first; none for a week that goes on. */
  readonly earlier: readonly ReportWeek[];
}

const groupDimensions = ['model', 'workflow', 'step', 'member', 'apiKey'] as const satisfies readonly MetricDimension[];
const mostGroups = 100;

/** Reads everything that the report of a week is made of, within one team. */
export async function readWeekFacts(services: Services, question: WeekQuestion): Promise<WeekFacts> {
  const { teamId, origin, timeZone, week, previous, earlier } = question;
  const { reader } = services.metrics;
  const ask = (span: ReportWeek, more: Partial<MetricsQuery> = {}) =>
    reader.read({
      ...{ teamId, origin, timeZone, ...span, by: [], include: { percentiles: sketchNames }, ...more },
    });
  const total = await ask(week, { interval: 'day' });
  const before = await ask(previous);
  const [first, last] = [earlier[0], earlier.at(-1)];
  const together = first && last ? await ask({ fromMs: first.fromMs, toMs: last.toMs }) : before;
  const singles: MetricFigures[] = [];
  for (const span of earlier) singles.push((await ask(span, { include: {} })).total);
  const groups: WeekGroup[] = [];
  for (const dimension of groupDimensions) groups.push(...(await readGroups(services, question, dimension)));
  return {
    ...{ origin, timeZone, week },
    builtAtMs: services.clock.nowMs(),
    total: total.total,
    previous: before.total,
    earlier: singles,
    earlierTogether: together.total,
    days: total.series,
    groups,
    incidents: await readWeekIncidents(services, question),
    budgets: await readWeekBudgets(services, question),
    places: await readPlaces(services, question),
  };
}

/** Values of a dimension in the week and in the span before; those of either. */
async function readGroups(
  services: Services,
  { teamId, origin, week, previous }: WeekQuestion,
  dimension: (typeof groupDimensions)[number],
): Promise<readonly WeekGroup[]> {
  const { reader } = services.metrics;
  const query = { teamId, origin, by: [dimension], groups: mostGroups };
  const include = dimension === 'model' ? { percentiles: sketchNames } : {};
  const [now, then] = await Promise.all([
    reader.read({ ...query, ...week, include }),
    reader.read({ ...query, ...previous, include: {} }),
  ]);
  const groups = [...now.groups, ...then.groups];
  const identity = { teamId };
  const labels = await labelValues({ services, identity }, [dimension], groups);
  const figuresOf = (report: typeof now) =>
    new Map(report.groups.map(({ values: [value = ''], figures }) => [value, figures]));
  const [ofNow, ofThen] = [figuresOf(now), figuresOf(then)];
  const nothing = emptied(now.total);
  // A value that was cut off on one side only would look like a change that never was.
  const isCut = now.groupCount > mostGroups || then.groupCount > mostGroups;
  return [...new Set(groups.map(({ values: [value = ''] }) => value))].flatMap((value) => {
    if (isCut && !(ofNow.has(value) && ofThen.has(value))) return [];
    const label = labels.get(`${dimension} ${value}`) ?? value;
    return [{ dimension, value, label, figures: ofNow.get(value) ?? nothing, previous: ofThen.get(value) ?? nothing }];
  });
}

/** Figures of no calls, with the shape of others. */
function emptied(figures: MetricFigures): MetricFigures {
  const zeros = Object.fromEntries(Object.entries(figures).map(([name]) => [name, 0])) as unknown as MetricFigures;
  return { ...zeros, costNanoUsd: 0n, failures: {}, latency: undefined, timeToFirstToken: undefined };
}

/** Steps and kinds of tasks at which several models answered in the four weeks that end with the week. */
async function readPlaces(
  services: Services,
  { teamId, origin, week, earlier }: WeekQuestion,
): Promise<readonly RecommendationPlace[]> {
  if (earlier.length === 0) return [];
  const fromMs = earlier[1]?.fromMs ?? earlier[0]!.fromMs;
  const places: RecommendationPlace[] = [];
  for (const dimension of ['step', 'taskClass'] as const) {
    const range = { teamId, origin, fromMs, toMs: week.toMs };
    const found = await readSubjects(services, { ...range, by: [dimension, 'model'], groups: mostGroups });
    const models = new Map<string, ReportSubject[]>();
    for (const {
      values: [value = ''],
      subject,
    } of found)
      models.set(value, [...(models.get(value) ?? []), subject]);
    for (const [value, subjects] of models)
      if (subjects.length > 1) places.push({ dimension, value, label: value, models: subjects });
  }
  return places;
}
