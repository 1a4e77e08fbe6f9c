import type { Clock, Ids } from '@switchyard/core/kernel';
import type { Dataset, DatasetItem, DatasetVersion, Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { DatasetEntry, LineProblem } from './read/read-items.ts';

export interface NewVersion {
  readonly source: 'csv' | 'jsonl' | 'runs' | 'comparisons' | 'split';
  readonly note?: string | undefined;
  readonly basedOn?: number | undefined;
  readonly userId: string | undefined;
}

export interface FinishedVersion {
  readonly fieldNames: readonly string[];
  readonly itemCount: number;
  readonly splits: Readonly<Record<string, number>>;
  readonly skipped: readonly LineProblem[];
  readonly skippedCount: number;
}

/** Which items of a version are meant; what is absent does not narrow. */
export interface ItemFilter {
  readonly split?: string | undefined;
  readonly cluster?: string | undefined;
  /** Only items of no split. */
  readonly isUnsplit?: boolean | undefined;
  /** A part of the key, of what is asked or of what is expected. */
  readonly search?: string | undefined;
}

/** A version that is not ready is somebody's import; one so old died with its process. */
const abandonedAfterMs = 60 * 60_000;

/** Datasets with their versions and items. Every row is addressed with its team. */
export class DatasetRepository {
  readonly #prisma: PrismaClient;
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor(prisma: PrismaClient, clock: Clock, ids: Ids) {
    this.#prisma = prisma;
    this.#clock = clock;
    this.#ids = ids;
  }

  find(teamId: string, id: string): Promise<Dataset | null> {
    return this.#prisma.dataset.findUnique({ where: { id_teamId: { id, teamId } } });
  }

  findByName(teamId: string, name: string): Promise<Dataset | null> {
    return this.#prisma.dataset.findUnique({ where: { teamId_name: { teamId, name } } });
  }

  /** A version that is ready. */
  findVersion(teamId: string, id: string): Promise<DatasetVersion | null> {
    return this.#prisma.datasetVersion.findFirst({ where: { id, teamId, version: { not: null } } });
  }

  /** Null when the name is taken. */
  async create(
    teamId: string,
    dataset: { readonly name: string; readonly description: string | undefined; readonly userId: string | undefined },
  ): Promise<string | null> {
    const now = new Date(this.#clock.nowMs());
    const id = this.#ids.next('dst');
    const { name, description, userId } = dataset;
    const row = { id, teamId, name, description: description ?? null, createdById: userId ?? null };
    const { count } = await this.#prisma.dataset.createMany({
      data: [{ ...row, createdAt: now, updatedAt: now }],
      skipDuplicates: true,
    });
    return count === 1 ? id : null;
  }

  /** Begins a version that nobody sees before it is finished. */
  async beginVersion(
    teamId: string,
    datasetId: string,
    { source, note, basedOn, userId }: NewVersion,
  ): Promise<string> {
    const nowMs = this.#clock.nowMs();
    const old = new Date(nowMs - abandonedAfterMs);
    await this.#prisma.datasetVersion.deleteMany({ where: { teamId, version: null, createdAt: { lt: old } } });
    const id = this.#ids.next('dsv');
    const facts = { source, note: note ?? null, basedOn: basedOn ?? null, createdById: userId ?? null };
    await this.#prisma.datasetVersion.create({ data: { id, teamId, datasetId, ...facts, createdAt: new Date(nowMs) } });
    return id;
  }

  async addItems(teamId: string, versionId: string, from: number, entries: readonly DatasetEntry[]): Promise<void> {
    await this.#prisma.datasetItem.createMany({
      data: entries.map(({ key, input, expected, cluster, split, fields, line }, index) => ({
        ...{ versionId, teamId, position: from + index, key, input },
        ...{ expected: expected ?? null, cluster: cluster ?? null, split: split ?? null, line: line ?? null },
        fields: JSON.stringify(fields),
      })),
    });
  }

  /** Gives the version its number: from now on it is the newest one. */
  async finishVersion(teamId: string, datasetId: string, versionId: string, facts: FinishedVersion): Promise<number> {
    const { fieldNames, itemCount, splits, skipped, skippedCount } = facts;
    return this.#prisma.$transaction(async (tx) => {
      const { latestVersion } = await tx.dataset.update({
        where: { id_teamId: { id: datasetId, teamId } },
        data: { latestVersion: { increment: 1 }, updatedAt: new Date(this.#clock.nowMs()) },
        select: { latestVersion: true },
      });
      await tx.datasetVersion.update({
        where: { id_teamId: { id: versionId, teamId } },
        data: {
          ...{ version: latestVersion, fieldNames: [...fieldNames], itemCount, splits, skippedCount },
          skipped: skipped as unknown as Prisma.InputJsonValue,
        },
      });
      return latestVersion;
    });
  }

  /** Takes back a version that was not finished, and its dataset when it never had another one. */
  async abandonVersion(teamId: string, datasetId: string, versionId: string): Promise<void> {
    await this.#prisma.datasetVersion.deleteMany({ where: { id: versionId, teamId, version: null } });
    await this.#prisma.dataset.deleteMany({
      where: { id: datasetId, teamId, latestVersion: 0, versions: { none: {} } },
    });
  }

  /** Items in order, so many behind `afterPosition`. */
  readItems(
    teamId: string,
    versionId: string,
    page: ItemFilter & { readonly afterPosition: number; readonly most: number },
  ): Promise<DatasetItem[]> {
    const { afterPosition, most, ...filter } = page;
    return this.#prisma.datasetItem.findMany({
      where: { ...whereItems(teamId, versionId, filter), position: { gt: afterPosition } },
      orderBy: { position: 'asc' },
      take: most,
    });
  }

  countItems(teamId: string, versionId: string, filter: ItemFilter): Promise<number> {
    return this.#prisma.datasetItem.count({ where: whereItems(teamId, versionId, filter) });
  }

  /** Keys and clusters of all items, in order. */
  async *readNames(
    teamId: string,
    versionId: string,
  ): AsyncGenerator<{ readonly key: string; readonly cluster: string | null }> {
    const most = 5_000;
    for (let position = -1; ; ) {
      const page = await this.#prisma.datasetItem.findMany({
        where: { versionId, teamId, position: { gt: position } },
        select: { position: true, key: true, cluster: true },
        orderBy: { position: 'asc' },
        take: most,
      });
      yield* page;
      position = page.at(-1)?.position ?? position;
      if (page.length < most) return;
    }
  }

  async rename(
    teamId: string,
    id: string,
    change: { readonly name: string; readonly description: string | null },
  ): Promise<void> {
    const data = { ...change, updatedAt: new Date(this.#clock.nowMs()) };
    await this.#prisma.dataset.update({ where: { id_teamId: { id, teamId } }, data });
  }

  async delete(teamId: string, id: string): Promise<void> {
    await this.#prisma.dataset.deleteMany({ where: { id, teamId } });
  }
}

function whereItems(
  teamId: string,
  versionId: string,
  { split, cluster, isUnsplit, search }: ItemFilter,
): Prisma.DatasetItemWhereInput {
  // Not a pattern: what LIKE would take for one is asked for as it is.
  const part = { contains: search?.replaceAll(/[\\%_]/g, String.raw`\$&`) ?? '', mode: 'insensitive' as const };
  return {
    ...{ versionId, teamId },
    ...(split !== undefined && { split }),
    ...(isUnsplit && { split: null }),
    ...(cluster !== undefined && { cluster }),
    ...(search && { OR: [{ key: part }, { input: part }, { expected: part }] }),
  };
}
