import { type CallOrigin, filteredDimensions, type MetricDimension, type MetricFilter } from '@switchyard/core/metrics';
import { Prisma } from '../../generated/prisma/client.ts';
import { recordColumns } from './records-sql.ts';

/** `call_record c` of one team and origin. */
export function ownRecords(teamId: string, origin: CallOrigin): Prisma.Sql {
  return Prisma.sql`c."teamId" = ${teamId} AND c.origin = ${origin === 'live' ? 'LIVE' : 'SIMULATED'}::"DataOrigin"`;
}

/** When a call of `call_record c` began; epoch ms, the end not included. */
export function begunWithin(fromMs: number, toMs: number): Prisma.Sql {
  return Prisma.sql`c."startedAt" >= ${new Date(fromMs)} AND c."startedAt" < ${new Date(toMs)}`;
}

/** What a filter asks of `call_record c`; calls match as they do in figures. */
export function matchingFilter(filter: MetricFilter): readonly Prisma.Sql[] {
  return filteredDimensions({ filter }).map((dimension) => {
    const wanted = Prisma.join([...(filter[dimension] ?? [])]);
    if (dimension === 'tag') return Prisma.sql`c.tags && ARRAY[${wanted}]::text[]`;
    return Prisma.sql`${Prisma.raw(recordColumns[dimension])} IN (${wanted})`;
  });
}

/** The value of a dimension; with `tag` the statement must unnest tags as `tag`. */
export function valueColumn(dimension: MetricDimension): Prisma.Sql {
  return Prisma.raw(recordColumns[dimension]);
}
