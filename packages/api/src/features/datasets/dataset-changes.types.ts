import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { DatasetVersionType } from './dataset.types.ts';
import {
  changedParts,
  countItemChanges,
  type ItemChange,
  type ItemChangeCounts,
  type ItemChangeKind,
  type ItemSide,
  readItemChanges,
} from './dataset-changes.ts';

const ChangeKindEnum = builder.enumType('DatasetItemChangeKind', {
  description: 'What happened to an item between two versions.',
  values: {
    ADDED: { value: 'added' as ItemChangeKind, description: 'The later version has its key, the earlier one has not.' },
    REMOVED: { value: 'removed' as ItemChangeKind, description: 'The earlier version has its key, the later one not.' },
    CHANGED: { value: 'changed' as ItemChangeKind, description: 'Both have its key, with other contents.' },
  },
});

const SideType = builder.objectRef<ItemSide>('DatasetItemContents').implement({
  description: 'What stands under a key in one version.',
  fields: (t) => ({
    input: t.exposeString('input', { description: 'What is asked.' }),
    expected: t.exposeString('expected', { nullable: true, description: 'What would be right.' }),
    cluster: t.exposeString('cluster', { nullable: true, description: 'What it is alike with.' }),
    split: t.exposeString('split', { nullable: true, description: 'The split that it is in.' }),
    fields: t.field({
      type: 'JSON',
      description: 'All other columns.',
      resolve: ({ fields }) => JSON.parse(fields) as unknown,
    }),
  }),
});

const ChangeType = builder.objectRef<ItemChange>('DatasetItemChange').implement({
  description: 'An item that differs between two versions.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Its key in both.' }),
    kind: t.field({ type: ChangeKindEnum, description: 'What happened to it.', resolve: ({ kind }) => kind }),
    parts: t.stringList({
      description: 'What differs of a changed one: input, expected, cluster, split, fields.',
      resolve: (change) => [...changedParts(change)],
    }),
    before: t.field({
      type: SideType,
      nullable: true,
      complexity: { field: 0, multiplier: 1 },
      description: 'In the earlier version; null for an added one.',
      resolve: ({ before }) => before,
    }),
    after: t.field({
      type: SideType,
      nullable: true,
      complexity: { field: 0, multiplier: 1 },
      description: 'In the later version; null for a removed one.',
      resolve: ({ after }) => after,
    }),
  }),
});

interface ChangePage {
  readonly changes: readonly ItemChange[];
  readonly hasNextPage: boolean;
}

const ChangePageType = builder.objectRef<ChangePage>('DatasetItemChangePage').implement({
  description: 'Some of the changes, in the order of their keys.',
  fields: (t) => ({
    changes: t.field({
      type: [ChangeType],
      complexity: { field: 0, multiplier: 1 },
      description: 'The changes.',
      resolve: ({ changes }) => [...changes],
    }),
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether there are more: ask after the last key.' }),
  }),
});

interface Compared extends ItemChangeCounts {
  readonly fromId: string;
  readonly toId: string;
}

const ComparedType = builder.objectRef<Compared>('DatasetVersionChanges').implement({
  description: 'What differs between two versions of a dataset; items are the same when their keys are.',
  fields: (t) => ({
    added: t.exposeInt('added', { description: 'Items that came.' }),
    removed: t.exposeInt('removed', { description: 'Items that went.' }),
    changed: t.exposeInt('changed', { description: 'Items with other contents.' }),
    unchanged: t.exposeInt('unchanged', { description: 'Items as they were.' }),
    items: t.field({
      type: ChangePageType,
      description: 'Changes of one kind.',
      complexity: (args) => ({ field: 10 + (args.first ?? defaultPageSize), multiplier: 1 }),
      args: {
        kind: t.arg({ type: ChangeKindEnum, required: true, description: 'Which kind.' }),
        first: t.arg.int({ description: 'So many at the most, 25 unless given, 100 at the most.' }),
        afterKey: t.arg.string({ description: 'Only those behind this key.' }),
      },
      resolve: async ({ fromId, toId }, { kind, first, afterKey }, { services, identity }) => {
        assertPageSize({ first }, 'changes');
        const limit = Math.max(1, first ?? defaultPageSize);
        const page = { kind, afterKey: afterKey?.replaceAll('\0', '') ?? '', most: limit + 1 };
        const found = await readItemChanges(services.prisma, identity.teamId, { fromId, toId }, page);
        return { changes: found.slice(0, limit), hasNextPage: found.length > limit };
      },
    }),
  }),
});

builder.prismaObjectFields(DatasetVersionType, (t) => ({
  changesSince: t.field({
    type: ComparedType,
    nullable: true,
    description: 'What differs from another version of the same dataset; null when there is no such version.',
    complexity: { field: 20, multiplier: 1 },
    args: { version: t.arg.int({ required: true, description: 'The number of the other version.' }) },
    select: { id: true, datasetId: true },
    resolve: async ({ id, datasetId }, { version }, { services, identity: { teamId } }) => {
      if (!Number.isSafeInteger(version) || version < 1) throw badInput('Versions are numbered from 1.');
      const from = await services.prisma.datasetVersion.findFirst({
        where: { teamId, datasetId, version },
        select: { id: true },
      });
      if (!from) return null;
      const counts = await countItemChanges(services.prisma, teamId, from.id, id);
      return { ...counts, fromId: from.id, toId: id };
    },
  }),
}));
