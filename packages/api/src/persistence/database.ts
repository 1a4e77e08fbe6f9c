import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../generated/prisma/client.ts';
import { attachAuditTriggers } from './audit-triggers.ts';
import { startEmbeddedThread } from './embedded-thread.ts';
import { createEmbeddedMigrationAdapter, createServerMigrationAdapter } from './migration-adapter.ts';
import { applyMigrations } from './migrations.ts';
import { withActors } from './with-actors.ts';

const migrationsDir = join(import.meta.dirname, '../../../../prisma/migrations');

/**
 * A transaction waits for what stands before it: on a busy machine for longer than Prisma's two seconds, and what gives up
 * then is an error that the caller could do nothing about.
 */
const transactionOptions = { maxWait: 15_000, timeout: 20_000 } as const;

/** An open, migrated database. */
export interface Database {
  readonly kind: 'embedded' | 'server';
  readonly prisma: PrismaClient;
  /** Names of the migrations that were applied while opening. */
  readonly appliedMigrations: readonly string[];
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  /** Connections in use and free, and how much waits for one. */
  readUse(): { readonly busy: number; readonly idle: number; readonly waiting: number };
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
  const thread = await startEmbeddedThread(location);
  const migrationAdapter = createEmbeddedMigrationAdapter(thread);
  const appliedMigrations = await applyMigrations(migrationsDir, migrationAdapter);
  await attachAuditTriggers({ ...migrationAdapter, runScript: (script) => thread.runScript(script) });
  const prisma = new PrismaClient({ adapter: withActors(thread.factory), transactionOptions });
  return {
    kind: 'embedded',
    prisma,
    appliedMigrations,
    ping: async () => void (await thread.rows('SELECT 1', [])),
    readUse: () => {
      const asked = thread.pendingCount();
      return { busy: Math.min(1, asked), idle: asked > 0 ? 0 : 1, waiting: Math.max(0, asked - 1) };
    },
    close: async () => {
      await prisma.$disconnect();
      await thread.close();
    },
  };
}

async function openServer(url: string): Promise<Database> {
  const migrationAdapter = await createServerMigrationAdapter(url);
  let appliedMigrations: readonly string[];
  try {
    appliedMigrations = await applyMigrations(migrationsDir, migrationAdapter);
    await attachAuditTriggers({ ...migrationAdapter, runScript: (script) => migrationAdapter.query(script) });
  } finally {
    await migrationAdapter.close();
  }
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 5_000 });
  const prisma = new PrismaClient({
    adapter: withActors(new PrismaPg(pool, { disposeExternalPool: true })),
    transactionOptions,
  });
  return {
    kind: 'server',
    prisma,
    appliedMigrations,
    ping: async () => void (await prisma.$queryRaw`SELECT 1`),
    readUse: () => {
      const { totalCount, idleCount, waitingCount } = pool;
      return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
    },
    close: () => prisma.$disconnect(),
  };
}
