import { builder } from '../../graphql/builder.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import { UserErrorInterface } from '../../graphql/user-error-types.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { outcomes } from '../guardrails/outcomes.ts';
import { deleteDataset, renameDataset } from './change-dataset.ts';
import {
  DatasetFromHistoryInput,
  DatasetIdInput,
  ImportDatasetInput,
  RenameDatasetInput,
  SplitDatasetInput,
} from './dataset.inputs.ts';
import { DatasetType, DatasetVersionType, LineProblemType } from './dataset.types.ts';
import { datasetFromHistory } from './from-history.ts';
import { importDataset } from './import-dataset.ts';
import { InvalidFileFailure } from './invalid-file.ts';
import { splitDataset } from './split-dataset.ts';

builder.objectType(InvalidFileFailure, {
  name: 'InvalidDatasetFileError',
  description: 'The file cannot be used as it is; nothing was stored.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    problems: t.field({
      type: [LineProblemType],
      description: 'What is wrong by line, the first hundred.',
      resolve: ({ problems }) => [...problems],
    }),
    problemCount: t.exposeInt('problemCount', { description: 'How many lines in all.' }),
  }),
});

interface Made {
  readonly datasetId: string;
  readonly versionId: string;
}

const VersionMade = builder.objectRef<Made>('DatasetVersionSuccess').implement({
  description: 'The version is there.',
  fields: (t) => ({
    dataset: t.prismaField({
      type: DatasetType,
      nullable: true,
      description: 'Its dataset; null when somebody deleted it at the same moment.',
      resolve: (query, { datasetId: id }, _args, { services, identity: { teamId } }) =>
        services.prisma.dataset.findUnique({ ...query, where: { id_teamId: { id, teamId } } }),
    }),
    version: t.prismaField({
      type: DatasetVersionType,
      nullable: true,
      description: 'The version; null when somebody deleted it at the same moment.',
      resolve: (query, { versionId: id }, _args, { services, identity: { teamId } }) =>
        services.prisma.datasetVersion.findUnique({ ...query, where: { id_teamId: { id, teamId } } }),
    }),
  }),
});

const Renamed = builder.objectRef<{ readonly datasetId: string }>('RenameDatasetSuccess').implement({
  description: 'It is renamed.',
  fields: (t) => ({
    dataset: t.prismaField({
      type: DatasetType,
      nullable: true,
      description: 'The dataset as it now is.',
      resolve: (query, { datasetId: id }, _args, { services, identity: { teamId } }) =>
        services.prisma.dataset.findUnique({ ...query, where: { id_teamId: { id, teamId } } }),
    }),
  }),
});

const Deleted = builder.objectRef<{ readonly datasetId: string }>('DeleteDatasetSuccess').implement({
  description: 'It is deleted with its versions.',
  fields: (t) => ({
    datasetId: t.id({ description: 'What its id was.', resolve: ({ datasetId }) => encodeId('Dataset', datasetId) }),
  }),
});

/** Undefined when none is given; '?' finds nothing. */
const datasetOf = (id: string | null | undefined): string | undefined =>
  id == null ? undefined : (decodeId(id, 'Dataset') ?? '?');

const making = [ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure, InvalidFileFailure] as const;
const changing = [ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure] as const;

builder.mutationFields((t) => ({
  importDataset: t.field({
    type: VersionMade,
    description: 'Imports a file as a version of a dataset: all of it or nothing. Needs the scope RUN.',
    complexity: { field: 50, multiplier: 1 },
    errors: outcomes('ImportDatasetResult', ...making),
    args: { input: t.arg({ type: ImportDatasetInput, required: true, description: 'The file.' }) },
    resolve: (_root, { input: { content, datasetId, ...input } }, { services, identity }) =>
      importDataset(services, identity, datasetOf(datasetId), input, [Buffer.from(content)]),
  }),
  createDatasetFromHistory: t.field({
    type: VersionMade,
    description: 'Makes a version of what was asked in earlier runs or comparisons. Needs the scope RUN.',
    complexity: { field: 50, multiplier: 1 },
    errors: outcomes('CreateDatasetFromHistoryResult', ...making),
    args: { input: t.arg({ type: DatasetFromHistoryInput, required: true, description: 'Which questions.' }) },
    resolve: (_root, { input: { datasetId, ...input } }, { services, identity }) =>
      datasetFromHistory(services, identity, datasetOf(datasetId), input),
  }),
  splitDataset: t.field({
    type: VersionMade,
    description: 'Makes a version whose items are split by chance. Needs the scope RUN.',
    complexity: { field: 50, multiplier: 1 },
    errors: outcomes('SplitDatasetResult', ...making),
    args: { input: t.arg({ type: SplitDatasetInput, required: true, description: 'How.' }) },
    resolve: (_root, { input: { versionId, ...input } }, { services, identity }) =>
      splitDataset(services, identity, decodeId(versionId, 'DatasetVersion'), input),
  }),
  renameDataset: t.field({
    type: Renamed,
    description: 'Renames a dataset. Needs the scope RUN.',
    errors: outcomes('RenameDatasetResult', ...changing),
    args: { input: t.arg({ type: RenameDatasetInput, required: true, description: 'The name.' }) },
    resolve: async (_root, { input: { datasetId, ...input } }, { services, identity }) => ({
      datasetId: await renameDataset(services, identity, decodeId(datasetId, 'Dataset'), input),
    }),
  }),
  deleteDataset: t.field({
    type: Deleted,
    description: 'Deletes a dataset with its versions; tests keep their items. Needs the scope MANAGE.',
    errors: outcomes('DeleteDatasetResult', ...changing),
    args: { input: t.arg({ type: DatasetIdInput, required: true, description: 'Which one.' }) },
    resolve: async (_root, { input: { datasetId } }, { services, identity }) => ({
      datasetId: await deleteDataset(services, identity, decodeId(datasetId, 'Dataset')),
    }),
  }),
}));
