import { type CallOrigin, checkMetricsQuery, MetricsQueryError } from '@switchyard/core/metrics';
import type { CallRecord } from '../../generated/prisma/client.ts';
import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { CallOutcomeEnum, CallRecordType } from './call-record.types.ts';
import { type CallCursor, type CallListQuestion, countCallRecords, listCallRecords } from './list-call-records.ts';
import { toMetricFilter } from './metric-filter.ts';
import { MetricFilterInput } from './metric-report.types.ts';
import { originArgument } from './metrics.schema.ts';
import { answer, originOf } from './metrics-answer.ts';

const toCursor = ({ startedAt, id }: CallRecord): string =>
  Buffer.from(`${startedAt.getTime()}:${id}`).toString('base64url');

function readCursor(cursor: string): CallCursor {
  const [, at, id] = /^(\d{1,15}):([^\0]{1,200})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (at === undefined || id === undefined) throw badInput('This is not a cursor of calls.');
  return { startedAtMs: Number(at), id };
}

function checkQuestion(question: CallListQuestion): CallListQuestion {
  const problems = checkMetricsQuery({ ...question, by: [] });
  if (problems.length > 0) throw new MetricsQueryError(problems);
  return question;
}

builder.queryFields((t) => ({
  callRecords: t.connection(
    {
      type: CallRecordType,
      description:
        'The calls that a figure counts, newest first: range, origin and filter as those of `metrics`. Records go with time; figures stay.',
      complexity: (args) => ({ field: 5, multiplier: args.first ?? defaultPageSize }),
      args: {
        from: t.arg({ type: 'DateTime', required: true, description: 'From when on calls count, by when they began.' }),
        to: t.arg({ type: 'DateTime', required: true, description: 'Until when.' }),
        origin: t.arg(originArgument),
        filter: t.arg({ type: MetricFilterInput, description: 'Which calls.' }),
        outcomes: t.arg({ type: [CallOutcomeEnum], description: 'Only those that ended so.' }),
      },
      resolve: (_root, args, { services, identity }) =>
        answer(async () => {
          assertPageSize(args, 'calls');
          if (args.before != null || args.last != null)
            throw badInput('Calls are listed forwards: give first and after.');
          if ((args.first ?? 0) < 0) throw badInput('Ask for no less than 0 calls.');
          const origin: CallOrigin = originOf(args.origin);
          const question = checkQuestion({
            ...{ teamId: identity.teamId, origin, filter: toMetricFilter(args.filter) ?? {} },
            ...{ fromMs: args.from.getTime(), toMs: args.to.getTime() },
            ...(args.outcomes && { outcomes: args.outcomes }),
          });
          const limit = args.first ?? defaultPageSize;
          const after = args.after == null ? undefined : readCursor(args.after);
          const { prisma, metrics } = services;
          const rows =
            limit === 0
              ? []
              : await listCallRecords({ prisma, reader: metrics.reader }, question, { limit, ...(after && { after }) });
          const edges = rows.slice(0, limit).map((node) => ({ node, cursor: toCursor(node) }));
          return {
            edges,
            question,
            pageInfo: {
              startCursor: edges[0]?.cursor ?? null,
              endCursor: edges.at(-1)?.cursor ?? null,
              hasNextPage: rows.length > limit,
              hasPreviousPage: after !== undefined,
            },
          };
        }),
    },
    {
      name: 'CallRecordConnection',
      description: 'A page of calls.',
      fields: (connection) => ({
        totalCount: connection.float({
          description: 'How many calls the figures count, also those whose records are gone; a whole number.',
          resolve: (page, _args, { services }) =>
            countCallRecords(
              services.metrics.reader,
              (page as unknown as { readonly question: CallListQuestion }).question,
            ),
        }),
      }),
    },
    { name: 'CallRecordEdge' },
  ),
}));
