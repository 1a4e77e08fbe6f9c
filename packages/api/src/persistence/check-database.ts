import pg from 'pg';

/**
 * Connects to a Postgres server as the server process would and asks for its version, changing nothing. Answers the
 * version (`16.4`); rejects with the driver's error when that does not succeed within `timeoutMs`.
 */
export async function checkDatabase(url: string, timeoutMs: number): Promise<string> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    application_name: 'switchyard doctor',
  });
  // A connection that breaks later has nobody left to tell.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? 'unknown';
  } finally {
    await client.end().catch(() => {});
  }
}
