import { createHash } from 'node:crypto';
import type { Clock, Log } from '@switchyard/core/kernel';
import type { ConfiguredBudget } from '@switchyard/core/provisioning';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';
import { type DatedRaise, type StoredBudget, toBudget, toBudgetColumns } from './budget.mapping.ts';
import type { BudgetBook } from './budget-book.ts';

/** Another process may have changed a budget in between; it does the same thing, so a second look finds it done. */
const mostRounds = 5;
const fileRaisePrefix = 'file-';

export interface FileBudgetsParts {
  readonly prisma: PrismaClient;
  readonly book: BudgetBook;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Keeps the budgets of the configuration file in every team. They have ids made of team, key and what they count, so
 * that several processes with one file make the same rows; raises that people gave are kept. What leaves the file is
 * switched off, and goes on with its books when it comes back.
 */
export class FileBudgets {
  readonly #parts: FileBudgetsParts;
  #wanted: readonly ConfiguredBudget[] = [];
  #isPending = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: FileBudgetsParts) {
    this.#parts = parts;
  }

  /** Makes the teams' budgets what the file says. Never throws: what cannot be stored now is tried again by {@link tick}. */
  async apply(wanted: readonly ConfiguredBudget[]): Promise<void> {
    this.#wanted = wanted;
    this.#isPending = true;
    await this.tick().catch((error: unknown) => {
      this.#parts.log.error({ error: String(error) }, 'the budgets of the configuration file are stored later');
    });
  }

  /** Tries again what failed, and gives teams that were made meanwhile their budgets. Call it every second or two. */
  tick(): Promise<void> {
    const result = this.#last.then(() => this.#bringUpToDate());
    this.#last = result.catch(() => {});
    return result;
  }

  async #bringUpToDate(): Promise<void> {
    const { prisma, book } = this.#parts;
    const wanted = this.#wanted;
    if (!this.#isPending && wanted.length === 0) return;
    const teamIds = this.#isPending ? await readTeams(prisma) : await readTeamsWithout(prisma, wanted);
    if (teamIds.length === 0 && !this.#isPending) return;
    let hasChanged = false;
    for (let round = 0; ; round += 1) {
      const { changed, isSettled } = await this.#round(teamIds, wanted);
      hasChanged ||= changed;
      if (isSettled) break;
      if (round >= mostRounds)
        throw new Error('The budgets of the configuration file are changed by others all the time.');
    }
    if (this.#wanted === wanted) this.#isPending = false;
    if (hasChanged) await book.reload();
  }

  async #round(teamIds: readonly string[], wanted: readonly ConfiguredBudget[]) {
    const { prisma } = this.#parts;
    const rows = await prisma.budget.findMany({ where: { teamId: { in: [...teamIds] }, source: 'file' } });
    const byTeam = Map.groupBy(rows.map(toBudget), ({ teamId }) => teamId);
    let changed = false;
    let isSettled = true;
    for (const teamId of teamIds) {
      for (const change of planChanges(teamId, wanted, byTeam.get(teamId) ?? [])) {
        changed = true;
        if (!(await this.#store(change))) isSettled = false;
      }
    }
    return { changed, isSettled };
  }

  /** False when somebody else was quicker. */
  async #store({ before, after }: BudgetChange): Promise<boolean> {
    const { prisma } = this.#parts;
    const { id, teamId } = after;
    try {
      if (!before) {
        const createdAt = new Date(this.#parts.clock.nowMs());
        await prisma.budget.create({ data: { id, teamId, createdAt, ...toBudgetColumns(after) } });
        return true;
      }
      const { count } = await prisma.budget.updateMany({
        where: { id, teamId, version: before.version },
        data: { ...toBudgetColumns(after), version: before.version + 1 },
      });
      return count === 1;
    } catch (error) {
      // The row, or another with its key, is there already; or the team has just gone.
      if (error instanceof Prisma.PrismaClientKnownRequestError && ['P2002', 'P2003'].includes(error.code))
        return false;
      throw error;
    }
  }
}

/** One row to be written; without `before` a new one. */
export interface BudgetChange {
  readonly before: StoredBudget | undefined;
  readonly after: StoredBudget;
}

/** What must be written so that a team's rows of the file are what the file says; those that give up a key come first. */
export function planChanges(
  teamId: string,
  wanted: readonly ConfiguredBudget[],
  rows: readonly StoredBudget[],
): readonly BudgetChange[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const targets = wanted.map((budget) => toTeamBudget(teamId, budget, byId.get(fileBudgetId(teamId, budget))));
  const wantedIds = new Set(targets.map(({ id }) => id));
  const takenKeys = new Set(wanted.map(({ key }) => key));
  const retired = rows
    .filter(({ id }) => !wantedIds.has(id))
    .map((before): BudgetChange => {
      // Another budget counts under this key now.
      const fileKey = before.fileKey !== undefined && takenKeys.has(before.fileKey) ? undefined : before.fileKey;
      return { before, after: { ...before, isEnabled: false, fileKey } };
    });
  const kept = targets.map((after): BudgetChange => ({ before: byId.get(after.id), after }));
  return [...retired, ...kept].filter(({ before, after }) => !before || signatureOf(before) !== signatureOf(after));
}

/** The same in every process: made of the team, the key, and what is counted, since books cannot change their unit. */
export function fileBudgetId(
  teamId: string,
  { key, scope, unit, window, timeZone }: Pick<ConfiguredBudget, 'key' | 'scope' | 'unit' | 'window' | 'timeZone'>,
): string {
  const text = JSON.stringify([teamId, key, canonical(scope), unit, window, timeZone]);
  return `bud_file_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

function toTeamBudget(
  teamId: string,
  { key, position: _, raises, ...budget }: ConfiguredBudget,
  before: StoredBudget | undefined,
): StoredBudget {
  const ofFile = raises.map((raise, index): DatedRaise => {
    const reason = 'It stands in the configuration file.';
    return { ...raise, id: `${fileRaisePrefix}${index + 1}`, reason, raisedById: undefined, raisedAtMs: raise.fromMs };
  });
  const ofPeople = before?.raises.filter(({ id }) => !id.startsWith(fileRaisePrefix)) ?? [];
  return {
    ...budget,
    id: fileBudgetId(teamId, { key, ...budget }),
    teamId,
    raises: [...ofFile, ...ofPeople],
    source: 'file',
    fileKey: key,
    version: before?.version ?? 1,
  };
}

/** Equal exactly when the same would be stored. */
const signatureOf = (budget: StoredBudget): string => canonical(toBudgetColumns(budget));

/** JSON whose keys are in order: the database keeps them in its own. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'bigint') return `${inner}`;
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

async function readTeams(prisma: PrismaClient): Promise<readonly string[]> {
  return (await prisma.team.findMany({ select: { id: true } })).map(({ id }) => id);
}

/** Teams that lack a budget of the file. */
async function readTeamsWithout(prisma: PrismaClient, wanted: readonly ConfiguredBudget[]): Promise<readonly string[]> {
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM team t
    WHERE (SELECT count(*) FROM budget b WHERE b."teamId" = t.id AND b."fileKey" = ANY(${wanted.map(({ key }) => key)}::text[]))
      < ${wanted.length}`;
  return rows.map(({ id }) => id);
}
