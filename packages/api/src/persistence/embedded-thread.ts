import { Worker } from 'node:worker_threads';
import type {
  SqlDriverAdapter,
  SqlMigrationAwareDriverAdapterFactory,
  SqlQuery,
  SqlQueryable,
  Transaction,
} from '@prisma/driver-adapter-utils';
import {
  decodeThreadError,
  type EmbeddedLocation,
  type NumberedRequest,
  type ThreadAnswers,
  type ThreadMessage,
  type ThreadRequest,
} from './postgres-thread-messages.ts';

/** An embedded Postgres in a thread of its own, so that no query holds up answers and streams. */
export interface EmbeddedThread {
  /** What Prisma talks to. */
  readonly factory: SqlMigrationAwareDriverAdapterFactory;
  /** Runs several statements as one transaction. */
  runScript(script: string): Promise<void>;
  rows(sql: string, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** What was asked and is not answered yet. */
  pendingCount(): number;
  /** Waits for what runs, closes the database and ends the thread. */
  close(): Promise<void>;
}

type Ask = <T extends ThreadRequest>(request: T) => Promise<ThreadAnswers[T['type']]>;

interface Pending {
  resolve(value: never): void;
  reject(error: Error): void;
}

const identity = { provider: 'postgres', adapterName: 'pglite-prisma-adapter' } as const;

/** Starts the thread; rejects when the database cannot be opened. The caller holds the lock of the data folder. */
export async function startEmbeddedThread(location: EmbeddedLocation): Promise<EmbeddedThread> {
  const worker = new Worker(new URL('./postgres-thread.ts', import.meta.url), {
    workerData: location,
    name: 'postgres',
    env: {},
    // Flags of this process, such as those of a test runner, are not meant for the thread.
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const pending = new Map<number, Pending>();
  const ask = await openChannel(worker, pending);
  return {
    pendingCount: () => pending.size,
    factory: createFactory(ask),
    runScript: async (script) => void (await ask({ type: 'script', script })),
    rows: (sql, values) => ask({ type: 'rows', sql, values }),
    close: async () => {
      const ended = new Promise((resolve) => worker.once('exit', resolve));
      worker.ref();
      await ask({ type: 'close' }).finally(() => worker.terminate());
      await ended;
    },
  };
}

/** Resolves once the database is open. While nothing is asked, the thread does not keep the process alive. */
function openChannel(worker: Worker, pending: Map<number, Pending>): Promise<Ask> {
  let lastId = 0;
  let ended: Error | undefined;
  const take = (id: number): Pending | undefined => {
    const found = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) worker.unref();
    return found;
  };
  const ask: Ask = (request) =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      lastId += 1;
      if (pending.size === 0) worker.ref();
      pending.set(lastId, { resolve, reject });
      worker.postMessage({ id: lastId, request } satisfies NumberedRequest);
    });
  return new Promise((resolve, reject) => {
    const end = (error: Error) => {
      ended ??= error;
      reject(ended);
      for (const id of [...pending.keys()]) take(id)?.reject(ended);
    };
    worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => end(new Error('The embedded database has been closed.')));
    worker.on('message', (message: ThreadMessage) => {
      if (message.type === 'answer') take(message.id)?.resolve(message.value as never);
      else if (message.type === 'refusal') take(message.id)?.reject(decodeThreadError(message.error));
      else if (message.type === 'failed') end(decodeThreadError(message.error));
      else {
        worker.unref();
        resolve(ask);
      }
    });
  });
}

function createFactory(ask: Ask): SqlMigrationAwareDriverAdapterFactory {
  return {
    ...identity,
    connect: async () => createAdapter(ask, async () => {}),
    connectToShadowDb: async () => {
      const shadow = await startEmbeddedThread({ kind: 'memory' });
      const adapter = await shadow.factory.connect();
      return { ...adapter, dispose: () => shadow.close() };
    },
  };
}

function createQueryable(ask: Ask, transaction?: number): SqlQueryable {
  const place = transaction === undefined ? {} : { transaction };
  return {
    ...identity,
    queryRaw: (query) => ask({ type: 'query', query: ownBytes(query), ...place }),
    executeRaw: (query) => ask({ type: 'execute', query: ownBytes(query), ...place }),
  };
}

function createAdapter(ask: Ask, dispose: () => Promise<void>): SqlDriverAdapter {
  return {
    ...createQueryable(ask),
    executeScript: async (script) => void (await ask({ type: 'script', script })),
    getConnectionInfo: () => ({ supportsRelationJoins: true }),
    startTransaction: async (isolationLevel): Promise<Transaction> => {
      const transaction = await ask({ type: 'begin', ...(isolationLevel && { isolationLevel }) });
      return {
        ...createQueryable(ask, transaction),
        options: { usePhantomQuery: true },
        commit: async () => void (await ask({ type: 'commit', transaction })),
        rollback: async () => void (await ask({ type: 'rollback', transaction })),
      };
    },
    dispose,
  };
}

/** Bytes are copied out of the pool that buffers share: a view crosses threads with all that lies around it. */
function ownBytes(query: SqlQuery): SqlQuery {
  if (!query.args.some((arg) => ArrayBuffer.isView(arg))) return query;
  return { ...query, args: query.args.map((arg) => (arg instanceof Uint8Array ? Uint8Array.from(arg) : arg)) };
}
