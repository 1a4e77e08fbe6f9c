import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { ProviderModel } from '../../generated/prisma/models.ts';

/** The one row that counts all changes. */
const revisionRow = { id: 1 };

/** Providers of teams as rows. Every method takes the team first; only {@link list} is for the whole installation. */
export class ProviderRepository {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  /** Grows with every change that any server process makes. */
  async readRevision(): Promise<bigint> {
    const row = await this.#prisma.providerRevision.findUnique({ where: revisionRow });
    return row?.revision ?? 0n;
  }

  /** All rows of all teams, oldest first, with the revision that they are at least as new as. */
  async list(): Promise<{ readonly rows: readonly ProviderModel[]; readonly revision: bigint }> {
    // Read before the rows: a change that comes between is seen, and read once more at the next look.
    const revision = await this.readRevision();
    const rows = await this.#prisma.provider.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
    return { rows, revision };
  }

  find(teamId: string, id: string): Promise<ProviderModel | null> {
    return this.#prisma.provider.findUnique({ where: { id_teamId: { id, teamId } } });
  }

  count(teamId: string): Promise<number> {
    return this.#prisma.provider.count({ where: { teamId } });
  }

  /** `together` is carried out in the same transaction. Answers false when the team has the slug already. */
  async create(
    teamId: string,
    data: Omit<Prisma.ProviderUncheckedCreateInput, 'teamId'>,
    together: readonly Prisma.PrismaPromise<unknown>[],
  ): Promise<boolean> {
    try {
      await this.#prisma.$transaction([
        this.#prisma.provider.create({ data: { ...data, teamId } }),
        this.#bump(),
        ...together,
      ]);
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code === 'P2002') return false;
      throw error;
    }
  }

  /** Changes the row if it is still as `known`; answers whether it was. */
  async update(known: ProviderModel, data: Prisma.ProviderUncheckedUpdateManyInput): Promise<boolean> {
    const { id, teamId, updatedAt } = known;
    const [{ count }] = await this.#prisma.$transaction([
      this.#prisma.provider.updateMany({ where: { id, teamId, updatedAt }, data }),
      this.#bump(),
    ]);
    return count === 1;
  }

  /** Answers whether there was such a row. */
  async delete(teamId: string, id: string): Promise<boolean> {
    const [{ count }] = await this.#prisma.$transaction([
      this.#prisma.provider.deleteMany({ where: { id, teamId } }),
      this.#bump(),
    ]);
    return count === 1;
  }

  #bump(): Prisma.PrismaPromise<unknown> {
    return this.#prisma.providerRevision.upsert({
      where: revisionRow,
      create: { ...revisionRow, revision: 1n },
      update: { revision: { increment: 1n } },
    });
  }
}
