import { grainLengthMs, type MetricAxis, placeOf, type ReadPlan } from '@switchyard/core/metrics';
import { Prisma } from '../../generated/prisma/client.ts';
import { type FiguresQuestion, type RollupSelection, stepSql } from './figures-question.ts';
import { recordsSql } from './records-sql.ts';
import { failureColumn, failureKinds } from './rollup-columns.ts';

const raw = Prisma.raw;

/**
 * One statement over rollups, records at the ends, and records that wait to be rolled up: one look at the database. Rows
 * of rollups name their group by the numbers of values `a` and `b`, those of records by `d0` and `d1`. Sums come as one text:
 * a column for each of some thousand rows takes longer to hand over than to compute.
 */
export function readFiguresSql(question: FiguresQuestion): Prisma.Sql {
  const { grains, records } = parted(question.plan);
  const parts: Prisma.Sql[] = [];
  if (grains.length > 0) {
    if (question.selection) parts.push(rollupsSql(question, question.selection, grains));
    parts.push(recordsSql(question, grains, { isPending: true, isCount: false }));
  }
  if (records.length > 0) parts.push(recordsSql(question, records, { isPending: false, isCount: false }));
  return Prisma.join(parts, ' UNION ALL ');
}

/** The groups with the most calls, `most` of them, by `d0` and `d1`; `groups` is how many there are. */
export function rankGroupsSql(question: FiguresQuestion, most: number): Prisma.Sql {
  const { by, plan, selection } = question;
  const { grains, records } = parted(plan);
  const parts: Prisma.Sql[] = [];
  if (grains.length > 0) {
    if (selection) parts.push(rollupCountsSql(question, selection, grains));
    parts.push(recordsSql(question, grains, { isPending: true, isCount: true }));
  }
  if (records.length > 0) parts.push(recordsSql(question, records, { isPending: false, isCount: true }));
  const columns = by.map((_, index) => `d${index}`);
  return Prisma.sql`
    SELECT ${raw(columns.join(', '))}, (count(*) OVER ())::int AS groups FROM (${Prisma.join(parts, ' UNION ALL ')}) counted
    GROUP BY ${raw(columns.join(', '))}
    ORDER BY sum(calls) DESC, ${raw(columns.map((column) => `${column} COLLATE "C"`).join(', '))} LIMIT ${most}`;
}

function parted({ segments }: ReadPlan): {
  readonly grains: ReadPlan['segments'];
  readonly records: ReadPlan['segments'];
} {
  return {
    grains: segments.filter(({ grain }) => grain !== 'records'),
    records: segments.filter(({ grain }) => grain === 'records'),
  };
}

const columnOf = (selection: RollupSelection, axis: MetricAxis): string =>
  selection.axes.indexOf(axis) === 0 ? 'a' : 'b';
const groupedAxes = ({ by }: FiguresQuestion) => [...new Set(by.map((dimension) => placeOf(dimension).axis))];

function rollupsSql(question: FiguresQuestion, selection: RollupSelection, segments: ReadPlan['segments']): Prisma.Sql {
  const grouped = groupedAxes(question).map((axis) => columnOf(selection, axis));
  const keys = ['a', 'b'].map((column) => `${grouped.includes(column) ? `r.${column}` : '0'} AS ${column}`);
  const texts = question.by.map((_, index) => `NULL::text AS d${index}`);
  const sums =
    [
      ...question.sums.map((name) => `sum(r."${name}")`),
      ...(question.isWithFailures ? failureKinds.map((kind) => `coalesce(sum(r."${failureColumn(kind)}"), 0)`) : []),
    ].join(', ') || `''`;
  const sketches = question.sketches.map((name) => `encode(string_agg(r."${name}", ''::bytea), 'base64') AS "${name}"`);
  return Prisma.sql`
    SELECT true AS "isSketched", ${stepSql(question.plan, raw('r.bucket::int8 * 60000'))} AS step, ${raw([...keys, ...texts, `concat_ws(',', ${sums}) AS sums`, ...sketches].join(', '))}
    ${rowsSql(selection, segments)}
    GROUP BY ${raw(['2', ...grouped.map((column) => `r.${column}`)].join(', '))}`;
}

function rollupCountsSql(
  question: FiguresQuestion,
  selection: RollupSelection,
  segments: ReadPlan['segments'],
): Prisma.Sql {
  const axes = groupedAxes(question);
  const columns = axes.map((axis) => `r.${columnOf(selection, axis)}`).join(', ');
  const joins = axes.map(
    (axis) => `JOIN metric_value axis${axis} ON axis${axis}.id = counted.${columnOf(selection, axis)}`,
  );
  const groups = question.by.map((dimension) => `axis${placeOf(dimension).axis}.${placeOf(dimension).part}`);
  return Prisma.sql`
    SELECT ${raw(groups.map((group, index) => `${group} AS d${index}`).join(', '))}, counted.calls
    FROM (SELECT ${raw(columns)}, sum(r.calls) AS calls ${rowsSql(selection, segments)} GROUP BY ${raw(columns)}) counted
    ${raw(joins.join(' '))} WHERE ${raw(groups.map((group) => `${group} <> ''`).join(' AND '))}`;
}

/** `FROM …` with the rollups of the selection as `r`. */
function rowsSql(selection: RollupSelection, segments: ReadPlan['segments']): Prisma.Sql {
  const { scopeId, axes, pairs, ids, isFew } = selection;
  const mask = axes.reduce((bits, axis) => bits | (1 << axis), 0);
  const minutes = (ms: number) => ms / 60_000;
  const spans = segments.map(({ grain, fromMs, toMs }) =>
    grain === 'records' ? '' : `(${grain}, ${minutes(fromMs)}, ${minutes(toMs)}, ${minutes(grainLengthMs(grain))})`,
  );
  const from = `FROM (VALUES ${spans.join(', ')}) AS s(grain, f, t, length)`;
  const key = `r."scopeId" = ${scopeId} AND r.grain = s.grain::int2 AND r.mask = ${mask}::int2`;
  const columns = ['a', 'b'].slice(0, axes.length);
  if (!isFew) {
    // Not an array beside the range of buckets: an index would be read once for each of its values.
    const only = columns.flatMap((column, index) =>
      ids[index] ? [` AND r.${column} + 0 IN (${ids[index].join(', ') || 'NULL'})`] : [],
    );
    return raw(`${from} JOIN metric_rollup r ON ${key} AND r.bucket >= s.f AND r.bucket < s.t${only.join('')}`);
  }
  const wanted = pairs
    ? [`CROSS JOIN (VALUES ${pairs.map((pair) => `(${pair.join(', ')})`).join(', ')}) AS p(a, b)`]
    : columns.flatMap((column, index) =>
        ids[index] ? [`CROSS JOIN unnest(ARRAY[${ids[index].join(', ')}]::int4[]) AS wanted_${column}(${column})`] : [],
      );
  const named = pairs
    ? ['r.a = p.a', 'r.b = p.b']
    : columns.flatMap((column, index) => (ids[index] ? [`r.${column} = wanted_${column}.${column}`] : []));
  // OFFSET 0 keeps the planner from turning the look-ups into a walk over the whole table.
  return raw(`${from} CROSS JOIN LATERAL generate_series(s.f, s.t - 1, s.length) AS slot(at) ${wanted.join(' ')}
    CROSS JOIN LATERAL (SELECT * FROM metric_rollup r
      WHERE ${[key, 'r.bucket = slot.at', ...named].join(' AND ')} OFFSET 0) AS r`);
}
