import type { WeeklyReport } from '@switchyard/core/reports';
import type { WeeklyReport as ReportRow } from '../../generated/prisma/client.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { ForbiddenFailure, ValidationFailure } from '../../user-errors.ts';
import { originArgument } from '../metrics/metrics.schema.ts';
import { originOf } from '../metrics/metrics-answer.ts';
import { type ReportSettings, readReportSettings, setReportSettings } from './report-settings.ts';
import { type IdentifiedReport, WeeklyReportType } from './weekly-report.types.ts';
import { readWeekSoFar } from './weekly-reports.ts';

const toReport = ({ id, content }: ReportRow): IdentifiedReport => ({
  ...(content as unknown as WeeklyReport),
  rowId: id,
});

const ReportSettingsType = builder.objectRef<ReportSettings>('ReportSettings').implement({
  description: 'What your team decided about its reports.',
  fields: (t) => ({
    timeZone: t.exposeString('timeZone', { description: 'Whose weeks: a name of the IANA database.' }),
    isWeeklyOn: t.exposeBoolean('isWeeklyOn', { description: 'Whether weekly reports are made.' }),
  }),
});

const SetReportSettingsInput = builder.inputType('SetReportSettingsInput', {
  description: 'What to change about reports. Absent or null: stays.',
  fields: (t) => ({
    timeZone: t.string({ description: 'A name of the IANA database, such as Europe/Berlin.' }),
    isWeeklyOn: t.boolean({ description: 'Whether weekly reports are made.' }),
  }),
});

const SetReportSettingsSuccess = builder.objectRef<ReportSettings>('SetReportSettingsSuccess').implement({
  description: 'It is decided; reports that are there stay as they are.',
  fields: (t) => ({
    settings: t.field({ type: ReportSettingsType, description: 'What holds now.', resolve: (settings) => settings }),
  }),
});

function readCursor(cursor: string): string {
  const id = decodeId(cursor, 'WeeklyReport');
  if (id === undefined) throw badInput('A cursor of reports is the id of a report.');
  return id;
}

builder.queryFields((t) => ({
  weeklyReports: t.connection(
    {
      type: WeeklyReportType,
      description: 'Reports of the weeks of your team, the newest first. The id of a report is its cursor.',
      complexity: (args) => ({ field: 1, multiplier: args.first ?? defaultPageSize }),
      args: { origin: t.arg(originArgument) },
      resolve: async (_root, args, { services, identity }) => {
        assertPageSize(args, 'reports');
        if (args.before != null || args.last != null)
          throw badInput('Reports are listed forwards: give first and after.');
        if ((args.first ?? 0) < 0) throw badInput('Ask for no less than 0 reports.');
        const limit = args.first ?? defaultPageSize;
        const { teamId } = identity;
        const { prisma } = services;
        const after =
          args.after == null
            ? undefined
            : await prisma.weeklyReport.findUnique({ where: { id_teamId: { id: readCursor(args.after), teamId } } });
        const origin = originOf(args.origin) === 'live' ? 'LIVE' : 'SIMULATED';
        const rows =
          after === null
            ? []
            : await prisma.weeklyReport.findMany({
                where: {
                  ...{ teamId, origin, content: { not: Prisma.AnyNull } },
                  ...(after && { weekStart: { lt: after.weekStart } }),
                },
                orderBy: { weekStart: 'desc' },
                take: limit + 1,
              });
        const edges = rows
          .slice(0, limit)
          .map((row) => ({ node: toReport(row), cursor: encodeId('WeeklyReport', row.id) }));
        return {
          edges,
          pageInfo: {
            startCursor: edges[0]?.cursor ?? null,
            endCursor: edges.at(-1)?.cursor ?? null,
            hasNextPage: rows.length > limit,
            hasPreviousPage: after !== undefined,
          },
        };
      },
    },
    { name: 'WeeklyReportConnection', description: 'A page of reports.' },
    { name: 'WeeklyReportEdge' },
  ),
  weeklyReport: t.field({
    type: WeeklyReportType,
    nullable: true,
    description: 'The report of one week; null when your team has none. Without a week: of the last one that there is.',
    args: {
      weekStart: t.arg.string({ description: 'The Monday that it begins with: `2026-11-16`.' }),
      origin: t.arg(originArgument),
    },
    resolve: async (_root, { weekStart, origin }, { services, identity }) => {
      const row = await services.prisma.weeklyReport.findFirst({
        where: {
          teamId: identity.teamId,
          origin: originOf(origin) === 'live' ? 'LIVE' : 'SIMULATED',
          content: { not: Prisma.AnyNull },
          ...(weekStart != null && { weekStart: weekStart.replaceAll('\0', '?') }),
        },
        orderBy: { weekStart: 'desc' },
      });
      return row && toReport(row);
    },
  }),
  weekSoFar: t.field({
    type: WeeklyReportType,
    description: 'The week that goes on, up to now, beside as much of the week before. Made for you and not stored.',
    complexity: { field: 100, multiplier: 1 },
    args: { origin: t.arg(originArgument) },
    resolve: async (_root, { origin }, { services, identity }) => ({
      ...(await readWeekSoFar(services, identity.teamId, originOf(origin))),
      rowId: undefined,
    }),
  }),
  reportSettings: t.field({
    type: ReportSettingsType,
    description: 'What your team decided about its reports.',
    resolve: (_root, _args, { services, identity }) => readReportSettings(services, identity.teamId),
  }),
}));

builder.mutationFields((t) => ({
  setReportSettings: t.field({
    type: SetReportSettingsSuccess,
    description:
      "Decides whose weeks your team's reports are about, and whether there are any. Needs the scope MANAGE; `routingAudit` of the scope `reports` tells who did.",
    errors: {
      types: [ValidationFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'SetReportSettingsResult', description: 'What holds now, or why nothing was changed.' },
    },
    args: { input: t.arg({ type: SetReportSettingsInput, required: true, description: 'What to change.' }) },
    resolve: (_root, { input }, { services, identity }) => setReportSettings(services, identity, input),
  }),
}));
