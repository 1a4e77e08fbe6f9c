import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  SqlQueryable,
  Transaction,
} from '@prisma/driver-adapter-utils';
import { describeActor } from '../observability/acting.ts';
import { auditedTables } from './audited-tables.ts';

const writePattern = /\b(?:insert\s+into|update|delete\s+from)\s+(?:only\s+)?(?:"?public"?\s*\.\s*)?"?(\w+)"?/gi;

/** Whether a statement writes to an audited table, or adds to the log by itself. */
export function writesAudited(sql: string): boolean {
  if (/^\s*select\s/i.test(sql)) return sql.includes('audit_append(') || sql.includes('audit_prune(');
  for (const [, table] of sql.matchAll(writePattern)) {
    if (table !== undefined && Object.hasOwn(auditedTables, table)) return true;
  }
  return false;
}

/**
 * The same database, which is told who acts: before the first statement of a transaction that writes to an audited table,
 * `switchyard.actor` is set for the rest of the transaction; a statement of its own gets a transaction. What writes nothing
 * audited, or is nobody's, goes through as it is.
 */
export function withActors<Factory extends SqlDriverAdapterFactory>(factory: Factory): Factory {
  return override(factory, { connect: async () => wrapAdapter(await factory.connect()) });
}

function wrapAdapter(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const alone = async <Result>(query: SqlQuery, run: (target: SqlQueryable) => Promise<Result>): Promise<Result> => {
    const actor = describeActor();
    if (actor === undefined || !writesAudited(query.sql)) return run(adapter);
    const transaction = await adapter.startTransaction();
    try {
      await tellActor(transaction, actor);
      const result = await run(transaction);
      await end(transaction, 'COMMIT');
      return result;
    } catch (error) {
      await end(transaction, 'ROLLBACK').catch(() => {});
      throw error;
    }
  };
  return override(adapter, {
    queryRaw: (query: SqlQuery) => alone(query, (target) => target.queryRaw(query)),
    executeRaw: (query: SqlQuery) => alone(query, (target) => target.executeRaw(query)),
    startTransaction: async (isolationLevel: Parameters<SqlDriverAdapter['startTransaction']>[0]) =>
      wrapTransaction(await adapter.startTransaction(isolationLevel)),
  });
}

function wrapTransaction(transaction: Transaction): Transaction {
  const atStart = describeActor();
  let isTold = false;
  const tell = async ({ sql }: SqlQuery) => {
    if (isTold) return;
    const actor = describeActor() ?? atStart;
    if (actor === undefined || !writesAudited(sql)) return;
    isTold = true;
    await tellActor(transaction, actor);
  };
  return override(transaction, {
    queryRaw: async (query: SqlQuery) => {
      await tell(query);
      return transaction.queryRaw(query);
    },
    executeRaw: async (query: SqlQuery) => {
      await tell(query);
      return transaction.executeRaw(query);
    },
  });
}

async function tellActor(target: SqlQueryable, actor: string): Promise<void> {
  await target.queryRaw({
    sql: `SELECT set_config('switchyard.actor', $1, true)`,
    args: [actor],
    argTypes: [{ scalarType: 'string', arity: 'scalar' }],
  });
}

/** Adapters differ in who says COMMIT. */
async function end(transaction: Transaction, how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
  try {
    if (!transaction.options.usePhantomQuery) await transaction.executeRaw({ sql: how, args: [], argTypes: [] });
  } finally {
    await (how === 'COMMIT' ? transaction.commit() : transaction.rollback());
  }
}

/** `target` with some of its methods replaced. */
function override<Target extends object>(target: Target, methods: Readonly<Record<string, unknown>>): Target {
  return new Proxy(target, {
    get(original, property) {
      if (Object.hasOwn(methods, property)) return methods[property as string];
      const value: unknown = Reflect.get(original, property);
      return typeof value === 'function' ? value.bind(original) : value;
    },
  });
}
