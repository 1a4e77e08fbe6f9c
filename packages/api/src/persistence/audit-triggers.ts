import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditedTable, auditedTables } from './audited-tables.ts';

const functionsFile = join(import.meta.dirname, 'audit-functions.sql');
const settingName = 'audit-triggers';
const alwaysQuiet = ['teamId', 'updatedAt', 'updatedById'];

/** What the SQL wants to know of a table. */
export function ruleOf(table: AuditedTable): Readonly<Record<string, unknown>> {
  const { type, team = 'teamId', keys = ['id'], name, user, columns, secrets = [], quiet = [] } = table;
  return {
    ...{ type, team, keys, secrets, quiet: [...alwaysQuiet, ...quiet] },
    ...(name !== undefined && { name }),
    ...(user !== undefined && { user }),
    ...(columns && { columns }),
    operations: table.operations ?? ['INSERT', 'UPDATE', 'DELETE'],
    actedOnly: table.actedOnly ?? false,
  };
}

/**
 * Puts the functions and triggers of the audit log into the database, as one transaction, when the functions, the list of
 * tables or the migrations are others than last time. One process at a time may call it.
 */
export async function attachAuditTriggers(database: {
  query(sql: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  runScript(script: string): Promise<unknown>;
}): Promise<void> {
  const functions = await readFile(functionsFile, 'utf8');
  const rules = JSON.stringify(
    Object.fromEntries(Object.entries(auditedTables).map(([name, table]) => [name, ruleOf(table)])),
  );
  const [state] = await database.query(
    `SELECT (SELECT max("name") FROM "_applied_migration") AS migration,
       (SELECT "value"::text FROM "installation_setting" WHERE "name" = $1) AS installed`,
    [settingName],
  );
  const signature = createHash('sha256')
    .update(JSON.stringify([functions, rules, state?.migration]))
    .digest('hex');
  if (state?.installed === JSON.stringify(signature)) return;
  await database.runScript(`BEGIN;
${functions}
SELECT audit_attach('${rules.replaceAll("'", "''")}'::jsonb);
INSERT INTO "installation_setting" ("name", "value", "updatedAt") VALUES ('${settingName}', '"${signature}"', now() AT TIME ZONE 'UTC')
  ON CONFLICT ("name") DO UPDATE SET "value" = excluded."value", "updatedAt" = excluded."updatedAt";
COMMIT;`);
}
