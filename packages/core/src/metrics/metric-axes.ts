import type { CallRecord } from './call-record.ts';

/** By what calls can be told apart in figures. */
export const metricDimensions = [
  'provider',
  'model',
  'member',
  'apiKey',
  'workflow',
  'step',
  'role',
  'taskClass',
  'tag',
  'source',
] as const;
export type MetricDimension = (typeof metricDimensions)[number];

/**
 * The axes that rollups are kept by. A model belongs to a provider, a step to a workflow and a key mostly to a member, so
 * each pair is one axis with a first and a second part: by the first alone, figures are added up when they are read.
 * That makes 7 axes of 10 dimensions, and 29 rows for a bucket's total, values and pairs of values where there were 56.
 */
export const metricAxes = [
  { first: 'provider', second: 'model' },
  { first: 'member', second: 'apiKey' },
  { first: 'workflow', second: 'step' },
  { first: 'role' },
  { first: 'taskClass' },
  { first: 'tag' },
  { first: 'source' },
] as const satisfies readonly { readonly first: MetricDimension; readonly second?: MetricDimension }[];

/** Number of an axis in {@link metricAxes}. Stored: never renumbered. */
export type MetricAxis = number;

/** The masks of all rows of rollups, one bit for each axis: of the total and of single values, and of pairs of values. */
export const rollupMasks: { readonly single: readonly number[]; readonly pair: readonly number[] } = {
  single: [0, ...metricAxes.map((_, axis) => 1 << axis)],
  pair: metricAxes.flatMap((_, axis) =>
    metricAxes.flatMap((_other, other) => (other > axis ? [(1 << axis) | (1 << other)] : [])),
  ),
};

/** One value of an axis; a part that a call does not have is ''. */
export interface AxisValue {
  readonly first: string;
  readonly second: string;
}

/** Stands for the values of an axis beyond the most that are kept apart. */
export const otherValues: AxisValue = { first: '(other)', second: '(other)' };

/** How many values of one axis are kept apart for a team's live or simulated calls; later ones are `(other)`. */
export const maxAxisValues = 2_000;

const places = new Map<MetricDimension, { readonly axis: MetricAxis; readonly part: 'first' | 'second' }>(
  metricAxes.flatMap((axis, index) => [
    [axis.first, { axis: index, part: 'first' as const }],
    ...('second' in axis ? [[axis.second, { axis: index, part: 'second' as const }] as const] : []),
  ]),
);

/** Which axis a dimension lies on, and which part of its values it is. */
export function placeOf(dimension: MetricDimension): { readonly axis: MetricAxis; readonly part: 'first' | 'second' } {
  const place = places.get(dimension);
  if (!place) throw new Error(`There is no axis for the dimension ${dimension}.`);
  return place;
}

/** What the values of the axes are read from. */
export type AxisFacts = Pick<
  CallRecord,
  'providerId' | 'modelId' | 'userId' | 'apiKeyId' | 'workflowId' | 'stepId' | 'role' | 'taskClass' | 'tags' | 'source'
>;

/** The values of a call on each axis, in the order of {@link metricAxes}: none where it has none, several tags. */
export function axisValuesOf(record: AxisFacts): readonly (readonly AxisValue[])[] {
  return [
    pairOf(record.providerId, record.modelId),
    pairOf(record.userId, record.apiKeyId),
    pairOf(record.workflowId, record.stepId),
    pairOf(record.role),
    pairOf(record.taskClass),
    [...new Set(record.tags ?? [])].flatMap((tag) => pairOf(tag)),
    pairOf(record.source),
  ];
}

const none: readonly AxisValue[] = [];

function pairOf(first: string | undefined, second?: string): readonly AxisValue[] {
  return first || second ? [{ first: first ?? '', second: second ?? '' }] : none;
}
