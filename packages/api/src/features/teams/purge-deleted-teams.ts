import type { Services } from '../../container.ts';

type Parts = Pick<Services, 'prisma' | 'clock' | 'log'>;

/** What was on its way when a team was deleted (records in a buffer, say) has been written after this time. */
const lateWritesMs = 10 * 60 * 1000;
/** So many rows go with one statement, so that nobody waits long for it. */
const batchRows = 5_000;
const maxPasses = 10;

/** Rows of a team that know it only through another table. */
const followers = [
  { table: 'health_period', column: 'subjectId', of: 'health_subject', key: 'id' },
  { table: 'health_minute', column: 'subjectId', of: 'health_subject', key: 'id' },
  { table: 'health_window', column: 'subjectId', of: 'health_subject', key: 'id' },
  { table: 'budget_lease', column: 'windowId', of: 'budget_account', key: 'windowId' },
  { table: 'metric_value', column: 'scopeId', of: 'metric_scope', key: 'id' },
  { table: 'metric_rollup', column: 'scopeId', of: 'metric_scope', key: 'id' },
] as const;

/** The audit log outlives its team: it says who deleted it. */
const logTables = ['audit_entry', 'audit_head'];

/**
 * Takes the rows of deleted teams away: every table with a `teamId`, whatever it is, so that a new one needs no thought.
 * Works in small steps and begins again where it was interrupted. The team's own row goes when nothing can follow any
 * more; its audit log stays.
 */
export async function purgeDeletedTeams(parts: Parts, lateMs: number = lateWritesMs): Promise<void> {
  const { prisma, clock } = parts;
  const deleted = await prisma.team.findMany({
    where: { deletedAt: { not: null } },
    select: { id: true, deletedAt: true },
  });
  for (const { id, deletedAt } of deleted) {
    try {
      await purgeRows(parts, id);
    } catch (error) {
      parts.log.warn({ teamId: id, error: String(error) }, 'rows of a deleted team are left; they are tried again');
      continue;
    }
    if (!deletedAt || deletedAt.getTime() + lateMs > clock.nowMs()) continue;
    await prisma.team.deleteMany({ where: { id, deletedAt: { not: null } } });
  }
}

async function purgeRows({ prisma }: Parts, teamId: string): Promise<void> {
  for (const { table, column, of, key } of followers) {
    await deleteInBatches(prisma, table, `"${column}" IN (SELECT "${key}" FROM "${of}" WHERE "teamId" = $1)`, teamId);
  }
  const tables = await prisma.$queryRaw<{ name: string }[]>`
    SELECT c.table_name AS name FROM information_schema.columns c
    JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
    WHERE c.table_schema = 'public' AND c.column_name = 'teamId' AND t.table_type = 'BASE TABLE'`;
  let left = tables.map(({ name }) => name).filter((name) => !logTables.includes(name));
  // A row that another one refers to goes after that one: what is refused now is tried again.
  for (let pass = 0; left.length > 0; pass += 1) {
    const refused: string[] = [];
    let lastError: unknown;
    for (const table of left) {
      try {
        await deleteInBatches(prisma, table, '"teamId" = $1', teamId);
      } catch (error) {
        refused.push(table);
        lastError = error;
      }
    }
    if (refused.length === left.length || pass === maxPasses) throw lastError;
    left = refused;
  }
}

/** `condition` is ours, with the team as its only parameter. */
async function deleteInBatches(
  prisma: Parts['prisma'],
  table: string,
  condition: string,
  teamId: string,
): Promise<void> {
  const statement = `DELETE FROM "${table}" WHERE ctid IN (SELECT ctid FROM "${table}" WHERE ${condition} LIMIT ${batchRows})`;
  while ((await prisma.$executeRawUnsafe(statement, teamId)) > 0);
}
