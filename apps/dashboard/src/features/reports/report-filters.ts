import type { MetricDimension, MetricFilterInput } from '../../gql/reports.ts';

/** Dimensions in the words of the page. Those of one axis count as one: figures are kept by two axes at most. */
export const dimensions: readonly {
  readonly value: MetricDimension;
  readonly label: string;
  readonly name: string;
  readonly axis: number;
}[] = [
  { value: 'PROVIDER', label: 'Provider', name: 'provider', axis: 0 },
  { value: 'MODEL', label: 'Model', name: 'model', axis: 0 },
  { value: 'ROLE', label: 'Role', name: 'role', axis: 3 },
  { value: 'WORKFLOW', label: 'Workflow', name: 'workflow', axis: 2 },
  { value: 'STEP', label: 'Step', name: 'step', axis: 2 },
  { value: 'TASK_CLASS', label: 'Kind of task', name: 'task', axis: 4 },
  { value: 'MEMBER', label: 'Member', name: 'member', axis: 1 },
  { value: 'API_KEY', label: 'API key', name: 'key', axis: 1 },
  { value: 'TAG', label: 'Tag', name: 'tag', axis: 5 },
  { value: 'SOURCE', label: 'Way in', name: 'source', axis: 6 },
];

export interface DimensionFilter {
  readonly dimension: MetricDimension;
  readonly value: string;
}

const entryOf = (dimension: MetricDimension) => dimensions.find(({ value }) => value === dimension);
export const labelOf = (dimension: MetricDimension): string => entryOf(dimension)?.label ?? dimension;
const axisOf = (dimension: MetricDimension) => entryOf(dimension)?.axis;

/** What an address groups by: one or two dimensions, each once. */
export function groupingOf(address: URLSearchParams): readonly MetricDimension[] {
  const named = (address.get('by') ?? 'model')
    .split(',')
    .flatMap((name) => dimensions.find((each) => each.name === name)?.value ?? []);
  const chosen = [...new Set(named)].slice(0, 2);
  return chosen.length > 0 ? chosen : ['MODEL'];
}

export const groupingText = (by: readonly MetricDimension[]): string =>
  by.map((dimension) => entryOf(dimension)?.name).join(',');

/** The filters that an address names and that fit to what is grouped by: two axes in all. */
export function filtersOf(address: URLSearchParams, by: readonly MetricDimension[]): readonly DimensionFilter[] {
  const axes = new Set(by.map(axisOf));
  return dimensions.flatMap(({ value: dimension, name, axis }) => {
    const value = address.get(name);
    if (!value) return [];
    if (!axes.has(axis) && axes.size >= 2) return [];
    axes.add(axis);
    return [{ dimension, value }];
  });
}

export const filterName = (dimension: MetricDimension): string => entryOf(dimension)?.name ?? '';

/** Filters as the API takes them; undefined for none. */
export function toFilterInput(filters: readonly DimensionFilter[]): MetricFilterInput | undefined {
  if (filters.length === 0) return undefined;
  const input: Record<string, unknown> = {};
  const fields: Record<MetricDimension, string> = {
    PROVIDER: 'providers',
    MODEL: 'models',
    MEMBER: 'members',
    API_KEY: 'apiKeys',
    WORKFLOW: 'workflows',
    STEP: 'steps',
    ROLE: 'roles',
    TASK_CLASS: 'taskClasses',
    TAG: 'tag',
    SOURCE: 'sources',
  };
  for (const { dimension, value } of filters) input[fields[dimension]] = dimension === 'TAG' ? value : [value];
  return input as MetricFilterInput;
}

/** Dimensions that may still be filtered or grouped by beside `others`. */
export function fitsBeside(dimension: MetricDimension, others: readonly MetricDimension[]): boolean {
  const axes = new Set(others.map(axisOf));
  return axes.has(axisOf(dimension)) || axes.size < 2;
}
