import { canonicalForm, readDefinition, type WorkflowDefinition } from '@switchyard/core/workflows';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { WorkflowDraftModel, WorkflowModel, WorkflowVersionModel } from '../../generated/prisma/models.ts';

export type WorkflowRow = WorkflowModel;
export type VersionRow = WorkflowVersionModel;
export type DraftRow = WorkflowDraftModel;

type Together = (tx: Prisma.TransactionClient) => readonly Prisma.PrismaPromise<unknown>[];

/** Who does something, and when. */
export interface Author {
  readonly userId: string | undefined;
  readonly apiKeyId: string | undefined;
  readonly at: Date;
}

/** Where a card lies, by the id of its step. */
export type CardPositions = Readonly<Record<string, { readonly x: number; readonly y: number }>>;

export type SaveOutcome = 'saved' | 'changed' | 'name-taken';

/** Definitions are immutable, and reading one again is work: so many are kept. */
const mostParsed = 200;

/** Workflows, their versions and drafts, as rows. Every method takes the team first. */
export class WorkflowRepository {
  readonly #prisma: PrismaClient;
  readonly #parsed = new Map<string, WorkflowDefinition>();

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  find(teamId: string, id: string): Promise<WorkflowRow | null> {
    return this.#prisma.workflow.findUnique({ where: { id_teamId: { id, teamId } } });
  }

  findByName(teamId: string, name: string): Promise<WorkflowRow | null> {
    return this.#prisma.workflow.findUnique({ where: { teamId_name: { teamId, name } } });
  }

  /** All of a team, by name. */
  list(teamId: string): Promise<WorkflowRow[]> {
    return this.#prisma.workflow.findMany({ where: { teamId }, orderBy: { name: 'asc' } });
  }

  count(teamId: string): Promise<number> {
    return this.#prisma.workflow.count({ where: { teamId } });
  }

  findDraft(teamId: string, workflowId: string): Promise<DraftRow | null> {
    return this.#prisma.workflowDraft.findUnique({ where: { workflowId_teamId: { workflowId, teamId } } });
  }

  findVersion(teamId: string, workflowId: string, version: number): Promise<VersionRow | null> {
    return this.#prisma.workflowVersion.findFirst({ where: { teamId, workflowId, version } });
  }

  findVersionById(teamId: string, id: string): Promise<VersionRow | null> {
    return this.#prisma.workflowVersion.findUnique({ where: { id_teamId: { id, teamId } } });
  }

  /** The versions in force of all workflows of a team, and their drafts: for questions about all of them. */
  async listDefinitions(teamId: string): Promise<readonly { workflow: WorkflowRow; texts: readonly string[] }[]> {
    const rows = await this.#prisma.workflow.findMany({
      where: { teamId },
      orderBy: { name: 'asc' },
      include: { draft: true, versions: { orderBy: { version: 'desc' }, take: 1 } },
    });
    return rows.map(({ draft, versions, ...workflow }) => ({
      workflow,
      texts: [...versions, ...(draft ? [draft] : [])].map(({ definition }) => definition),
    }));
  }

  /** The definition of a version, read once. */
  definitionOf({ id, definition: text }: Pick<VersionRow, 'id' | 'definition'>): WorkflowDefinition {
    const known = this.#parsed.get(id);
    if (known) return known;
    const { definition } = readDefinition(JSON.parse(text));
    if (!definition) throw new Error(`The stored version ${id} is no definition.`);
    if (this.#parsed.size >= mostParsed) this.#parsed.clear();
    this.#parsed.set(id, definition);
    return definition;
  }

  /** Makes a workflow with a draft; false when the team has one of the name. */
  async create(
    teamId: string,
    made: { readonly id: string; readonly name: string; readonly draft: string; readonly positions: CardPositions },
    by: Author,
    together: Together,
  ): Promise<boolean> {
    return this.#unlessTaken(async (tx) => {
      await tx.workflow.create({
        data: {
          id: made.id,
          teamId,
          name: made.name,
          positions: made.positions,
          createdById: by.userId ?? null,
          createdAt: by.at,
          updatedAt: by.at,
        },
      });
      await tx.workflowDraft.create({ data: { workflowId: made.id, ...draftData(teamId, made.draft, 1, 0, by) } });
      for (const statement of together(tx)) await statement;
      return 'saved';
    }).then((outcome) => outcome === 'saved');
  }

  /** Saves the draft if it is still at `knownRevision` (0: there is none); answers whether it was. */
  async saveDraft(
    teamId: string,
    workflowId: string,
    knownRevision: number,
    draft: { readonly definition: string; readonly basedOn: number },
    by: Author,
  ): Promise<boolean> {
    const data = draftData(teamId, draft.definition, knownRevision + 1, draft.basedOn, by);
    return this.#prisma.$transaction(async (tx) => {
      const { count } =
        knownRevision === 0
          ? await tx.workflowDraft.createMany({ data: [{ ...data, workflowId }], skipDuplicates: true })
          : // The caller says what it was based on.
            await tx.workflowDraft.updateMany({
              where: { teamId, workflowId, revision: knownRevision },
              data: { ...data, basedOn: draft.basedOn },
            });
      if (count === 1) await touch(tx, teamId, workflowId, by);
      return count === 1;
    });
  }

  /** Drops the draft of a workflow that has a version in force; answers whether there was one. */
  async deleteDraft(teamId: string, workflowId: string): Promise<boolean> {
    const { count } = await this.#prisma.workflowDraft.deleteMany({
      where: { teamId, workflowId, workflow: { publishedVersion: { not: null } } },
    });
    return count === 1;
  }

  /**
   * Puts `definition` into force as the version after `knownVersion` (0: none) and names the workflow as it says. With
   * `draftRevision` the draft must be at it and is dropped; without, it stays.
   */
  async publish(
    teamId: string,
    workflowId: string,
    knownVersion: number,
    next: {
      readonly id: string;
      readonly definition: WorkflowDefinition;
      readonly note: string | undefined;
      readonly restoredFrom: number | undefined;
      readonly draftRevision: number | undefined;
    },
    by: Author,
    together: Together,
  ): Promise<SaveOutcome> {
    const version = knownVersion + 1;
    return this.#unlessTaken(async (tx) => {
      if (next.draftRevision !== undefined) {
        const draft = { teamId, workflowId, revision: next.draftRevision };
        if ((await tx.workflowDraft.deleteMany({ where: draft })).count !== 1) return 'changed';
      }
      const { count } = await tx.workflow.updateMany({
        where: { id: workflowId, teamId, publishedVersion: knownVersion === 0 ? null : knownVersion },
        data: { publishedVersion: version, name: next.definition.name, updatedAt: by.at },
      });
      if (count !== 1) return 'changed';
      await tx.workflowVersion.create({
        data: {
          id: next.id,
          teamId,
          workflowId,
          version,
          definition: toStoredText(next.definition),
          note: next.note ?? null,
          restoredFrom: next.restoredFrom ?? null,
          publishedById: by.userId ?? null,
          apiKeyId: by.apiKeyId ?? null,
          publishedAt: by.at,
        },
      });
      for (const statement of together(tx)) await statement;
      return 'saved';
    });
  }

  /** Moves cards; those that are not named stay. No edit of the definition. */
  async movePositions(teamId: string, id: string, positions: CardPositions): Promise<boolean> {
    // One statement, so that two who move different cards at once lose nothing.
    const count = await this.#prisma.$executeRaw`
      UPDATE "workflow" SET "positions" = "positions" || ${JSON.stringify(positions)}::jsonb
      WHERE "id" = ${id} AND "teamId" = ${teamId}`;
    return count === 1;
  }

  /** With versions and draft; answers whether there was such a workflow. */
  async delete(teamId: string, id: string): Promise<boolean> {
    const { count } = await this.#prisma.workflow.deleteMany({ where: { id, teamId } });
    return count === 1;
  }

  /** Rolls back unless `work` saved; a name or version that somebody else took meanwhile is an outcome, no error. */
  async #unlessTaken(work: (tx: Prisma.TransactionClient) => Promise<SaveOutcome>): Promise<SaveOutcome> {
    try {
      return await this.#prisma.$transaction(async (tx) => {
        const outcome = await work(tx);
        if (outcome !== 'saved') throw new NotSaved(outcome);
        return outcome;
      });
    } catch (error) {
      if (error instanceof NotSaved) return error.outcome;
      if ((error as { code?: unknown }).code === 'P2002') return 'name-taken';
      throw error;
    }
  }
}

class NotSaved extends Error {
  readonly outcome: SaveOutcome;

  constructor(outcome: SaveOutcome) {
    super(outcome);
    this.outcome = outcome;
  }
}

/** As versions are stored: canonical, without white space. */
export const toStoredText = (definition: WorkflowDefinition): string => JSON.stringify(canonicalForm(definition));

function draftData(teamId: string, definition: string, revision: number, basedOn: number, by: Author) {
  return { teamId, definition, revision, basedOn, updatedById: by.userId ?? null, updatedAt: by.at };
}

const touch = (tx: Prisma.TransactionClient, teamId: string, id: string, by: Author) =>
  tx.workflow.updateMany({ where: { id, teamId }, data: { updatedAt: by.at } });
