import { toStorableText } from '@switchyard/core/kernel';
import type { DatasetItem } from '../../generated/prisma/client.ts';
import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import type { LineProblem } from './read/read-items.ts';

export const LineProblemType = builder.objectRef<LineProblem>('DatasetLineProblem').implement({
  description: 'A line of a file that cannot be used.',
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'Where it begins in the file, from 1.' }),
    message: t.exposeString('message', { description: 'What is wrong and what would be right.' }),
  }),
});

export const SplitType = builder
  .objectRef<{ readonly name: string; readonly count: number }>('DatasetSplit')
  .implement({
    description: 'A part of a version.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name, for example `test`.' }),
      itemCount: t.exposeInt('count', { description: 'Its items.' }),
    }),
  });

type ItemFacts = Pick<DatasetItem, 'key' | 'input' | 'expected' | 'cluster' | 'split' | 'line'> & {
  readonly fields: unknown;
};

export const DatasetItemType = builder.objectRef<ItemFacts>('DatasetItem').implement({
  description: 'One thing to ask models.',
  fields: (t) => ({
    key: t.exposeString('key', {
      description: 'Its name within the version; the same item has the same key in the next one.',
    }),
    input: t.exposeString('input', { description: 'What is asked.' }),
    expected: t.exposeString('expected', { nullable: true, description: 'What would be right.' }),
    cluster: t.exposeString('cluster', {
      nullable: true,
      description: 'Items of one cluster are alike and count as one.',
    }),
    split: t.exposeString('split', { nullable: true, description: 'The split that it is in.' }),
    line: t.exposeInt('line', { nullable: true, description: 'Where it stood in the file.' }),
    fields: t.field({
      type: 'JSON',
      description: 'All other columns.',
      resolve: ({ fields }) => (typeof fields === 'string' ? (JSON.parse(fields) as unknown) : fields),
    }),
  }),
});

interface ItemPage {
  readonly edges: { readonly node: DatasetItem; readonly cursor: string }[];
  readonly pageInfo: {
    readonly startCursor: string | null;
    readonly endCursor: string | null;
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
  };
  readonly count: () => Promise<number>;
}

const cursorOf = (position: number): string => Buffer.from(`item:${position}`).toString('base64');

function positionOf(cursor: string): number {
  const [, digits] = /^item:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64').toString('utf8')) ?? [];
  if (digits === undefined) throw badInput('This is no cursor of items.');
  return Number(digits);
}

export const DatasetVersionType = builder.prismaNode('DatasetVersion', {
  nullable: true,
  description: 'What a dataset held at one time. It never changes.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId }, version: { not: null } }),
  fields: (t) => ({
    version: t.int({
      description: 'From 1, without gaps.',
      select: { version: true },
      resolve: ({ version }) => version ?? 0,
    }),
    source: t.exposeString('source', { description: 'Where it came from: csv, jsonl, runs, comparisons, split.' }),
    note: t.exposeString('note', { nullable: true, description: 'What whoever made it said.' }),
    basedOn: t.exposeInt('basedOn', { nullable: true, description: 'The version that it was made of.' }),
    fieldNames: t.exposeStringList('fieldNames', { description: 'Columns that are neither input nor expectation.' }),
    itemCount: t.exposeInt('itemCount', { description: 'Its items.' }),
    splits: t.field({
      type: [SplitType],
      description: 'Its splits; items may be in none.',
      select: { splits: true },
      resolve: ({ splits }) =>
        Object.entries(splits as Record<string, number>).map(([name, count]) => ({ name, count })),
    }),
    skipped: t.field({
      type: [LineProblemType],
      description: 'Lines of the file that were left out, the first hundred.',
      select: { skipped: true },
      resolve: ({ skipped }) => skipped as unknown as LineProblem[],
    }),
    skippedCount: t.exposeInt('skippedCount', { description: 'How many were left out in all.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    items: t.connection(
      {
        type: DatasetItemType,
        description: 'Its items in order, forwards only.',
        complexity: (args) => ({ field: 1, multiplier: args.first ?? defaultPageSize }),
        args: {
          split: t.arg.string({ description: 'Only those of this split.' }),
          isUnsplit: t.arg.boolean({ description: 'Only those of no split.' }),
          cluster: t.arg.string({ description: 'Only those of this cluster.' }),
          search: t.arg.string({ description: 'A part of the key, of what is asked or of what is expected.' }),
        },
        select: { id: true },
        resolve: async ({ id }, args, { services, identity }): Promise<ItemPage> => {
          assertPageSize(args, 'items');
          if (args.last != null || args.before != null)
            throw badInput('Items are read forwards: give first and after.');
          const limit = Math.max(0, args.first ?? defaultPageSize);
          const afterPosition = args.after == null ? -1 : positionOf(args.after);
          const text = (value: string | null | undefined) => (value == null ? undefined : toStorableText(value));
          const filter = {
            ...{ split: text(args.split), isUnsplit: args.isUnsplit ?? undefined, cluster: text(args.cluster) },
            search: text(args.search)?.trim().slice(0, 500),
          };
          const { datasets } = services;
          const rows = await datasets.readItems(identity.teamId, id, { ...filter, afterPosition, most: limit + 1 });
          const edges = rows.slice(0, limit).map((node) => ({ node, cursor: cursorOf(node.position) }));
          return {
            edges,
            pageInfo: {
              startCursor: edges[0]?.cursor ?? null,
              endCursor: edges.at(-1)?.cursor ?? null,
              hasNextPage: rows.length > limit,
              hasPreviousPage: afterPosition >= 0,
            },
            count: () => datasets.countItems(identity.teamId, id, filter),
          };
        },
      },
      {
        name: 'DatasetItemConnection',
        description: 'A page of items.',
        fields: (connection) => ({
          totalCount: connection.int({
            description: 'How many there are on all pages.',
            complexity: { field: 5, multiplier: 1 },
            resolve: (page) => (page as unknown as ItemPage).count(),
          }),
        }),
      },
      { name: 'DatasetItemEdge' },
    ),
  }),
});

export const DatasetType = builder.prismaNode('Dataset', {
  nullable: true,
  description: 'A named collection of items to test models with, in versions.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Unique in your team.' }),
    description: t.exposeString('description', { nullable: true, description: 'What it is for.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was renamed or got a version.' }),
    version: t.prismaField({
      type: DatasetVersionType,
      nullable: true,
      description: 'One of its versions, the newest one when no number is given; null when there is no such.',
      args: { number: t.arg.int({ description: 'Which one, from 1.' }) },
      select: { id: true, latestVersion: true },
      resolve: (query, { id, latestVersion }, { number }, { services, identity }) =>
        services.prisma.datasetVersion.findFirst({
          ...query,
          where: { teamId: identity.teamId, datasetId: id, version: number ?? latestVersion },
        }),
    }),
    versions: t.prismaField({
      type: [DatasetVersionType],
      description: 'Its versions, newest first, a hundred at the most.',
      complexity: { field: 10, multiplier: 10 },
      select: { id: true },
      resolve: (query, { id }, _args, { services, identity }) =>
        services.prisma.datasetVersion.findMany({
          ...query,
          where: { teamId: identity.teamId, datasetId: id, version: { not: null } },
          orderBy: { version: 'desc' },
          take: 100,
        }),
    }),
  }),
});
