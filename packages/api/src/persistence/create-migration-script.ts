import { startEmbeddedThread } from './embedded-thread.ts';
import { createEmbeddedMigrationAdapter } from './migration-adapter.ts';
import { applyMigrations, createSchemaEngine, readMigrations } from './migrations.ts';

const proofTableSql = `-- Proof that a migration was carried out: each one ends by writing its name here, in its own transaction.
CREATE TABLE "_applied_migration" ("name" TEXT NOT NULL, CONSTRAINT "_applied_migration_pkey" PRIMARY KEY ("name"));
`;

/**
 * The SQL that leads from the committed migrations in `directory` to `schemas` (pairs of path and Prisma schema text),
 * ending with its proof; undefined when there is no difference. `name` is the new migration's full name.
 */
export async function createMigrationScript(
  directory: string,
  name: string,
  schemas: [string, string][],
): Promise<string | undefined> {
  const database = await startEmbeddedThread({ kind: 'memory' });
  const adapter = createEmbeddedMigrationAdapter(database);
  try {
    await applyMigrations(directory, adapter);
    const engine = await createSchemaEngine(adapter, schemas);
    const files = schemas.map(([path, content]) => ({ path, content }));
    const result = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: directory },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters: { externalTables: ['public._applied_migration'], externalEnums: [] },
    });
    engine.free();
    if (result.exitCode === 0) return undefined;
    const isFirst = (await readMigrations(directory)).length === 0;
    return `${isFirst ? proofTableSql : ''}${result.stdout ?? ''}\nINSERT INTO "_applied_migration" ("name") VALUES ('${name}');\n`;
  } finally {
    await database.close();
  }
}
