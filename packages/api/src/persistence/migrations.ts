import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';
import type { MigrationAdapter } from './migration-adapter.ts';

/** Every migration ends by writing its name here, in its own transaction: the proof that it was carried out. */
const proofTable = '_applied_migration';

const noFilters = { externalTables: [], externalEnums: [] };

interface MigrationFile {
  readonly name: string;
  readonly script: string;
}

/** Reads `<directory>/<name>/migration.sql`, oldest name first. */
export async function readMigrations(directory: string): Promise<readonly MigrationFile[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names
      .sort()
      .map(async (name) => ({ name, script: await readFile(join(directory, name, 'migration.sql'), 'utf8') })),
  );
}

export function toMigrationList(directory: string, migrations: readonly MigrationFile[]): MigrationList {
  return {
    baseDir: directory,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map((migration) => ({
      path: migration.name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: migration.script } },
    })),
  };
}

/** Prisma's own schema engine on `adapter`. Loaded on demand: a database that is up to date does not need it. */
export async function createSchemaEngine(
  adapter: MigrationAdapter,
  datamodels?: [string, string][],
): Promise<SchemaEngine> {
  const { SchemaEngine: engine } = await import('@prisma/schema-engine-wasm');
  return engine.new({ datamodels }, () => {}, bindMigrationAwareSqlAdapterFactory(adapter.factory));
}

/**
 * Brings the database up to date with the migrations in `directory` and returns the names it applied.
 *
 * Survives kill -9 at any moment: a migration is one transaction that also writes its proof, so one that was started
 * but not recorded as finished is either proven (recorded as applied) or undone (recorded as rolled back and applied
 * again). Throws when an applied migration was edited afterwards or the database is newer than this program.
 */
export async function applyMigrations(directory: string, adapter: MigrationAdapter): Promise<readonly string[]> {
  const migrations = await readMigrations(directory);
  const recorded = await readRecorded(adapter);
  assertSameHistory(migrations, recorded);
  const finished = new Set(recorded.filter((row) => row.isFinished).map((row) => row.name));
  if (migrations.every((migration) => finished.has(migration.name))) return [];

  const engine = await createSchemaEngine(adapter);
  try {
    const migrationsList = toMigrationList(directory, migrations);
    for (const row of recorded.filter((candidate) => !candidate.isFinished)) {
      if (await isProven(adapter, row.name)) {
        await engine.markMigrationApplied({ migrationName: row.name, migrationsList });
      } else {
        await engine.markMigrationRolledBack({ migrationName: row.name });
      }
    }
    const result = await engine.applyMigrations({ migrationsList, filters: noFilters });
    return result.appliedMigrationNames;
  } finally {
    engine.free();
  }
}

interface RecordedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly isFinished: boolean;
}

async function readRecorded(adapter: MigrationAdapter): Promise<readonly RecordedMigration[]> {
  if (!(await hasTable(adapter, '_prisma_migrations'))) return [];
  const rows = await adapter.query(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at',
  );
  return rows.map((row) => ({
    name: String(row.migration_name),
    checksum: String(row.checksum),
    isFinished: row.finished_at !== null,
  }));
}

async function isProven(adapter: MigrationAdapter, name: string): Promise<boolean> {
  if (!(await hasTable(adapter, proofTable))) return false;
  return (await adapter.query(`SELECT 1 FROM ${proofTable} WHERE name = $1`, [name])).length > 0;
}

async function hasTable(adapter: MigrationAdapter, table: string): Promise<boolean> {
  const [row] = await adapter.query('SELECT to_regclass($1)::text AS found', [table]);
  return row?.found !== null && row?.found !== undefined;
}

function assertSameHistory(migrations: readonly MigrationFile[], recorded: readonly RecordedMigration[]): void {
  const scripts = new Map(migrations.map((migration) => [migration.name, migration.script]));
  for (const row of recorded) {
    const script = scripts.get(row.name);
    if (script === undefined) {
      throw new Error(
        `The database was migrated by a newer Switchyard: it knows "${row.name}", this program does not. Start the newer version, or use another data folder or database.`,
      );
    }
    const checksum = createHash('sha256').update(script).digest('hex');
    if (row.isFinished && checksum !== row.checksum) {
      throw new Error(`The migration "${row.name}" was changed after it had been applied. Restore the file.`);
    }
  }
}
