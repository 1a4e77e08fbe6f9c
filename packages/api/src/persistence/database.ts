import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { PrismaClient } from '../generated/prisma/client.ts';
import { openEmbeddedPostgres, openMemoryPostgres } from './embedded-postgres.ts';
import { createEmbeddedMigrationAdapter, createServerMigrationAdapter } from './migration-adapter.ts';
import { applyMigrations } from './migrations.ts';

const migrationsDir = join(import.meta.dirname, '../../../../prisma/migrations');

/** An open, migrated database. */
export interface Database {
  readonly kind: 'embedded' | 'server';
  readonly prisma: PrismaClient;
  /** Names of the migrations that were applied while opening. */
  readonly appliedMigrations: readonly string[];
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type DatabaseLocation =
  | { readonly kind: 'embedded'; readonly dataDir: string }
  | { readonly kind: 'memory' }
  | { readonly kind: 'server'; readonly url: string };

/** Opens the database and brings it up to date. */
export async function openDatabase(location: DatabaseLocation): Promise<Database> {
  return location.kind === 'server' ? openServer(location.url) : openEmbedded(location);
}

async function openEmbedded(location: Exclude<DatabaseLocation, { kind: 'server' }>): Promise<Database> {
  const client: PGlite =
    location.kind === 'memory' ? await openMemoryPostgres() : await openEmbeddedPostgres(location.dataDir);
  const appliedMigrations = await applyMigrations(migrationsDir, createEmbeddedMigrationAdapter(client));
  const prisma = new PrismaClient({ adapter: new PrismaPGlite(client) });
  return {
    kind: 'embedded',
    prisma,
    appliedMigrations,
    ping: async () => void (await client.query('SELECT 1')),
    close: async () => {
      await prisma.$disconnect();
      await client.close();
    },
  };
}

async function openServer(url: string): Promise<Database> {
  const migrationAdapter = await createServerMigrationAdapter(url);
  let appliedMigrations: readonly string[];
  try {
    appliedMigrations = await applyMigrations(migrationsDir, migrationAdapter);
  } finally {
    await migrationAdapter.close();
  }
  const prisma = new PrismaClient({
    adapter: new PrismaPg({ connectionString: url, max: 10, connectionTimeoutMillis: 5_000 }),
  });
  return {
    kind: 'server',
    prisma,
    appliedMigrations,
    ping: async () => void (await prisma.$queryRaw`SELECT 1`),
    close: () => prisma.$disconnect(),
  };
}
