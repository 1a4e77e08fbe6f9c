import pg from 'pg';
import { type AuditVerification, type ChainEnds, type ChainEntry, chainFields, verifyChain } from './verify-chain.ts';

const pageSize = 1_000;

/**
 * Checks the chains of the Postgres server at `url`, reading only: of one team or of all. Rejects with the driver's error
 * when the database cannot be read.
 */
export async function checkChains(
  url: string,
  teamId: string | undefined,
): Promise<readonly { readonly teamId: string; readonly found: AuditVerification }[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'switchyard audit' });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await client.query<{ teamId: string }>(
      `SELECT "teamId" FROM audit_head UNION SELECT DISTINCT "teamId" FROM audit_entry ORDER BY 1`,
    );
    const checked: { teamId: string; found: AuditVerification }[] = [];
    for (const row of rows) {
      if (teamId !== undefined && row.teamId !== teamId) continue;
      const heads = await client.query<ChainEnds>('SELECT * FROM audit_head WHERE "teamId" = $1', [row.teamId]);
      const missing = { seq: 0, hash: '', anchorSeq: 0, anchorHash: '' };
      checked.push({
        teamId: row.teamId,
        found: await verifyChain(read(client, row.teamId), heads.rows[0] ?? missing),
      });
    }
    return checked;
  } finally {
    await client.end().catch(() => {});
  }
}

async function* read(client: pg.Client, teamId: string): AsyncGenerator<ChainEntry> {
  const columns = [...chainFields, 'previousHash', 'hash'].map((name) =>
    name === 'at' ? `to_char("at", 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "at"` : `"${name}"`,
  );
  for (let after = -1; ; ) {
    const { rows } = await client.query<ChainEntry>(
      `SELECT ${columns.join(', ')} FROM audit_entry WHERE "teamId" = $1 AND "seq" > $2 ORDER BY "seq" LIMIT ${pageSize}`,
      [teamId, after],
    );
    yield* rows;
    after = rows.at(-1)?.seq ?? after;
    if (rows.length < pageSize) return;
  }
}
