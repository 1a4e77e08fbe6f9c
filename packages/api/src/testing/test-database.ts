import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** Lets a database be unreachable for a while. */
export interface DatabaseOutage {
  begin(): Promise<void>;
  end(): Promise<void>;
}

export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  readonly outage: DatabaseOutage;
  drop(): Promise<void>;
}

/** A fresh database on the Postgres server at `serverUrl`, empty or a copy of `template`; `drop` removes it. */
export async function createTestDatabase(serverUrl: string, template?: string): Promise<TestDatabase> {
  const name = `switchyard_test_${randomBytes(8).toString('hex')}`;
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await run(`CREATE DATABASE "${name}"${template ? ` TEMPLATE "${template}"` : ''}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const outage: DatabaseOutage = {
    begin: async () => {
      await run(`ALTER DATABASE "${name}" WITH ALLOW_CONNECTIONS false`);
      await run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    },
    end: () => run(`ALTER DATABASE "${name}" WITH ALLOW_CONNECTIONS true`),
  };
  return { name, url: url.href, outage, drop: () => run(`DROP DATABASE "${name}" WITH (FORCE)`) };
}
