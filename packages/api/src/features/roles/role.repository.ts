import type { CallParameters, Role } from '@switchyard/core/roles';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import { type AuditEntry, auditRow } from '../routing/routing.repository.ts';

/** The one row that counts all changes. */
const revisionRow = { id: 1 };

/** A role as a team stored it. */
export interface StoredRole {
  readonly teamId: string;
  readonly role: Role;
  /** Grows with every save. */
  readonly revision: number;
  readonly updatedById: string | undefined;
  readonly updatedAt: Date;
}

/** Everything about roles that teams stored. */
export interface StoredRoles {
  readonly roles: readonly StoredRole[];
  /** The default role by team. */
  readonly defaults: ReadonlyMap<string, string>;
  /** What was read is at least as new as this. */
  readonly revision: bigint;
}

type Together = (tx: Prisma.TransactionClient) => readonly Prisma.PrismaPromise<unknown>[];

/** The roles of teams, as rows. Every method takes the team first; only {@link list} is for the whole installation. */
export class RoleRepository {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  /** Grows with every change that any server process makes. */
  async readRevision(): Promise<bigint> {
    const row = await this.#prisma.roleRevision.findUnique({ where: revisionRow });
    return row?.revision ?? 0n;
  }

  async list(): Promise<StoredRoles> {
    // Read before the rows: a change that comes between is seen, and read once more at the next look.
    const revision = await this.readRevision();
    const [rows, defaults] = await Promise.all([
      this.#prisma.role.findMany({ orderBy: [{ teamId: 'asc' }, { name: 'asc' }] }),
      this.#prisma.defaultRole.findMany(),
    ]);
    const roles = rows.map((row): StoredRole => {
      const parameters = row.parameters as CallParameters;
      const role: Role = {
        name: row.name,
        models: row.models as unknown as Role['models'],
        ...(row.description !== null && { description: row.description }),
        ...(Object.keys(parameters).length > 0 && { parameters }),
        ...(row.isStrict && { isStrict: true }),
      };
      const { teamId, updatedAt } = row;
      return { teamId, role, revision: row.revision, updatedById: row.updatedById ?? undefined, updatedAt };
    });
    return { roles, defaults: new Map(defaults.map(({ teamId, name }) => [teamId, name])), revision };
  }

  /** Writes the role if it is still at `knownRevision` (0: there is no row); answers whether it was. */
  async save(
    teamId: string,
    role: Role,
    knownRevision: number,
    audit: AuditEntry,
    together: Together,
  ): Promise<boolean> {
    const data = {
      description: role.description ?? null,
      models: role.models as unknown as Prisma.InputJsonValue,
      parameters: (role.parameters ?? {}) as Prisma.InputJsonValue,
      isStrict: role.isStrict ?? false,
      revision: knownRevision + 1,
      updatedById: audit.userId ?? null,
      updatedAt: audit.at,
    };
    const { name } = role;
    return this.#prisma.$transaction(async (tx) => {
      const { count } =
        knownRevision === 0
          ? await tx.role.createMany({ data: [{ ...data, teamId, name }], skipDuplicates: true })
          : await tx.role.updateMany({ where: { teamId, name, revision: knownRevision }, data });
      if (count !== 1) return false;
      await bump(tx);
      await tx.routingAudit.create({ data: auditRow(teamId, audit) });
      for (const statement of together(tx)) await statement;
      return true;
    });
  }

  /** Answers whether there was such a row. */
  async delete(teamId: string, name: string, audit: AuditEntry): Promise<boolean> {
    return this.#prisma.$transaction(async (tx) => {
      const { count } = await tx.role.deleteMany({ where: { teamId, name } });
      if (count !== 1) return false;
      await bump(tx);
      await tx.routingAudit.create({ data: auditRow(teamId, audit) });
      return true;
    });
  }

  /** Makes `name` the default role; undefined: leaves it to the configuration file. */
  async setDefault(teamId: string, name: string | undefined, audit: AuditEntry): Promise<void> {
    await this.#prisma.$transaction(async (tx) => {
      const data = { name: name ?? '', updatedById: audit.userId ?? null, updatedAt: audit.at };
      if (name === undefined) await tx.defaultRole.deleteMany({ where: { teamId } });
      else await tx.defaultRole.upsert({ where: { teamId }, create: { ...data, teamId }, update: data });
      await bump(tx);
      await tx.routingAudit.create({ data: auditRow(teamId, audit) });
    });
  }
}

function bump(tx: Prisma.TransactionClient): Promise<unknown> {
  return tx.roleRevision.upsert({
    where: revisionRow,
    create: { ...revisionRow, revision: 1n },
    update: { revision: { increment: 1n } },
  });
}
