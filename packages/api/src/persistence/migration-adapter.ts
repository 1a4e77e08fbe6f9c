import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import type { EmbeddedThread } from './embedded-thread.ts';

/**
 * Replaces how an adapter runs a migration script. The own way of pg's adapter
 * cannot be used: it splits the script at every semicolon and runs the pieces apart, so that a process killed in the
 * middle would leave half a migration. Here the script is sent as one simple query, which Postgres runs
 * as one transaction.
 */
function withAtomicScripts(
  factory: SqlMigrationAwareDriverAdapterFactory,
  runScript: (script: string) => Promise<unknown>,
): SqlMigrationAwareDriverAdapterFactory {
  const wrap = (adapter: SqlDriverAdapter): SqlDriverAdapter =>
    new Proxy(adapter, {
      get(target, property) {
        if (property === 'executeScript') {
          return async (script: string) => {
            await runScript(script);
          };
        }
        const value: unknown = Reflect.get(target, property);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => wrap(await factory.connect()),
    connectToShadowDb: () => factory.connectToShadowDb(),
  };
}

/** What the schema engine talks to, and how to let it go. */
export interface MigrationAdapter {
  readonly factory: SqlMigrationAwareDriverAdapterFactory;
  query(sql: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** A migration adapter on an embedded database; `close` leaves the database open. */
export function createEmbeddedMigrationAdapter(database: EmbeddedThread): MigrationAdapter {
  return {
    factory: database.factory,
    query: (sql, values) => database.rows(sql, values ?? []),
    close: async () => {},
  };
}

// Any fixed number: it names the lock under which Switchyard migrates a database.
const migrationLockId = 7_205_114_003;

/** A migration adapter on a Postgres server; holds an advisory lock until `close`, so that processes migrate in turn. */
export async function createServerMigrationAdapter(databaseUrl: string): Promise<MigrationAdapter> {
  const lockHolder = new pg.Client({ connectionString: databaseUrl });
  await lockHolder.connect();
  await lockHolder.query('SELECT pg_advisory_lock($1)', [migrationLockId]);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  return {
    factory: withAtomicScripts(new PrismaPg(pool), (script) => lockHolder.query(script)),
    query: async (sql, values) => (await lockHolder.query(sql, values ? [...values] : [])).rows,
    close: async () => {
      await pool.end();
      await lockHolder.end();
    },
  };
}
