import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { assertMayMakeData, datasetNameInput, descriptionInput } from './dataset-input.ts';

const input = z.object({ name: datasetNameInput, description: descriptionInput });

/** Gives a dataset another name and description; its versions stay as they are. */
export async function renameDataset(
  services: Services,
  identity: Identity,
  id: string | undefined,
  rawInput: unknown,
): Promise<string> {
  assertMayMakeData(identity);
  const { name, description } = parseInput(input, rawInput);
  const found = id === undefined ? null : await services.datasets.find(identity.teamId, id);
  if (!found) throw new NotFoundFailure('dataset', ['input', 'datasetId']);
  try {
    await services.datasets.rename(identity.teamId, found.id, { name, description: description ?? null });
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') throw error;
    throw new ConflictFailure('DATASETS.NAME_TAKEN', `There is a dataset "${name}" already.`, ['input', 'name']);
  }
  return found.id;
}

/** Deletes a dataset with all versions. Tests keep the items that they were started with. */
export async function deleteDataset(services: Services, identity: Identity, id: string | undefined): Promise<string> {
  assertMayManage(identity, 'TESTS', 'delete datasets');
  const found = id === undefined ? null : await services.datasets.find(identity.teamId, id);
  if (!found) throw new NotFoundFailure('dataset', ['input', 'datasetId']);
  await services.datasets.delete(identity.teamId, found.id);
  return found.id;
}
