/** The thread of the embedded database: opens it and answers the requests of `postgres-thread-messages.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import type { PGlite } from '@electric-sql/pglite';
import type { SqlDriverAdapter, Transaction } from '@prisma/driver-adapter-utils';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { openEmbeddedPostgres, openMemoryPostgres } from './embedded-postgres.ts';
import {
  type EmbeddedLocation,
  encodeThreadError,
  type NumberedRequest,
  type ThreadMessage,
  type ThreadRequest,
} from './postgres-thread-messages.ts';

function say(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

async function serve(location: EmbeddedLocation): Promise<void> {
  const client = location.kind === 'memory' ? await openMemoryPostgres() : await openEmbeddedPostgres(location.dataDir);
  const adapter = await new PrismaPGlite(client).connect();
  const transactions = new Map<number, Transaction>();
  parentPort?.on('message', async ({ id, request }: NumberedRequest) => {
    try {
      say({ type: 'answer', id, value: await answer(client, adapter, transactions, id, request) });
      if (request.type === 'close') parentPort?.close();
    } catch (error) {
      say({ type: 'refusal', id, error: encodeThreadError(error) });
    }
  });
  say({ type: 'opened' });
}

async function answer(
  client: PGlite,
  adapter: SqlDriverAdapter,
  transactions: Map<number, Transaction>,
  id: number,
  request: ThreadRequest,
): Promise<unknown> {
  const opened = (transaction: number): Transaction => {
    const found = transactions.get(transaction);
    if (!found) throw new Error('The transaction has ended.');
    return found;
  };
  switch (request.type) {
    case 'query':
      return (request.transaction === undefined ? adapter : opened(request.transaction)).queryRaw(request.query);
    case 'execute':
      return (request.transaction === undefined ? adapter : opened(request.transaction)).executeRaw(request.query);
    case 'script':
      // The adapter's own way neither waits for the script nor sees its errors.
      return void (await client.exec(request.script));
    case 'begin':
      transactions.set(id, await adapter.startTransaction(request.isolationLevel));
      return id;
    case 'commit':
    case 'rollback': {
      const transaction = opened(request.transaction);
      transactions.delete(request.transaction);
      return transaction[request.type]();
    }
    case 'rows':
      return (await client.query<Record<string, unknown>>(request.sql, [...request.values])).rows;
    case 'close':
      return client.close();
  }
}

serve(workerData as EmbeddedLocation).catch((error: unknown) => {
  say({ type: 'failed', error: encodeThreadError(error) });
  parentPort?.close();
});
