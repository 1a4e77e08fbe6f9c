import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { ConflictFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import type { NewVersion } from './dataset.repository.ts';
import { InvalidFileFailure } from './invalid-file.ts';
import { UnusableFile } from './read/dataset-limits.ts';
import type { DatasetEntry, LineProblem } from './read/read-items.ts';

/** Where a version goes: into a new dataset or behind the others of one. */
export interface VersionTarget {
  /** Raw id; undefined makes a new dataset. */
  readonly datasetId: string | undefined;
  readonly name: string | undefined;
  readonly description: string | undefined;
}

/** What a source of items tells when it is through. */
export interface SourceFacts {
  readonly fieldNames: readonly string[];
  readonly problems: readonly LineProblem[];
  readonly problemCount: number;
}

const perBatch = 500;

/**
 * Stores a version, batch by batch; it becomes visible when all of it is there, else nothing stays. `areProblemsSkipped`
 * leaves out lines that cannot be used and remembers them; otherwise they refuse the whole. Returns the id of the version.
 */
export async function writeVersion(
  services: Services,
  identity: Identity,
  target: VersionTarget,
  version: Omit<NewVersion, 'userId'>,
  entries: AsyncIterable<DatasetEntry>,
  facts: () => SourceFacts,
  areProblemsSkipped: boolean,
): Promise<{ readonly datasetId: string; readonly versionId: string }> {
  const { datasets } = services;
  const { teamId, userId } = identity;
  const datasetId = await openDataset(services, identity, target);
  const versionId = await datasets.beginVersion(teamId, datasetId, { ...version, userId });
  try {
    const splits: Record<string, number> = Object.create(null);
    let count = 0;
    let batch: DatasetEntry[] = [];
    const store = async () => {
      await datasets.addItems(teamId, versionId, count - batch.length, batch);
      batch = [];
    };
    for await (const entry of entries) {
      batch.push(entry);
      count += 1;
      if (entry.split !== undefined) splits[entry.split] = (splits[entry.split] ?? 0) + 1;
      if (batch.length >= perBatch) await store();
    }
    if (batch.length > 0) await store();
    const { fieldNames, problems, problemCount } = facts();
    if (problemCount > 0 && !areProblemsSkipped) throw new InvalidFileFailure(problems, problemCount);
    if (count === 0) throw new InvalidFileFailure(problems, problemCount, 'There is not a single item in it.');
    const skipped = { skipped: problems, skippedCount: problemCount };
    await datasets.finishVersion(teamId, datasetId, versionId, {
      fieldNames,
      itemCount: count,
      splits: { ...splits },
      ...skipped,
    });
    return { datasetId, versionId };
  } catch (error) {
    await datasets.abandonVersion(teamId, datasetId, versionId).catch((again: unknown) => {
      services.log.warn({ versionId, error: String(again) }, 'a version that was not finished is cleared away later');
    });
    if (error instanceof UnusableFile) throw new InvalidFileFailure([], 0, error.message);
    throw error;
  }
}

async function openDataset({ datasets }: Services, identity: Identity, target: VersionTarget): Promise<string> {
  const { datasetId, name, description } = target;
  if (datasetId !== undefined) {
    const found = await datasets.find(identity.teamId, datasetId);
    if (!found) throw new NotFoundFailure('dataset', ['input', 'datasetId']);
    return found.id;
  }
  if (name === undefined) {
    const message = 'Give the name of a new dataset, or the dataset that gets another version.';
    throw new ValidationFailure([{ path: ['input', 'name'], message, code: 'required' }]);
  }
  const made = await datasets.create(identity.teamId, { name, description, userId: identity.userId });
  if (made === null) {
    // Whoever began an import and died left a name without anything behind it.
    const taken = await datasets.findByName(identity.teamId, name);
    if (taken?.latestVersion === 0) return taken.id;
    const message = `There is a dataset "${name}" already. Give its id to add a version, or choose another name.`;
    throw new ConflictFailure('DATASETS.NAME_TAKEN', message, ['input', 'name']);
  }
  return made;
}
