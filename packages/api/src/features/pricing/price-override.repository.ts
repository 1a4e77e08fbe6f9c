import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { PriceOverrideModel } from '../../generated/prisma/models.ts';

/** The one row that counts all changes. */
const revisionRow = { id: 1 };

/** Prices that teams set, as rows. Every method takes the team first; only {@link list} is for the whole installation. */
export class PriceOverrideRepository {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  /** Grows with every change that any server process makes. */
  async readRevision(): Promise<bigint> {
    const row = await this.#prisma.priceRevision.findUnique({ where: revisionRow });
    return row?.revision ?? 0n;
  }

  /** All rows of all teams, with the revision that they are at least as new as. */
  async list(): Promise<{ readonly rows: readonly PriceOverrideModel[]; readonly revision: bigint }> {
    // Read before the rows: a change that comes between is seen, and read once more at the next look.
    const revision = await this.readRevision();
    return { rows: await this.#prisma.priceOverride.findMany(), revision };
  }

  find(teamId: string, id: string): Promise<PriceOverrideModel | null> {
    return this.#prisma.priceOverride.findUnique({ where: { id_teamId: { id, teamId } } });
  }

  /** Those for any of `models`. */
  listOf(teamId: string, models: readonly string[]): Promise<readonly PriceOverrideModel[]> {
    return this.#prisma.priceOverride.findMany({ where: { teamId, model: { in: [...models] } } });
  }

  count(teamId: string): Promise<number> {
    return this.#prisma.priceOverride.count({ where: { teamId } });
  }

  /** Writes the price of one model and day, in place of one that is there; `together` is in the same transaction. */
  async set(
    teamId: string,
    data: Omit<Prisma.PriceOverrideUncheckedCreateInput, 'teamId'>,
    together: readonly Prisma.PrismaPromise<unknown>[],
  ): Promise<void> {
    const { model, effectiveFrom } = data;
    const { id, ...changed } = data;
    await this.#prisma.$transaction([
      this.#prisma.priceOverride.upsert({
        where: { teamId_model_effectiveFrom: { teamId, model, effectiveFrom } },
        create: { id, ...changed, teamId },
        update: changed,
      }),
      this.#bump(),
      ...together,
    ]);
  }

  /** Answers whether there was such a row. */
  async delete(teamId: string, id: string): Promise<boolean> {
    const [{ count }] = await this.#prisma.$transaction([
      this.#prisma.priceOverride.deleteMany({ where: { id, teamId } }),
      this.#bump(),
    ]);
    return count === 1;
  }

  #bump(): Prisma.PrismaPromise<unknown> {
    return this.#prisma.priceRevision.upsert({
      where: revisionRow,
      create: { ...revisionRow, revision: 1n },
      update: { revision: { increment: 1n } },
    });
  }
}
