/**
 * Writes the next migration: the difference between what the committed migrations build and what `prisma/schema/`
 * says. Usage: `node scripts/create-migration.ts <name-in-kebab-case>`.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createMigrationScript } from '../packages/api/src/persistence/create-migration-script.ts';

const root = join(import.meta.dirname, '..');
const name = process.argv[2];
if (!name || !/^[a-z0-9-]+$/.test(name)) {
  console.error('Name the migration in kebab-case: node scripts/create-migration.ts add-something');
  process.exit(2);
}
const schemaDir = join(root, 'prisma/schema');
const schemas = await Promise.all(
  (await readdir(schemaDir))
    .sort()
    .map(
      async (file): Promise<[string, string]> => [join(schemaDir, file), await readFile(join(schemaDir, file), 'utf8')],
    ),
);
const migrationsDir = join(root, 'prisma/migrations');
const fullName = `${new Date().toISOString().slice(0, 19).replace(/\D/g, '')}_${name.replaceAll('-', '_')}`;
const script = await createMigrationScript(migrationsDir, fullName, schemas);
if (script === undefined) {
  console.log('Nothing to do: the migrations already build what prisma/schema/ says.');
} else {
  await mkdir(join(migrationsDir, fullName), { recursive: true });
  await writeFile(join(migrationsDir, fullName, 'migration.sql'), script);
  console.log(`Wrote prisma/migrations/${fullName}/migration.sql. Read it before you commit it.`);
}
