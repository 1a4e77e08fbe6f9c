import { resolveArrayConnection } from '@pothos/plugin-relay';
import type { Experiment } from '../../generated/prisma/client.ts';
import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { DatasetType, DatasetVersionType } from '../datasets/dataset.types.ts';
import type { ExperimentRepository } from './experiment.repository.ts';
import { ExperimentType, ItemType, withAnswers } from './experiment.types.ts';
import { definitionOf } from './experiment-row.ts';
import { findItems } from './find-items.ts';
import type { PastEffect, PastLook } from './look-history.ts';

/** What `looks` and `primaryEffects` cost is paid by the field that computes them. */
const inMemory = { field: 0, multiplier: 1 };

const PastEffectType = builder.objectRef<PastEffect>('ExperimentPastEffect').implement({
  description: 'What one look showed of one metric of one variant against the baseline.',
  fields: (t) => {
    const figure = (description: string, read: (effect: PastEffect) => number | undefined) =>
      t.float({ nullable: true, description, resolve: (effect) => read(effect) ?? null });
    return {
      variant: t.exposeString('variant', { description: 'Its key.' }),
      metric: t.exposeString('metric', { description: 'The primary one or a guardrail.' }),
      estimate: figure('Variant minus baseline; null while it could not be told.', ({ estimate }) => estimate),
      low: figure('Lower end of the interval, which holds at all looks together.', ({ low }) => low),
      high: figure('Upper end of it.', ({ high }) => high),
    };
  },
});

const PastLookType = builder.objectRef<PastLook>('ExperimentLook').implement({
  description: 'What a test had shown after so many items.',
  fields: (t) => ({
    items: t.exposeInt('items', { description: 'Items that were in.' }),
    effects: t.field({
      type: [PastEffectType],
      complexity: inMemory,
      description: 'Of what decides, for each variant but the baseline.',
      resolve: ({ effects }) => [...effects],
    }),
  }),
});

interface PrimaryEffect {
  readonly variant: string;
  readonly verdict: string;
  readonly estimate: number | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
}

const PrimaryEffectType = builder.objectRef<PrimaryEffect>('ExperimentPrimaryEffect').implement({
  description: 'How a variant stands in the metric that decides.',
  fields: (t) => {
    const figure = (description: string, read: (effect: PrimaryEffect) => number | undefined) =>
      t.float({ nullable: true, description, resolve: (effect) => read(effect) ?? null });
    return {
      variant: t.exposeString('variant', { description: 'Its key.' }),
      verdict: t.exposeString('verdict', { description: '`wins`, `harmed`, `futile` or `open`.' }),
      estimate: figure('Variant minus baseline; null while it cannot be told.', ({ estimate }) => estimate),
      low: figure('Lower end of its interval.', ({ low }) => low),
      high: figure('Upper end.', ({ high }) => high),
    };
  },
});

const ItemsShownEnum = builder.enumType('ExperimentItemsShown', {
  description: 'Which items of a test to show. Only items with all their answers are among them.',
  values: {
    ALL: { value: 'all' as const, description: 'All of them, in the order in which they were completed.' },
    DISAGREEMENTS: {
      value: 'disagreements' as const,
      description: 'Variant and baseline differ in the primary metric, the greatest difference first.',
    },
    LOSSES: { value: 'losses' as const, description: 'The variant does worse in the primary metric, the worst first.' },
    FAILURES: { value: 'failures' as const, description: 'An answer did not come.' },
    CONTAMINATED: { value: 'contaminated' as const, description: 'An answer is kept apart.' },
  },
});

builder.prismaObjectFields(ExperimentType, (t) => ({
  createdBy: t.prismaField({
    type: 'User',
    nullable: true,
    description: 'Who made it; null for keys of no person and for people who left the team.',
    select: { createdById: true },
    resolve: (query, { createdById }, _args, { services, identity }) =>
      createdById === null
        ? null
        : services.prisma.user.findFirst({
            ...query,
            where: { id: createdById, memberships: { some: { teamId: identity.teamId } } },
          }),
  }),
  dataset: t.prismaField({
    type: DatasetType,
    nullable: true,
    description: 'The dataset whose items it uses; null for a live split, and when it was deleted.',
    select: { definition: true },
    resolve: async (query, { definition }, _args, { services, identity: { teamId } }) => {
      const id = versionIdOf(definition);
      if (id === undefined) return null;
      return services.prisma.dataset.findFirst({ ...query, where: { teamId, versions: { some: { id, teamId } } } });
    },
  }),
  datasetVersion: t.prismaField({
    type: DatasetVersionType,
    nullable: true,
    description: 'The version of it; null as before.',
    select: { definition: true },
    resolve: async (query, { definition }, _args, { services, identity: { teamId } }) => {
      const id = versionIdOf(definition);
      if (id === undefined) return null;
      return services.prisma.datasetVersion.findUnique({ ...query, where: { id_teamId: { id, teamId } } });
    },
  }),
  updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  primaryEffects: t.field({
    type: [PrimaryEffectType],
    description:
      'How each variant stands in the metric that decides; none for a draft. Cheaper to ask for in lists than `results`.',
    complexity: { field: 2, multiplier: 1 },
    select: { id: true },
    resolve: async ({ id }, _args, { services, identity }): Promise<PrimaryEffect[]> => {
      const row = await services.experiments.repository.find(identity.teamId, id);
      const results = row && (await services.experiments.results.read(row));
      return (results?.variants ?? []).map(({ variant, verdict, metrics }) => {
        const effect = metrics.find(({ isPrimary }) => isPrimary)?.effect;
        if (!effect || effect.kind === 'cannot-tell')
          return { variant, verdict, estimate: undefined, low: undefined, high: undefined };
        return { variant, verdict, estimate: effect.estimate, low: effect.interval.low, high: effect.interval.high };
      });
    },
  }),
  looks: t.field({
    type: [PastLookType],
    description:
      'How the effects of what decides looked while items came in, oldest first, sixty at the most, the last one as it is now; none for a draft. `items` are units in a live split.',
    complexity: { field: 20, multiplier: 1 },
    select: { id: true },
    resolve: async ({ id }, _args, { services, identity }) => {
      const row = await services.experiments.repository.find(identity.teamId, id);
      return row ? [...(await services.experiments.looks.read(row))] : [];
    },
  }),
  foundItems: t.connection(
    {
      type: ItemType,
      description: 'Items that are done, by what happened to them, with their answers.',
      complexity: (args) => ({ field: 10, multiplier: args.first ?? args.last ?? defaultPageSize }),
      select: { id: true },
      args: {
        shown: t.arg({ type: ItemsShownEnum, required: true, description: 'Which of them.' }),
        variant: t.arg.string({
          description: 'Only by this variant against the baseline; by any of them unless given.',
        }),
      },
      resolve: async ({ id }, args, { services, identity }) => {
        assertPageSize(args, 'items');
        const row = await services.experiments.repository.find(identity.teamId, id);
        const keys = row && row.state !== 'draft' ? await keysOf(services.experiments.repository, row, args) : [];
        const page = resolveArrayConnection({ args, defaultSize: defaultPageSize }, [...keys]);
        const wanted = (page?.edges ?? []).flatMap((edge) => edge?.node ?? []);
        const where = { experimentId: id, teamId: identity.teamId };
        const rows = await services.prisma.experimentItem.findMany({ where: { ...where, key: { in: wanted } } });
        const items = new Map((await withAnswers(services.prisma, where, rows)).map((item) => [item.key, item]));
        const edges = (page?.edges ?? []).flatMap((edge) => {
          const node = edge && items.get(edge.node);
          return edge && node ? [{ cursor: edge.cursor, node }] : [];
        });
        return { edges, pageInfo: page!.pageInfo, totalCount: keys.length };
      },
    },
    {
      name: 'ExperimentFoundItemConnection',
      description: 'A page of items that were looked for.',
      fields: (connection) => ({
        totalCount: connection.int({
          description: 'How many there are in all, on all pages.',
          resolve: ({ totalCount }) => totalCount,
        }),
      }),
    },
    { name: 'ExperimentFoundItemEdge' },
  ),
}));

/** The dataset version that a definition names, right or wrong; undefined when it names none. */
function versionIdOf(definition: string): string | undefined {
  const { source } = JSON.parse(definition) as { readonly source?: unknown };
  const { datasetVersionId } = (typeof source === 'object' && source !== null ? source : {}) as {
    readonly datasetVersionId?: unknown;
  };
  return typeof datasetVersionId === 'string' ? datasetVersionId : undefined;
}

async function keysOf(
  repository: ExperimentRepository,
  row: Experiment,
  {
    shown,
    variant,
  }: { readonly shown: Parameters<typeof findItems>[2]['shown']; readonly variant?: string | null | undefined },
): Promise<readonly string[]> {
  const definition = definitionOf(row);
  if (variant != null && !definition.variants.some(({ key }) => key === variant))
    throw badInput('There is no such variant in this test.');
  return findItems(definition, await repository.readDone(row.id), { shown, variant: variant ?? undefined });
}
