import pg from 'pg';
import { auditLedger, type BooksAudit } from './audit-ledger.ts';

/**
 * Audits the books of the Postgres server at `url` as {@link auditLedger} does, reading only. Undefined when the
 * database has no books yet. Rejects with the driver's error when that does not succeed within `timeoutMs`.
 */
export async function checkBooks(url: string, timeoutMs: number): Promise<BooksAudit | undefined> {
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
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await client.query(`SELECT to_regclass('budget_entry') IS NOT NULL AS "isThere"`);
    if (rows[0]?.isThere !== true) return undefined;
    const query = async (sql: string, values: readonly unknown[]) => (await client.query(sql, [...values])).rows;
    return await auditLedger(query, { nowMs: Date.now() });
  } finally {
    await client.end().catch(() => {});
  }
}
