import { toStorableText } from '@switchyard/core/kernel';
import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { ColumnMappingInput, FileFormatEnum } from './dataset.inputs.ts';
import { DatasetItemType, DatasetType, LineProblemType } from './dataset.types.ts';
import { type ImportPreview, previewImport } from './import-dataset.ts';
import type { ColumnMapping } from './read/map-record.ts';

const MappingType = builder.objectRef<Partial<ColumnMapping>>('DatasetColumnMapping').implement({
  description: 'Which column is what.',
  fields: (t) => ({
    input: t.string({ nullable: true, description: 'What is asked.', resolve: (mapping) => mapping.input ?? null }),
    expected: t.string({
      nullable: true,
      description: 'What would be right.',
      resolve: (mapping) => mapping.expected ?? null,
    }),
    cluster: t.string({
      nullable: true,
      description: 'What items have in common.',
      resolve: (mapping) => mapping.cluster ?? null,
    }),
    key: t.string({ nullable: true, description: 'The name of an item.', resolve: (mapping) => mapping.key ?? null }),
    split: t.string({
      nullable: true,
      description: 'The split of an item.',
      resolve: (mapping) => mapping.split ?? null,
    }),
  }),
});

const PreviewType = builder.objectRef<ImportPreview>('DatasetImportPreview').implement({
  description: 'What an import would make of the beginning of a file. Nothing was stored.',
  fields: (t) => ({
    columns: t.stringList({
      description: 'The columns, renamed where two had one name.',
      resolve: ({ columns }) => [...columns],
    }),
    mapping: t.field({
      type: MappingType,
      description: 'As asked, or as the names suggest.',
      resolve: ({ mapping }) => mapping,
    }),
    items: t.field({
      type: [DatasetItemType],
      description: 'The first twenty items.',
      resolve: ({ entries }) =>
        entries.map(({ expected, cluster, split, line, ...entry }) => ({
          ...entry,
          ...{ expected: expected ?? null, cluster: cluster ?? null, split: split ?? null, line: line ?? null },
        })),
    }),
    problems: t.field({
      type: [LineProblemType],
      description: 'Lines that cannot be used, the first hundred.',
      resolve: ({ problems }) => [...problems],
    }),
    problemCount: t.exposeInt('problemCount', { description: 'How many there are in all.' }),
    message: t.string({
      nullable: true,
      description: 'Why nothing of it can be used.',
      resolve: ({ message }) => message ?? null,
    }),
  }),
});

builder.queryFields((t) => ({
  dataset: t.prismaField({
    type: DatasetType,
    nullable: true,
    description: 'One dataset; null when your team has no such.',
    args: { id: t.arg.globalID({ required: true, description: 'Its id.', for: DatasetType }) },
    resolve: (query, _root, { id }, { services, identity }) =>
      services.prisma.dataset.findUnique({ ...query, where: { id_teamId: { id: id.id, teamId: identity.teamId } } }),
  }),
  datasets: t.prismaConnection(
    {
      type: DatasetType,
      cursor: 'id',
      description: "Your team's datasets, those that changed last first.",
      complexity: (args) => ({ field: 1, multiplier: args.first ?? args.last ?? defaultPageSize }),
      args: { search: t.arg.string({ description: 'A part of the name.' }) },
      totalCount: (_root, { search }, { services, identity }) =>
        services.prisma.dataset.count({ where: toWhere(identity.teamId, search) }),
      resolve: (query, _root, args, { services, identity }) => {
        assertPageSize(args, 'datasets');
        const where = toWhere(identity.teamId, args.search);
        return services.prisma.dataset.findMany({ ...query, where, orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }] });
      },
    },
    { name: 'DatasetConnection', description: 'A page of datasets.' },
    { name: 'DatasetEdge' },
  ),
  previewDatasetImport: t.field({
    type: PreviewType,
    description: 'Looks at the beginning of a file: columns, mapping, first items, and what is wrong by line.',
    complexity: { field: 10, multiplier: 1 },
    args: {
      format: t.arg({ type: FileFormatEnum, required: true, description: 'What kind of file.' }),
      content: t.arg.string({ required: true, description: 'Its first characters, a million at the most.' }),
      isPart: t.arg.boolean({
        defaultValue: false,
        description: 'The file goes on behind it: a last line without end is left out.',
      }),
      mapping: t.arg({ type: ColumnMappingInput, description: 'Which column is what; guessed when absent.' }),
    },
    resolve: (_root, { isPart, ...input }) => previewImport(input, isPart ?? false),
  }),
}));

function toWhere(teamId: string, search: string | null | undefined) {
  const text = search ? toStorableText(search.trim()) : '';
  const isReady = { latestVersion: { gt: 0 } };
  return { teamId, ...isReady, ...(text && { name: { contains: text, mode: 'insensitive' as const } }) };
}
