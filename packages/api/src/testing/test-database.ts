import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** Lets a database be unreachable for a while. */
export interface DatabaseOutage {
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** A fresh, empty database on the Postgres server at `serverUrl`; `drop` removes it. */
export async function createTestDatabase(
  serverUrl: string,
): Promise<{ readonly url: string; readonly outage: DatabaseOutage; drop(): Promise<void> }> {
  const name = `switchyard_test_${randomBytes(8).toString('hex')}`;
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await run(`CREATE DATABASE "${name}"`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const outage: DatabaseOutage = {
    begin: async () => {
      await run(`ALTER DATABASE "${name}" WITH ALLOW_CONNECTIONS false`);
      await run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    },
    end: () => run(`ALTER DATABASE "${name}" WITH ALLOW_CONNECTIONS true`),
  };
  return { url: url.href, outage, drop: () => run(`DROP DATABASE "${name}" WITH (FORCE)`) };
}
