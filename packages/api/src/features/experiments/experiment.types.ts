import {
  type ExperimentProblem,
  formatReportCsv,
  formatReportJson,
  formatReportMarkdown,
} from '@switchyard/core/experiments';
import { formatUsd } from '@switchyard/core/kernel';
import type { ExperimentAnswer, ExperimentItem, PrismaClient } from '../../generated/prisma/client.ts';
import { builder, defaultPageSize, listCost } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { withGlobalIds } from './change-experiment.ts';
import { checkExperiment } from './check-experiment.ts';
import { ExperimentResultsType } from './experiment-results.types.ts';
import { readReport } from './read-results.ts';
import type { StoredScores } from './score-answers.ts';

export const ExperimentProblemType = builder.objectRef<ExperimentProblem>('ExperimentProblem').implement({
  description: 'Something about a definition.',
  fields: (t) => ({
    isError: t.boolean({
      description: 'Whether it keeps the test from being started.',
      resolve: ({ severity }) => severity === 'error',
    }),
    path: t.stringList({ description: 'Where in the definition.', resolve: ({ path }) => path.map(String) }),
    message: t.exposeString('message', { description: 'What is wrong and what would be right.' }),
  }),
});

interface ShownScore {
  readonly scorer: string;
  readonly score: number | null;
  readonly missing: string | null;
  readonly why: string;
}

const ScoreType = builder.objectRef<ShownScore>('ExperimentScore').implement({
  description: 'What a scorer or judge said of an answer.',
  fields: (t) => ({
    scorer: t.exposeString('scorer', { description: 'Its id in the definition.' }),
    score: t.exposeFloat('score', { nullable: true, description: '0 to 1; null when there is none.' }),
    missing: t.exposeString('missing', { nullable: true, description: 'Why there is none.' }),
    why: t.exposeString('why', { description: 'In words.' }),
  }),
});

type RatedAnswer = ExperimentAnswer & {
  readonly ratings: readonly { readonly userId: string; readonly rating: number }[];
};

const AnswerType = builder.objectRef<RatedAnswer>('ExperimentAnswer').implement({
  description: 'The answer of a variant to an item.',
  fields: (t) => ({
    variant: t.exposeString('variant', { description: 'Its key.' }),
    repeat: t.exposeInt('repeat', { description: 'From 0.' }),
    output: t.exposeString('output', { description: 'What it said.' }),
    failure: t.exposeString('failure', { nullable: true, description: 'The kind of error when it said nothing.' }),
    failureMessage: t.exposeString('failureMessage', { nullable: true, description: 'The error in words.' }),
    contamination: t.exposeString('contamination', {
      nullable: true,
      description: 'What spoilt it: it counts in no comparison.',
    }),
    costUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Null when unknown.',
      resolve: ({ costNanoUsd }) => (costNanoUsd === null ? null : formatUsd(costNanoUsd)),
    }),
    latencyMs: t.exposeInt('latencyMs', { nullable: true, description: 'Of the whole answer.' }),
    timeToFirstTokenMs: t.exposeInt('timeToFirstTokenMs', { nullable: true, description: 'Until it began.' }),
    outputTokens: t.exposeInt('outputTokens', { nullable: true, description: 'As the vendor counted.' }),
    answeredModelId: t.exposeString('answeredModelId', {
      nullable: true,
      description: '`provider/model` that answered.',
    }),
    myRating: t.int({
      nullable: true,
      description: 'What you rated it, 1 to 5.',
      resolve: ({ ratings }, _args, { identity }) =>
        ratings.find(({ userId }) => userId === identity.userId)?.rating ?? null,
    }),
    meanRating: t.float({
      nullable: true,
      description: 'Mean of all ratings, 1 to 5.',
      resolve: ({ ratings }) =>
        ratings.length === 0 ? null : ratings.reduce((sum, { rating }) => sum + rating, 0) / ratings.length,
    }),
    ratingCount: t.int({ description: 'How many people rated it.', resolve: ({ ratings }) => ratings.length }),
    scores: t.field({
      type: [ScoreType],
      complexity: { field: 0, multiplier: 1 },
      description: 'By scorer.',
      resolve: ({ scores }) =>
        Object.entries(scores as unknown as StoredScores).map(([scorer, stored]) => ({
          ...{ scorer, why: stored.why, score: 'score' in stored ? stored.score : null },
          missing: 'missing' in stored ? stored.missing : null,
        })),
    }),
  }),
});

type ItemWithAnswers = ExperimentItem & { readonly answers: readonly RatedAnswer[] };

/** Items of one test with their answers, in the order of `items`. */
export async function withAnswers(
  prisma: PrismaClient,
  where: { readonly experimentId: string; readonly teamId: string },
  items: readonly ExperimentItem[],
): Promise<ItemWithAnswers[]> {
  const answers = await prisma.experimentAnswer.findMany({
    where: { ...where, position: { in: items.map(({ position }) => position) } },
    orderBy: [{ repeat: 'asc' }, { variant: 'asc' }],
    include: { ratings: { select: { userId: true, rating: true } } },
  });
  const byPosition = Map.groupBy(answers, ({ position }) => position);
  return items.map((item) => ({ ...item, answers: byPosition.get(item.position) ?? [] }));
}

export const ItemType = builder.objectRef<ItemWithAnswers>('ExperimentItem').implement({
  description: 'An item of a test with its answers.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'As in its dataset.' }),
    position: t.exposeInt('position', { description: 'Its place in the random order of the test, from 0.' }),
    input: t.exposeString('input', { description: 'What was asked.' }),
    expected: t.exposeString('expected', { nullable: true, description: 'What would be right.' }),
    isDone: t.boolean({
      description: 'Whether all its answers are there.',
      resolve: ({ doneSeq }) => doneSeq !== null,
    }),
    answers: t.field({
      type: [AnswerType],
      complexity: { field: 4, multiplier: 1 },
      description: 'Of all variants and repeats that are there.',
      resolve: ({ answers }) => [...answers],
    }),
  }),
});

const cursorOf = (position: number): string => Buffer.from(`item:${position}`).toString('base64');

function positionOf(cursor: string): number {
  const [, digits] = /^item:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64').toString('utf8')) ?? [];
  if (digits === undefined) throw badInput('This is no cursor of items.');
  return Number(digits);
}

const formats = { markdown: formatReportMarkdown, json: formatReportJson, csv: formatReportCsv } as const;

const ReportFormatEnum = builder.enumType('ExperimentReportFormat', {
  description: 'How a report is written.',
  values: {
    MARKDOWN: { value: 'markdown' as const, description: 'A page to read.' },
    JSON: { value: 'json' as const, description: 'All of it as data.' },
    CSV: { value: 'csv' as const, description: 'One row for each variant and metric.' },
  },
});

export const ExperimentType = builder.prismaNode('Experiment', {
  nullable: true,
  description: 'A test of variants against a baseline.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    state: t.exposeString('state', { description: '`draft`, `running` or `ended`.' }),
    revision: t.exposeInt('revision', { description: 'To be given when the draft is saved or started.' }),
    definition: t.field({
      type: 'JSON',
      description: 'What is tested and how; frozen from the start on.',
      select: { definition: true },
      resolve: ({ definition }) => withGlobalIds(JSON.parse(definition) as Record<string, unknown>),
    }),
    problems: t.field({
      type: [ExperimentProblemType],
      description:
        'What keeps the draft from being started, and warnings, as your team stands now; nothing once it was started.',
      complexity: listCost(10),
      select: { definition: true, state: true },
      resolve: async ({ definition, state }, _args, { services, identity }) =>
        state === 'draft'
          ? [...(await checkExperiment(services, identity.teamId, JSON.parse(definition))).problems]
          : [],
    }),
    registration: t.exposeString('registration', {
      nullable: true,
      description: 'What was decided before the start, as canonical JSON; null for a draft.',
    }),
    registrationHash: t.exposeString('registrationHash', { nullable: true, description: 'Its SHA-256.' }),
    plannedItems: t.exposeInt('plannedItems', { description: 'Items of the test; 0 for a draft.' }),
    doneItems: t.exposeInt('doneItems', { description: 'Items with all their answers.' }),
    spentUsd: t.field({
      type: 'Decimal',
      description: 'Money for answers and judges.',
      select: { spentNanoUsd: true },
      resolve: ({ spentNanoUsd }) => formatUsd(spentNanoUsd),
    }),
    stopReason: t.exposeString('stopReason', {
      nullable: true,
      description: '`win`, `harm`, `futility`, `budget`, `end`, `stopped` or `failed`; null until it has ended.',
    }),
    stopMessage: t.exposeString('stopMessage', { nullable: true, description: 'More about it in words.' }),
    winner: t.exposeString('winner', { nullable: true, description: 'The variant to adopt.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When it was started.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    results: t.field({
      type: ExperimentResultsType,
      nullable: true,
      description: 'What it has shown so far; null for a draft.',
      complexity: { field: 20, multiplier: 1 },
      select: { id: true },
      resolve: async ({ id }, _args, { services, identity }) => {
        const row = await services.experiments.repository.find(identity.teamId, id);
        return (row && (await services.experiments.results.read(row))) ?? null;
      },
    }),
    report: t.string({
      nullable: true,
      description: 'All of it as text; null for a draft.',
      complexity: { field: 20, multiplier: 1 },
      args: { format: t.arg({ type: ReportFormatEnum, required: true, description: 'How it is written.' }) },
      select: { id: true },
      resolve: async ({ id }, { format }, { services, identity }) => {
        const row = await services.experiments.repository.find(identity.teamId, id);
        const report = row && (await readReport(services.experiments.results, row));
        return report ? formats[format](report) : null;
      },
    }),
    items: t.connection(
      {
        type: ItemType,
        description: 'Its items with their answers, in the order in which they are asked, forwards only.',
        complexity: (args) => ({ field: 1, multiplier: args.first ?? defaultPageSize }),
        select: { id: true },
        resolve: async ({ id }, args, { services, identity }) => {
          assertPageSize(args, 'items');
          if (args.last != null || args.before != null)
            throw badInput('Items are read forwards: give first and after.');
          const limit = Math.max(0, args.first ?? defaultPageSize);
          const after = args.after == null ? -1 : positionOf(args.after);
          const where = { experimentId: id, teamId: identity.teamId };
          const { prisma } = services;
          const rows = await prisma.experimentItem.findMany({
            where: { ...where, position: { gt: after } },
            orderBy: { position: 'asc' },
            take: limit + 1,
          });
          const page = await withAnswers(prisma, where, rows.slice(0, limit));
          const edges = page.map((item) => ({ node: item, cursor: cursorOf(item.position) }));
          return {
            edges,
            pageInfo: {
              startCursor: edges[0]?.cursor ?? null,
              endCursor: edges.at(-1)?.cursor ?? null,
              hasNextPage: rows.length > limit,
              hasPreviousPage: after >= 0,
            },
          };
        },
      },
      { name: 'ExperimentItemConnection', description: 'A page of items.' },
      { name: 'ExperimentItemEdge' },
    ),
  }),
});
