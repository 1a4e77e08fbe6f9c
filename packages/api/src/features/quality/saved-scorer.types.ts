import type { SavedScorerVersion } from '../../generated/prisma/client.ts';
import { builder } from '../../graphql/builder.ts';
import { ExperimentType } from '../experiments/experiment.types.ts';
import { contentOf } from './change-saved-scorers.ts';
import { JudgeReportType } from './judge-report.types.ts';
import { reportSavedJudge } from './report-judges.ts';
import { usesOf } from './uses-of-scorer.ts';

export const ScorerKindEnum = builder.enumType('ScorerKind', {
  description: 'Who says how good an answer is.',
  values: {
    CHECK: {
      value: 'check' as const,
      description: 'A check that needs no model: instantly, for nothing, always the same.',
    },
    JUDGE: { value: 'judge' as const, description: 'A model that judges: paid, and to be measured against people.' },
  },
});

const VersionType = builder.objectRef<SavedScorerVersion>('SavedScorerVersion').implement({
  description: 'What a saved scorer did at one time.',
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'From 1.' }),
    content: t.field({
      type: 'JSON',
      description: '`{ check: … }` or `{ judge: … }`.',
      resolve: ({ content }) => JSON.parse(content) as Record<string, unknown>,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

const mostShown = 50;

export const SavedScorerType = builder.prismaNode('SavedScorer', {
  nullable: true,
  description: 'A scorer or judge that your team keeps by name. Tests take it as `{ "saved": "<name>" }`.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Unique in the team.' }),
    description: t.exposeString('description', { nullable: true, description: 'For people.' }),
    kind: t.field({
      type: ScorerKindEnum,
      description: 'Check or judge.',
      select: { kind: true },
      resolve: ({ kind }) => kind as 'check' | 'judge',
    }),
    version: t.exposeInt('version', { description: 'The newest version; to be given when it is changed.' }),
    content: t.field({
      type: 'JSON',
      description: 'What the newest version does: `{ check: … }` or `{ judge: … }`.',
      complexity: { field: 2, multiplier: 1 },
      select: { id: true, teamId: true, version: true },
      resolve: async ({ id, teamId, version }, _args, { services }) =>
        (await contentOf(services, { id, teamId }, version)) ?? {},
    }),
    versions: t.field({
      type: [VersionType],
      description: 'What it did and does, the newest first, at most 50.',
      complexity: { field: 10, multiplier: 1 },
      select: { id: true, teamId: true },
      resolve: ({ id, teamId }, _args, { services: { prisma } }) =>
        prisma.savedScorerVersion.findMany({
          where: { scorerId: id, teamId },
          orderBy: { version: 'desc' },
          take: mostShown,
        }),
    }),
    usedBy: t.prismaField({
      type: [ExperimentType],
      description: 'Tests with it, those that changed last first, at most 50.',
      complexity: { field: 10, multiplier: 1 },
      select: { id: true, teamId: true, name: true },
      resolve: (query, scorer, _args, { services: { prisma } }) =>
        prisma.experiment.findMany({
          ...query,
          where: usesOf(scorer),
          orderBy: { updatedAt: 'desc' },
          take: mostShown,
        }),
    }),
    usedByCount: t.int({
      description: 'How many tests have it.',
      complexity: { field: 2, multiplier: 1 },
      select: { id: true, teamId: true, name: true },
      resolve: (scorer, _args, { services: { prisma } }) => prisma.experiment.count({ where: usesOf(scorer) }),
    }),
    judgeReport: t.field({
      type: JudgeReportType,
      nullable: true,
      description:
        'A judge beside people, over the newest 20 tests with it; null for a check, and before its first test.',
      complexity: { field: 50, multiplier: 1 },
      select: { id: true, teamId: true, name: true, kind: true, version: true },
      resolve: async (scorer, _args, { services }) => (await reportSavedJudge(services.prisma, scorer)) ?? null,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was changed last.' }),
  }),
});
