import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';
import { auditedTables } from '../../persistence/audited-tables.ts';

const pageSize = 500;

/** Sums and the insides of processes: what they are made of is exported. */
const leftOut: ReadonlySet<string> = new Set([
  ...['metric_scope', 'metric_rollup', 'metric_value', 'metric_state', 'routing_snapshot_part', 'budget_lease'],
  ...['idempotency_record', 'health_minute', 'health_window', 'health_period', 'audit_head', 'call_record_batch'],
]);

/** Tables whose rows belong to a team through another one. */
const ownedThrough: Readonly<Record<string, { readonly column: string; readonly table: string }>> = {
  run_event: { column: 'runId', table: 'run' },
  experiment_exposure: { column: 'experimentId', table: 'experiment' },
  experiment_unit: { column: 'experimentId', table: 'experiment' },
  experiment_rating: { column: 'experimentId', table: 'experiment' },
};

interface Table {
  readonly name: string;
  readonly keys: readonly { readonly name: string; readonly type: string }[];
  readonly owned: Prisma.Sql;
}

const name = (text: string) => Prisma.raw(`"${text.replaceAll('"', '""')}"`);

/**
 * Everything that a team has, one JSON object for each line: `type` is the table, `row` its columns. Sealed credentials,
 * hashes and tokens are left out. Read page by page, so that it is no picture of one moment: what is changed meanwhile may
 * be in it as before or as after.
 */
export async function* exportTeam(prisma: PrismaClient, teamId: string): AsyncGenerator<string> {
  yield `${JSON.stringify({ type: 'export', version: 1, teamId })}\n`;
  for (const table of await listTables(prisma, teamId)) {
    const secrets = auditedTables[table.name]?.secrets ?? [];
    yield* readRows(prisma, table, secrets);
  }
}

async function* readRows(prisma: PrismaClient, table: Table, secrets: readonly string[]): AsyncGenerator<string> {
  const columns = table.keys.map((key) => Prisma.sql`t.${name(key.name)}`);
  let after: readonly string[] | undefined;
  for (;;) {
    const beyond = after
      ? Prisma.sql`AND (${Prisma.join(columns)}) > (${Prisma.join(
          after.map((value, index) => Prisma.sql`${value}::text::${Prisma.raw(table.keys[index]?.type ?? 'text')}`),
        )})`
      : Prisma.empty;
    const rows = await prisma.$queryRaw<{ readonly content: string; readonly place: readonly string[] }[]>`
      SELECT (to_jsonb(t) - ${[...secrets]}::text[])::text AS content,
        ARRAY[${Prisma.join(columns.map((column) => Prisma.sql`${column}::text`))}] AS place
      FROM ${name(table.name)} t WHERE ${table.owned} ${beyond}
      ORDER BY ${Prisma.join(columns)} LIMIT ${pageSize}`;
    if (rows.length > 0) yield rows.map(({ content }) => `{"type":"${table.name}","row":${content}}\n`).join('');
    after = rows.at(-1)?.place;
    if (rows.length < pageSize) return;
  }
}

async function listTables(prisma: PrismaClient, teamId: string): Promise<readonly Table[]> {
  const rows = await prisma.$queryRaw<{ table: string; hasTeam: boolean; keys: string[]; types: string[] }[]>`
    SELECT c.relname::text AS "table",
      EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'teamId' AND NOT a.attisdropped) AS "hasTeam",
      array_agg(a.attname::text ORDER BY k.place) AS keys,
      array_agg(format_type(a.atttypid, NULL) ORDER BY k.place) AS types
    FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
      JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
      CROSS JOIN LATERAL unnest(i.indkey::int[]) WITH ORDINALITY AS k(number, place)
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
    WHERE c.relkind = 'r'
    GROUP BY c.oid, c.relname ORDER BY c.relname`;
  const tables = rows.flatMap(({ table, hasTeam, keys, types }): Table[] => {
    const through = ownedThrough[table];
    const owned = through
      ? Prisma.sql`t.${name(through.column)} IN (SELECT o."id" FROM ${name(through.table)} o WHERE o."teamId" = ${teamId})`
      : Prisma.sql`t."teamId" = ${teamId}`;
    if (leftOut.has(table) || (!hasTeam && !through)) return [];
    return [{ name: table, keys: keys.map((key, index) => ({ name: key, type: types[index] ?? 'text' })), owned }];
  });
  const key = [{ name: 'id', type: 'text' }];
  return [{ name: 'team', keys: key, owned: Prisma.sql`t."id" = ${teamId}` }, ...tables];
}
