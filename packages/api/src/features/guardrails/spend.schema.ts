import { isTimeZone } from '@switchyard/core/guardrails';
import { formatUsd } from '@switchyard/core/kernel';
import type { Services } from '../../container.ts';
import { builder, listCost, maxPageSize } from '../../graphql/builder.ts';
import { DataOriginEnum } from '../../graphql/enums.ts';
import { badInput } from '../../graphql/errors.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { reportSpend, type SpendGroup, type SpendReport } from './report-spend.ts';
import { mostPieces, type SpendStep } from './spend-boundaries.ts';
import type { SpendDimension, SpendFigures } from './spend-reader.ts';

const SpendDimensionEnum = builder.enumType('SpendDimension', {
  description: 'By what spending can be told apart.',
  values: {
    PROVIDER: { value: 'provider', description: 'The provider.' },
    MODEL: { value: 'model', description: 'The model.' },
    MEMBER: { value: 'member', description: 'The person who asked.' },
    KEY: { value: 'key', description: 'The API key that asked.' },
    ROLE: { value: 'role', description: 'The model role.' },
    WORKFLOW: { value: 'workflow', description: 'The workflow.' },
    STEP: { value: 'step', description: 'The step of a workflow.' },
    TAG: { value: 'tag', description: 'The tags of the request; a call with two tags counts in both groups.' },
    SOURCE: { value: 'source', description: 'What the call was for: a comparison, a completion, an OpenAI client.' },
  } as const satisfies Record<string, { value: SpendDimension; description: string }>,
});

const SpendStepEnum = builder.enumType('SpendStep', {
  description: 'How finely a report is cut.',
  values: {
    HOUR: { value: 'hour', description: 'By full hours; 31 days at the most.' },
    DAY: { value: 'day', description: 'By days of the time zone; 400 at the most.' },
    TOTAL: { value: 'total', description: 'Not at all.' },
  } as const satisfies Record<string, { value: SpendStep; description: string }>,
});

const SpendFiguresType = builder.objectRef<SpendFigures>('SpendFigures').implement({
  description: 'What a number of calls used.',
  fields: (t) => ({
    calls: t.exposeInt('calls', { description: 'Attempts to call a model, failed ones included.' }),
    inputTokens: t.exposeFloat('inputTokens', { description: 'Tokens read, a whole number.' }),
    outputTokens: t.exposeFloat('outputTokens', { description: 'Tokens written, a whole number.' }),
    tokens: t.float({
      description: 'Both together, a whole number.',
      resolve: ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
    }),
    costUsd: t.field({
      type: 'Decimal',
      description: 'What the calls whose cost is known cost.',
      resolve: ({ costNanoUsd }) => formatUsd(costNanoUsd),
    }),
    callsWithUnknownCost: t.exposeInt('callsWithUnknownCost', {
      description: 'Calls whose cost nobody knows; they are not in `costUsd`.',
    }),
    estimatedShare: t.float({
      nullable: true,
      description:
        'Share of the calls whose tokens are our own count because the provider reported none; null: no calls.',
      resolve: ({ calls, callsWithEstimatedUsage }) => (calls === 0 ? null : callsWithEstimatedUsage / calls),
    }),
  }),
});

const SpendSeriesType = builder.objectRef<readonly SpendFigures[]>('SpendSeries').implement({
  description: 'Figures piece by piece, as columns: entry 0 of each belongs to entry 0 of `startsAt` of the report.',
  fields: (t) => ({
    calls: t.intList({ description: 'Calls.', resolve: (rows) => rows.map(({ calls }) => calls) }),
    tokens: t.floatList({
      description: 'Tokens read and written.',
      resolve: (rows) => rows.map(({ inputTokens, outputTokens }) => inputTokens + outputTokens),
    }),
    costUsd: t.field({
      type: ['Decimal'],
      description: 'Known cost.',
      resolve: (rows) => rows.map(({ costNanoUsd }) => formatUsd(costNanoUsd)),
    }),
    callsWithUnknownCost: t.intList({
      description: 'Calls of unknown cost.',
      resolve: (rows) => rows.map(({ callsWithUnknownCost }) => callsWithUnknownCost),
    }),
  }),
});

type SpendKey = SpendGroup['keys'][number];

const SpendKeyType = builder.objectRef<SpendKey>('SpendKey').implement({
  description: 'What the calls of a group have in common.',
  fields: (t) => ({
    dimension: t.expose('dimension', { type: SpendDimensionEnum, description: 'In which respect.' }),
    value: t.string({
      nullable: true,
      description: 'The value for programs; the id of a member or key. Null: the calls have none.',
      resolve: ({ dimension, value }) => {
        if (value === null) return null;
        if (dimension === 'member') return encodeId('User', value);
        return dimension === 'key' ? encodeId('ApiKey', value) : value;
      },
    }),
    label: t.string({
      nullable: true,
      description: 'The value for people; null: the calls have none.',
      resolve: (key, _args, { services, identity }) => labelOf(key, services, identity.teamId),
    }),
  }),
});

const SpendGroupType = builder.objectRef<SpendGroup>('SpendGroup').implement({
  description: 'The calls that are equal in what the report is grouped by.',
  fields: (t) => ({
    keys: t.field({
      type: [SpendKeyType],
      description: 'By what it is told apart, in the order of `groupBy`.',
      complexity: listCost(2),
      resolve: ({ keys }) => [...keys],
    }),
    totals: t.expose('totals', { type: SpendFiguresType, description: 'The whole stretch.' }),
    previous: t.expose('previous', {
      type: SpendFiguresType,
      description: 'The stretch of the same length before it.',
    }),
    series: t.field({ type: SpendSeriesType, description: 'Piece by piece.', resolve: ({ series }) => series }),
  }),
});

const SpendReportType = builder.objectRef<SpendReport>('SpendReport').implement({
  description: 'What your team spent in a stretch of time.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'Begin.', resolve: ({ question }) => new Date(question.fromMs) }),
    to: t.field({
      type: 'DateTime',
      description: 'End, not included.',
      resolve: ({ question }) => new Date(question.untilMs),
    }),
    origin: t.field({
      type: DataOriginEnum,
      description: 'Whether the calls were real.',
      resolve: ({ question }) => (question.origin === 'live' ? 'LIVE' : 'SIMULATED'),
    }),
    timeZone: t.string({ description: 'By whose days it is cut.', resolve: ({ question }) => question.timeZone }),
    startsAt: t.field({
      type: ['DateTime'],
      description: 'Where the pieces begin; the first and the last may be cut.',
      resolve: ({ startsMs }) => startsMs.map((ms) => new Date(ms)),
    }),
    totals: t.expose('totals', { type: SpendFiguresType, description: 'All calls of the stretch.' }),
    previous: t.expose('previous', {
      type: SpendFiguresType,
      description: 'All calls of the stretch of the same length before it.',
    }),
    series: t.field({ type: SpendSeriesType, description: 'All calls, piece by piece.', resolve: (r) => r.series }),
    groups: t.field({
      type: [SpendGroupType],
      description: 'The dearest groups, at most `first`; none without `groupBy`.',
      complexity: { field: 0, multiplier: 1 },
      resolve: ({ groups }) => [...groups],
    }),
    groupCount: t.exposeInt('groupCount', { description: 'How many groups there are, 5,000 at the most.' }),
  }),
});

const defaultGroups = 10;
const mostGroupsTold = 50;

builder.queryField('spend', (t) =>
  t.field({
    type: SpendReportType,
    description: 'What your team spent between two instants, by one or two dimensions, and in the same time before.',
    complexity: ({ first, groupBy }) => ({
      field: 10,
      multiplier: groupBy && groupBy.length > 0 ? Math.max(1, first ?? defaultGroups) : 1,
    }),
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'Begin.' }),
      to: t.arg({ type: 'DateTime', description: 'End, not included; now when absent.' }),
      groupBy: t.arg({ type: [SpendDimensionEnum], description: 'One or two; absent: only the totals.' }),
      per: t.arg({ type: SpendStepEnum, defaultValue: 'day', description: 'How finely it is cut.' }),
      origin: t.arg({
        type: DataOriginEnum,
        defaultValue: 'LIVE',
        description: 'LIVE or SIMULATED; they are never added up, so MIXED is refused.',
      }),
      timeZone: t.arg.string({ defaultValue: 'UTC', description: 'By whose days it is cut, as IANA names it.' }),
      first: t.arg.int({ defaultValue: defaultGroups, description: 'How many groups, 50 at the most.' }),
    },
    resolve: (_root, args, { services, identity }) => {
      const fromMs = args.from.getTime();
      const untilMs = args.to?.getTime() ?? services.clock.nowMs();
      const per = args.per ?? 'day';
      const timeZone = args.timeZone ?? 'UTC';
      const groupBy = args.groupBy ?? [];
      const first = args.first ?? defaultGroups;
      if (fromMs >= untilMs) throw badInput('"from" must be before "to".');
      if (!isTimeZone(timeZone)) throw badInput('Name the time zone as IANA does, for example Europe/Berlin or UTC.');
      if (args.origin === 'MIXED') throw badInput('Ask for LIVE or SIMULATED: they are never added up.');
      if (groupBy.length > 2 || new Set(groupBy).size < groupBy.length) {
        throw badInput('Group by one or two different dimensions.');
      }
      if (first < 1 || first > Math.min(mostGroupsTold, maxPageSize)) throw badInput('Ask for 1 to 50 groups.');
      const lengthMs = untilMs - fromMs;
      const pieceMs = { hour: 3_600_000, day: 86_400_000, total: Number.POSITIVE_INFINITY }[per];
      if (lengthMs / pieceMs > mostPieces[per]) {
        throw badInput(
          `That would be more than ${mostPieces[per]} pieces: shorten the stretch, or cut it more coarsely.`,
        );
      }
      if (lengthMs > longestMs) throw badInput('Ask for ten years at the most.');
      const origin = args.origin === 'SIMULATED' ? 'simulated' : 'live';
      const question = { teamId: identity.teamId, origin, fromMs, untilMs, per, timeZone, groupBy, first } as const;
      return reportSpend(question, services.spend);
    },
  }),
);

const longestMs = 3_660 * 86_400_000;

const sourceLabels: Readonly<Record<string, string>> = {
  'comparison-lane': 'Comparisons',
  complete: 'Completions',
  'openai-compatible': 'OpenAI-compatible clients',
  'workflow-step': 'Workflows',
  experiment: 'Tests',
};

/** How people call the value; the value itself where it has no other name, or its bearer is gone. */
async function labelOf({ dimension, value }: SpendKey, services: Services, teamId: string): Promise<string | null> {
  if (value === null) return null;
  const { prisma, providers } = services;
  if (dimension === 'provider') {
    return providers.instancesOf(teamId).find(({ slug }) => slug === value)?.displayName ?? value;
  }
  if (dimension === 'model') return providers.findModel(teamId, value)?.catalog.displayName ?? value;
  if (dimension === 'source') return sourceLabels[value] ?? value;
  if (dimension === 'member') {
    const where = { id: value, memberships: { some: { teamId } } };
    return (await prisma.user.findFirst({ where, select: { name: true } }))?.name ?? 'A former member';
  }
  if (dimension === 'key') {
    const key = await prisma.apiKey.findFirst({ where: { id: value, teamId }, select: { name: true } });
    return key?.name ?? 'A deleted key';
  }
  return value;
}
