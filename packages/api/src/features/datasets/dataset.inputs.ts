import { builder } from '../../graphql/builder.ts';
import type { FileFormat } from './read/read-file.ts';

export const FileFormatEnum = builder.enumType('DatasetFileFormat', {
  description: 'A kind of file.',
  values: {
    CSV: {
      value: 'csv' as FileFormat,
      description: 'Values with commas, semicolons, tabs or bars between, the names of the columns first.',
    },
    JSONL: { value: 'jsonl' as FileFormat, description: 'One JSON object per line.' },
  },
});

export const ColumnMappingInput = builder.inputType('DatasetColumnMappingInput', {
  description: 'Which column is what. All others are kept as fields.',
  fields: (t) => ({
    input: t.string({ required: true, description: 'What is asked.' }),
    expected: t.string({ description: 'What would be right.' }),
    cluster: t.string({ description: 'What items have in common, for example their document.' }),
    key: t.string({ description: 'The name of an item, unique in the file.' }),
    split: t.string({ description: 'The split of an item.' }),
  }),
});

const targetDescriptions = {
  datasetId: 'The dataset that gets another version; absent for a new one.',
  name: 'The name of a new dataset.',
  description: 'What a new dataset is for.',
  note: 'What to remember of this version.',
};

export const ImportDatasetInput = builder.inputType('ImportDatasetInput', {
  description: 'A file to import, with about 50 MB at the most.',
  fields: (t) => ({
    datasetId: t.id({ description: targetDescriptions.datasetId }),
    name: t.string({ description: targetDescriptions.name }),
    description: t.string({ description: targetDescriptions.description }),
    note: t.string({ description: targetDescriptions.note }),
    format: t.field({ type: FileFormatEnum, required: true, description: 'What kind of file.' }),
    content: t.string({ required: true, description: 'All of it.' }),
    mapping: t.field({ type: ColumnMappingInput, description: 'Which column is what; guessed when absent.' }),
    skipsProblems: t.boolean({
      description: 'Leave out lines that cannot be used and remember them; otherwise they refuse the whole.',
    }),
  }),
});

export const DatasetHistorySourceEnum = builder.enumType('DatasetHistorySource', {
  description: 'Where earlier questions are taken from.',
  values: {
    RUNS: { value: 'runs' as const, description: 'Completed runs of workflows: their inputs, and outputs.' },
    COMPARISONS: {
      value: 'comparisons' as const,
      description: 'Finished comparisons: their prompts, and the answers marked as best.',
    },
  },
});

export const DatasetFromHistoryInput = builder.inputType('DatasetFromHistoryInput', {
  description: 'Which earlier questions to make a version of.',
  fields: (t) => ({
    datasetId: t.id({ description: targetDescriptions.datasetId }),
    name: t.string({ description: targetDescriptions.name }),
    description: t.string({ description: targetDescriptions.description }),
    note: t.string({ description: targetDescriptions.note }),
    source: t.field({ type: DatasetHistorySourceEnum, required: true, description: 'Runs or comparisons.' }),
    workflowName: t.string({ description: 'Only runs of this workflow.' }),
    since: t.field({ type: 'DateTime', description: 'Only from this instant on.' }),
    most: t.int({ description: 'So many at the most, 1,000 unless given, 10,000 at the most.' }),
    takesExpected: t.boolean({ description: 'Take outputs, or the answers marked as best, as what is expected.' }),
  }),
});

export const DatasetSplitInput = builder.inputType('DatasetSplitInput', {
  description: 'A part of a version.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'For example `test`.' }),
    share: t.float({ required: true, description: 'Above 0, at most 1.' }),
  }),
});

export const SplitDatasetInput = builder.inputType('SplitDatasetInput', {
  description: 'How to split a version.',
  fields: (t) => ({
    versionId: t.id({ required: true, description: 'The version; it stays as it is.' }),
    splits: t.field({
      type: [DatasetSplitInput],
      required: true,
      description: 'One to ten; shares of 1 in all at the most.',
    }),
    seed: t.int({ required: true, description: 'The same seed splits the same way.' }),
    note: t.string({ description: targetDescriptions.note }),
  }),
});

export const RenameDatasetInput = builder.inputType('RenameDatasetInput', {
  description: 'Another name and description.',
  fields: (t) => ({
    datasetId: t.id({ required: true, description: 'The dataset.' }),
    name: t.string({ required: true, description: 'Unique in your team.' }),
    description: t.string({ description: 'What it is for; absent takes it away.' }),
  }),
});

export const DatasetIdInput = builder.inputType('DatasetIdInput', {
  description: 'A dataset.',
  fields: (t) => ({ datasetId: t.id({ required: true, description: 'Which one.' }) }),
});
