import {
  type AxisValue,
  axesOf,
  filteredDimensions,
  grainLengthMs,
  type MetricAxis,
  type MetricDimension,
  type MetricFilter,
  otherValues,
  placeOf,
  type ReadPlan,
} from '@switchyard/core/metrics';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';
import type { RollupSelection } from './figures-question.ts';

/** More look-ups than these take longer than reading what lies between. */
const mostLookups = 40_000;

/** A value with its number. */
export interface NumberedValue extends AxisValue {
  readonly id: number;
  readonly axis: MetricAxis;
}

/** What is known of the values on the axes that a query names. */
export interface AxisFindings {
  /** Those that the filter lets through, of the axes that are filtered; and those of `groups`. */
  readonly values: readonly NumberedValue[];
  /** How many values each axis has. */
  readonly sizes: ReadonlyMap<MetricAxis, number>;
  /** Axes on which new values count as `(other)`. */
  readonly fullAxes: ReadonlySet<MetricAxis>;
}

interface ValueRow extends NumberedValue {
  readonly size: number;
  readonly isWanted: boolean;
}

/** Looks up the values that have all the given parts: `filter` names values of dimensions. One statement. */
export async function findAxisValues(
  prisma: PrismaClient,
  scopeId: number | undefined,
  axes: readonly MetricAxis[],
  filter: MetricFilter,
): Promise<AxisFindings> {
  if (scopeId === undefined || axes.length === 0) return { values: [], sizes: new Map(), fullAxes: new Set() };
  const wanted = axes.flatMap((axis) => {
    const parts = filteredDimensions({ filter }).flatMap((dimension) => {
      const place = placeOf(dimension);
      return place.axis === axis
        ? [Prisma.sql`v.${Prisma.raw(place.part)} IN (${Prisma.join([...filter[dimension]!])})`]
        : [];
    });
    return parts.length > 0 ? [Prisma.sql`(v.axis = ${axis}::int2 AND ${Prisma.join(parts, ' AND ')})`] : [];
  });
  const isWanted = wanted.length > 0 ? Prisma.sql`(${Prisma.join(wanted, ' OR ')})` : Prisma.sql`false`;
  const isOther = Prisma.sql`(v.first = ${otherValues.first} AND v.second = ${otherValues.second})`;
  const rows = await prisma.$queryRaw<ValueRow[]>`
    SELECT * FROM (
      SELECT v.id, v.axis::int AS axis, v.first, v.second, ${isWanted} AS "isWanted", ${isOther} AS "isOther",
        (count(*) OVER (PARTITION BY v.axis))::int AS size, row_number() OVER (PARTITION BY v.axis) AS place
      FROM metric_value v WHERE v."scopeId" = ${scopeId} AND v.axis IN (${Prisma.raw(axes.join(', '))})
    ) known WHERE "isWanted" OR "isOther" OR place = 1`;
  return {
    values: rows.filter((row) => row.isWanted),
    sizes: new Map(rows.map(({ axis, size }) => [axis, size])),
    fullAxes: new Set(
      rows.flatMap(({ axis, first, second }) =>
        first === otherValues.first && second === otherValues.second ? [axis] : [],
      ),
    ),
  };
}

/**
 * The rollups that a question is about, and whether to look them up or to read all that lies between; undefined when there
 * are none of them.
 */
export function selectRollups(
  scopeId: number,
  asked: { readonly by: readonly MetricDimension[]; readonly filter: MetricFilter; readonly plan: ReadPlan },
  found: AxisFindings,
  onlyGroups?: readonly (readonly string[])[],
): RollupSelection | undefined {
  const { by, filter, plan } = asked;
  const axes = axesOf({ by, filter });
  const restricted = new Set(filteredDimensions({ filter }).map((dimension) => placeOf(dimension).axis));
  const ids = axes.map((axis) =>
    restricted.has(axis) ? found.values.filter((value) => value.axis === axis).map(({ id }) => id) : undefined,
  );
  if (ids.some((list) => list?.length === 0)) return undefined;
  const buckets = plan.segments.reduce(
    (sum, { grain, fromMs, toMs }) => sum + (grain === 'records' ? 0 : (toMs - fromMs) / grainLengthMs(grain)),
    0,
  );
  if (axes.length === 1) {
    const size = found.sizes.get(axes[0]!) ?? 0;
    const wanted = ids[0]?.length ?? size;
    return { scopeId, axes, ids, isFew: wanted * 3 < size && wanted * buckets <= mostLookups };
  }
  if (axes.length === 2) {
    const pairs = onlyGroups && pairsOf(by, axes, ids, found, onlyGroups);
    if (pairs?.length === 0) return undefined;
    if (pairs && pairs.length * buckets <= mostLookups) return { scopeId, axes, ids, pairs, isFew: true };
    // The key begins with `a`: of `b` alone nothing can be looked up.
    const lookups = (ids[0]?.length ?? Number.POSITIVE_INFINITY) * (ids[1]?.length ?? 1) * buckets;
    return { scopeId, axes, ids, isFew: lookups <= mostLookups };
  }
  return { scopeId, axes, ids, isFew: false };
}

/** Every pair of numbers that stands for one of the groups; undefined when they are too many to name. */
function pairsOf(
  by: readonly MetricDimension[],
  axes: readonly MetricAxis[],
  ids: readonly (readonly number[] | undefined)[],
  found: AxisFindings,
  groups: readonly (readonly string[])[],
): readonly (readonly [number, number])[] | undefined {
  const pairs = new Map<string, readonly [number, number]>();
  const allowed = ids.map((list) => new Set(list));
  for (const group of groups) {
    const [first, second] = axes.map((axis, index) =>
      found.values.filter(
        (value) =>
          value.axis === axis &&
          allowed[index]!.has(value.id) &&
          by.every((dimension, place) => {
            const { axis: own, part } = placeOf(dimension);
            return own !== axis || value[part] === group[place];
          }),
      ),
    );
    for (const a of first!) for (const b of second!) pairs.set(`${a.id} ${b.id}`, [a.id, b.id]);
    if (pairs.size > mostLookups) return undefined;
  }
  return [...pairs.values()];
}
