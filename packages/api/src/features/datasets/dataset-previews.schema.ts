import { builder } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import { ForbiddenFailure, UserFailure } from '../../user-errors.ts';
import { DatasetHistorySourceEnum, DatasetSplitInput } from './dataset.inputs.ts';
import { DatasetItemType, DatasetVersionType, SplitType } from './dataset.types.ts';
import { previewHistory } from './from-history.ts';
import type { DatasetEntry } from './read/read-items.ts';
import { previewSplit } from './split-dataset.ts';

const SplitPreviewType = builder
  .objectRef<{ readonly counts: ReadonlyMap<string, number> }>('DatasetSplitPreview')
  .implement({
    description: 'What a split would give. Nothing was stored.',
    fields: (t) => ({
      splits: t.field({
        type: [SplitType],
        complexity: { field: 0, multiplier: 1 },
        description: 'Each split with its items.',
        resolve: ({ counts }) => [...counts].flatMap(([name, count]) => (name === '' ? [] : [{ name, count }])),
      }),
      unsplitCount: t.int({
        description: 'Items that would be in no split.',
        resolve: ({ counts }) => counts.get('') ?? 0,
      }),
    }),
  });

interface FoundHistory {
  readonly entries: readonly DatasetEntry[];
  readonly itemCount: number;
}

const HistoryPreviewType = builder.objectRef<FoundHistory>('DatasetHistoryPreview').implement({
  description: 'What a version made of earlier questions would hold. Nothing was stored.',
  fields: (t) => ({
    itemCount: t.exposeInt('itemCount', { description: 'How many items it would have.' }),
    items: t.field({
      type: [DatasetItemType],
      complexity: { field: 10, multiplier: 1 },
      description: 'The first ten.',
      resolve: ({ entries }) =>
        entries.map(({ expected, cluster, split, line, ...entry }) => ({
          ...entry,
          ...{ expected: expected ?? null, cluster: cluster ?? null, split: split ?? null, line: line ?? null },
        })),
    }),
  }),
});

async function orBadInput<Value>(read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UserFailure && !(error instanceof ForbiddenFailure)) throw badInput(error.message);
    throw error;
  }
}

builder.queryFields((t) => ({
  previewDatasetSplit: t.field({
    type: SplitPreviewType,
    nullable: true,
    description: 'How many items each split would get; null when your team has no such version.',
    complexity: { field: 30, multiplier: 1 },
    args: {
      versionId: t.arg.globalID({ required: true, description: 'The version.', for: DatasetVersionType }),
      splits: t.arg({ type: [DatasetSplitInput], required: true, description: 'One to ten.' }),
      seed: t.arg.int({ required: true, description: 'The same seed splits the same way.' }),
    },
    resolve: async (_root, { versionId, splits, seed }, { services, identity }) => {
      const counts = await orBadInput(() => previewSplit(services, identity, versionId.id, { splits, seed }));
      return counts ? { counts } : null;
    },
  }),
  previewDatasetFromHistory: t.field({
    type: HistoryPreviewType,
    description: 'What a version made of earlier runs or comparisons would hold.',
    complexity: { field: 30, multiplier: 1 },
    args: {
      source: t.arg({ type: DatasetHistorySourceEnum, required: true, description: 'Runs or comparisons.' }),
      workflowName: t.arg.string({ description: 'Only runs of this workflow.' }),
      since: t.arg({ type: 'DateTime', description: 'Only from this instant on.' }),
      most: t.arg.int({ description: 'So many at the most, 1,000 unless given, 10,000 at the most.' }),
      takesExpected: t.arg.boolean({ description: 'Take outputs, or the answers marked as best, as expected.' }),
    },
    resolve: (_root, args, { services, identity }) => orBadInput(() => previewHistory(services, identity, args)),
  }),
}));
