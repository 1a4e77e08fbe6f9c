import { type MetricAxis, type MetricDimension, metricDimensions, placeOf } from './metric-axes.ts';
import type { MetricsQuery } from './metrics-reader.ts';
import { stepBoundaries } from './zone-steps.ts';

/** What is wrong with one part of a query. */
export interface MetricsQueryProblem {
  /** Name of the part: `from`, `by`, `filter`, `interval`, `timeZone`, `groups`. */
  readonly part: string;
  readonly message: string;
}

/** The query cannot be answered; `problems` says all that is wrong with it. */
export class MetricsQueryError extends Error {
  override readonly name = 'MetricsQueryError';
  readonly problems: readonly MetricsQueryProblem[];

  constructor(problems: readonly MetricsQueryProblem[]) {
    super(problems.map(({ message }) => message).join(' '));
    this.problems = problems;
  }
}

export const maxSeriesSteps = 1_500;
export const maxMetricGroups = 100;
export const defaultMetricGroups = 20;
const maxFilterValues = 50;
/** Steps of all series together. */
const maxSeriesPoints = 10_000;
const longestRangeMs = 10 * 366 * 86_400_000;

/** The axes that a query looks at, ascending. */
export function axesOf(query: Pick<MetricsQuery, 'by' | 'filter'>): readonly MetricAxis[] {
  const dimensions = [...query.by, ...filteredDimensions(query)];
  return [...new Set(dimensions.map((dimension) => placeOf(dimension).axis))].sort((a, b) => a - b);
}

export function filteredDimensions(query: Pick<MetricsQuery, 'filter'>): readonly MetricDimension[] {
  return metricDimensions.filter((dimension) => query.filter?.[dimension] !== undefined);
}

/** All that keeps a query from being answered, at once; none when it can be. Needs no data. */
export function checkMetricsQuery(query: MetricsQuery): readonly MetricsQueryProblem[] {
  const problems: MetricsQueryProblem[] = [];
  const add = (part: string, message: string) => problems.push({ part, message });
  const { fromMs, toMs, by, groups = defaultMetricGroups } = query;
  if (!(Number.isFinite(fromMs) && Number.isFinite(toMs) && fromMs < toMs))
    add('from', 'The range must begin before it ends.');
  else if (toMs - fromMs > longestRangeMs) add('from', 'The range may be ten years long at most.');
  if (by.length > 2) add('by', 'Group by two dimensions at most.');
  if (new Set(by).size < by.length) add('by', 'Name each dimension once.');
  if (axesOf(query).length > 2) {
    add(
      'filter',
      'Groups and filters together may name two dimensions; provider and model count as one, and so do workflow and step, and member and API key. Leave one out.',
    );
  }
  for (const dimension of filteredDimensions(query)) {
    const { length } = query.filter?.[dimension] ?? [];
    if (length === 0 || length > maxFilterValues)
      add('filter', `Give 1 to ${maxFilterValues} values of ${dimension} to filter by.`);
  }
  if (!(Number.isInteger(groups) && groups >= 1 && groups <= maxMetricGroups))
    add('groups', `Ask for 1 to ${maxMetricGroups} groups.`);
  if ((query.filter?.tag?.length ?? 0) > 1) add('filter', 'Filter by one tag: a call with two would count twice.');
  if (problems.length > 0) return problems;
  try {
    stepBoundaries({ fromMs: 0, toMs: 1 }, 'day', query.timeZone ?? 'UTC', 1);
  } catch {
    add('timeZone', `"${query.timeZone}" is not a time zone: give a name of the IANA database, such as Europe/Berlin.`);
    return problems;
  }
  if (!query.interval) return problems;
  try {
    const most = by.length === 0 ? maxSeriesSteps : Math.min(maxSeriesSteps, Math.floor(maxSeriesPoints / groups));
    stepBoundaries(query, query.interval, query.timeZone ?? 'UTC', most);
  } catch (error) {
    add('interval', `The series would have ${error instanceof Error ? error.message : String(error)}.`);
  }
  return problems;
}
