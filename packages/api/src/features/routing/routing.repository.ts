import type { RoutingPreferences, RoutingRule } from '@switchyard/core/routing';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';

/** A published list of rules. */
export interface RuleVersion {
  readonly id: string;
  readonly version: number;
  readonly rules: readonly RoutingRule[];
  readonly note: string | undefined;
  /** The earlier version that was put back into force. */
  readonly rolledBackTo: number | undefined;
  readonly publishedById: string | undefined;
  readonly publishedAt: Date;
}

/** The list that a team is working on. */
export interface RuleDraft {
  readonly rules: readonly RoutingRule[];
  /** Grows with every save. */
  readonly revision: number;
  /** The published version that it began as; 0 when there was none. */
  readonly basedOn: number;
  readonly updatedAt: Date;
}

export interface ScopeSetting {
  readonly scope: string;
  readonly preferences: RoutingPreferences;
  readonly revision: number;
  readonly updatedAt: Date;
}

/** Who changed what; written in the same transaction as the change. */
export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly action:
    | 'saved-draft'
    | 'published'
    | 'rolled-back'
    | 'changed-settings'
    | 'rebalanced'
    | 'set-role'
    | 'deleted-role'
    | 'chose-default-role'
    | 'set-record-retention'
    | 'set-report-settings'
    | 'set-run-retention'
    | 'set-scorer'
    | 'deleted-scorer';
  readonly scope?: string;
  readonly userId: string | undefined;
  readonly apiKeyId: string | undefined;
  readonly summary: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What a team has published and set. */
export interface TeamRoutingRows {
  readonly revision: bigint;
  readonly version: RuleVersion | undefined;
  readonly settings: readonly ScopeSetting[];
}

type Statement = Prisma.PrismaPromise<unknown>;

/** Rules, settings and their history. Every method takes the team first. */
export class RoutingRepository {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  /** The revisions of the teams that have one, by team. */
  async readRevisions(teamIds: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    const rows = await this.#prisma.routingRevision.findMany({ where: { teamId: { in: [...teamIds] } } });
    return new Map(rows.map(({ teamId, revision }) => [teamId, revision]));
  }

  /** Everything in force, at least as new as its revision. */
  async load(teamId: string): Promise<TeamRoutingRows> {
    // Read first: a change that comes between is seen, and read once more at the next look.
    const revision = (await this.readRevisions([teamId])).get(teamId) ?? 0n;
    const [version, settings] = await Promise.all([this.findLatest(teamId), this.listSettings(teamId)]);
    return { revision, version, settings };
  }

  async findLatest(teamId: string): Promise<RuleVersion | undefined> {
    const row = await this.#prisma.routingRuleVersion.findFirst({ where: { teamId }, orderBy: { version: 'desc' } });
    return row ? toVersion(row) : undefined;
  }

  async findVersion(teamId: string, version: number): Promise<RuleVersion | undefined> {
    const row = await this.#prisma.routingRuleVersion.findUnique({ where: { teamId_version: { teamId, version } } });
    return row ? toVersion(row) : undefined;
  }

  /** Newest first; `before` leaves out that version and what came after it. */
  async listVersions(teamId: string, first: number, before: number | undefined): Promise<readonly RuleVersion[]> {
    const rows = await this.#prisma.routingRuleVersion.findMany({
      where: { teamId, ...(before !== undefined && { version: { lt: before } }) },
      orderBy: { version: 'desc' },
      take: first,
    });
    return rows.map(toVersion);
  }

  async findDraft(teamId: string): Promise<RuleDraft | undefined> {
    const row = await this.#prisma.routingDraft.findUnique({ where: { teamId } });
    return row ? { ...row, rules: row.rules as unknown as RoutingRule[] } : undefined;
  }

  async listSettings(teamId: string): Promise<readonly ScopeSetting[]> {
    const rows = await this.#prisma.routingSetting.findMany({ where: { teamId }, orderBy: { scope: 'asc' } });
    return rows.map((row) => ({ ...row, preferences: row.preferences as RoutingPreferences }));
  }

  /** Saves the draft if it is still at `knownRevision` (0: there is none); answers whether it was. */
  async saveDraft(
    teamId: string,
    knownRevision: number,
    draft: { readonly rules: readonly RoutingRule[]; readonly basedOn: number; readonly userId: string | undefined },
    audit: AuditEntry,
  ): Promise<boolean> {
    const data = {
      rules: draft.rules as unknown as Prisma.InputJsonValue,
      basedOn: draft.basedOn,
      updatedById: draft.userId ?? null,
      updatedAt: audit.at,
    };
    return this.#changeIf(async (tx) => {
      const { count } =
        knownRevision === 0
          ? await tx.routingDraft.createMany({ data: [{ ...data, teamId, revision: 1 }], skipDuplicates: true })
          : await tx.routingDraft.updateMany({
              where: { teamId, revision: knownRevision },
              data: { ...data, revision: knownRevision + 1 },
            });
      if (count === 1) await tx.routingAudit.create({ data: auditRow(teamId, audit) });
      return count === 1;
    });
  }

  /**
   * Puts `rules` into force as the version after `knownVersion`; false when another one was published meanwhile. The
   * draft is dropped: it is what was published, or void. `together` is carried out in the same transaction.
   */
  async publish(
    teamId: string,
    knownVersion: number,
    next: Omit<RuleVersion, 'version'> & { readonly apiKeyId: string | undefined },
    audit: AuditEntry,
    options: { readonly keepsDraft: boolean; readonly draftRevision?: number },
    together: (tx: Prisma.TransactionClient) => readonly Statement[],
  ): Promise<boolean> {
    return this.#changeIf(async (tx) => {
      const latest = await tx.routingRuleVersion.findFirst({
        where: { teamId },
        orderBy: { version: 'desc' },
        select: { version: true },
      });
      if ((latest?.version ?? 0) !== knownVersion) return false;
      if (!options.keepsDraft) {
        const { count } = await tx.routingDraft.deleteMany({
          where: { teamId, ...(options.draftRevision !== undefined && { revision: options.draftRevision }) },
        });
        if (count !== 1) return false;
      }
      await tx.routingRuleVersion.create({
        data: {
          id: next.id,
          teamId,
          version: knownVersion + 1,
          rules: next.rules as unknown as Prisma.InputJsonValue,
          note: next.note ?? null,
          rolledBackTo: next.rolledBackTo ?? null,
          publishedById: next.publishedById ?? null,
          apiKeyId: next.apiKeyId ?? null,
          publishedAt: next.publishedAt,
        },
      });
      await bump(tx, teamId);
      await tx.routingAudit.create({ data: auditRow(teamId, audit) });
      for (const statement of together(tx)) await statement;
      return true;
    });
  }

  async deleteDraft(teamId: string): Promise<boolean> {
    const { count } = await this.#prisma.routingDraft.deleteMany({ where: { teamId } });
    return count === 1;
  }

  /** Replaces what a scope says if it is still at `knownRevision` (0: it says nothing); empty preferences remove it. */
  async saveSetting(
    teamId: string,
    scope: string,
    knownRevision: number,
    preferences: RoutingPreferences,
    audit: AuditEntry,
  ): Promise<boolean> {
    const stored = preferences as unknown as Prisma.InputJsonValue;
    const data = { preferences: stored, updatedById: audit.userId ?? null, updatedAt: audit.at };
    return this.#changeIf(async (tx) => {
      const where = { teamId, scope, revision: knownRevision };
      const isRemoval = Object.keys(preferences).length === 0;
      const { count } =
        knownRevision === 0
          ? await tx.routingSetting.createMany({
              data: isRemoval ? [] : [{ ...data, teamId, scope, revision: 1 }],
              skipDuplicates: true,
            })
          : isRemoval
            ? await tx.routingSetting.deleteMany({ where })
            : await tx.routingSetting.updateMany({ where, data: { ...data, revision: knownRevision + 1 } });
      if (count !== 1) return isRemoval && knownRevision === 0;
      await bump(tx, teamId);
      await tx.routingAudit.create({ data: auditRow(teamId, audit) });
      return true;
    });
  }

  /** Forgets what was learned: in `scope` and its classes of task, or everything. Answers which scopes there were. */
  async forget(teamId: string, scope: string | undefined, audit: AuditEntry): Promise<readonly string[]> {
    return this.#prisma.$transaction(async (tx) => {
      const where =
        scope === undefined ? { teamId } : { teamId, OR: [{ scope }, { scope: { startsWith: `${scope}#` } }] };
      const rows = await tx.routingState.findMany({ where, select: { scope: true } });
      await tx.routingState.deleteMany({ where });
      await bump(tx, teamId);
      await tx.routingAudit.create({ data: auditRow(teamId, audit) });
      return rows.map((row) => row.scope);
    });
  }

  async #changeIf(work: (tx: Prisma.TransactionClient) => Promise<boolean>): Promise<boolean> {
    try {
      return await this.#prisma.$transaction(async (tx) => {
        if (await work(tx)) return true;
        throw new Outdated();
      });
    } catch (error) {
      // Two who publish at the same moment write the same version: the second one is outdated too.
      if (error instanceof Outdated || (error as { code?: unknown }).code === 'P2002') return false;
      throw error;
    }
  }
}

/** Rolls the transaction back. */
class Outdated extends Error {}

function bump(tx: Prisma.TransactionClient, teamId: string): Promise<unknown> {
  return tx.routingRevision.upsert({
    where: { teamId },
    create: { teamId, revision: 1n },
    update: { revision: { increment: 1n } },
  });
}

/** An entry as its row; for changes elsewhere that say who answers, such as those of roles. */
export function auditRow(teamId: string, entry: AuditEntry): Prisma.RoutingAuditUncheckedCreateInput {
  const { before, after, userId, apiKeyId, scope, ...rest } = entry;
  const toJson = (value: unknown) => (value === undefined ? Prisma.DbNull : (value as Prisma.InputJsonValue));
  return {
    ...rest,
    teamId,
    scope: scope ?? null,
    userId: userId ?? null,
    apiKeyId: apiKeyId ?? null,
    before: toJson(before),
    after: toJson(after),
  };
}

function toVersion(row: {
  readonly id: string;
  readonly version: number;
  readonly rules: unknown;
  readonly note: string | null;
  readonly rolledBackTo: number | null;
  readonly publishedById: string | null;
  readonly publishedAt: Date;
}): RuleVersion {
  return {
    id: row.id,
    version: row.version,
    rules: row.rules as RoutingRule[],
    note: row.note ?? undefined,
    rolledBackTo: row.rolledBackTo ?? undefined,
    publishedById: row.publishedById ?? undefined,
    publishedAt: row.publishedAt,
  };
}
