import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A fresh, empty database on the Postgres server at `serverUrl`; `drop` removes it. */
export async function createTestDatabase(serverUrl: string): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `switchyard_test_${randomBytes(8).toString('hex')}`;
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await run(`CREATE DATABASE "${name}"`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`DROP DATABASE "${name}" WITH (FORCE)`) };
}
