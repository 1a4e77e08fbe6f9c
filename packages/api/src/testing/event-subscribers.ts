import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { makeSubject, pipe, subscribe, takeUntil } from 'wonka';
import { WebSocket } from 'ws';
import { eventsDocument } from './comparison-documents.ts';
import type { LooseJson } from './graph-client.ts';

type Target = { readonly graphUrl: string; readonly socketUrl: string; readonly key: string };

/** Reads events after `afterSeq`; with `leaveAfter` it disconnects once it has that many, else it reads to the end. */
export type Subscriber = (
  server: Target,
  comparisonId: string,
  afterSeq?: number,
  leaveAfter?: number,
) => Promise<LooseJson[]>;

async function readIterator(
  results: AsyncIterableIterator<{ data?: LooseJson; errors?: unknown }>,
  leaveAfter: number,
): Promise<LooseJson[]> {
  const events: LooseJson[] = [];
  for await (const { data, errors } of results) {
    if (errors) throw new Error(JSON.stringify(errors));
    events.push(data.comparisonEvents);
    if (events.length >= leaveAfter) break;
  }
  return events;
}

export const readBySocket: Subscriber = async (server, id, after = 0, leaveAfter = Number.POSITIVE_INFINITY) => {
  const client = createSocketClient({
    url: server.socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${server.key}` },
    retryAttempts: 0,
  });
  try {
    return await readIterator(client.iterate({ query: eventsDocument, variables: { id, after } }), leaveAfter);
  } finally {
    await client.dispose();
  }
};

export const readBySse: Subscriber = async (server, id, after = 0, leaveAfter = Number.POSITIVE_INFINITY) => {
  const client = createSseClient({
    url: server.graphUrl,
    headers: { authorization: `Bearer ${server.key}` },
    retryAttempts: 0,
  });
  try {
    return await readIterator(client.iterate({ query: eventsDocument, variables: { id, after } }) as never, leaveAfter);
  } finally {
    client.dispose();
  }
};

export const readByUrql: Subscriber = async (server, id, after = 0, leaveAfter = Number.POSITIVE_INFINITY) => {
  const socket = createSocketClient({
    url: server.socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${server.key}` },
    retryAttempts: 0,
  });
  const client = new Client({
    url: server.graphUrl,
    exchanges: [
      subscriptionExchange({
        forwardSubscription: (operation) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe({ ...operation, query: operation.query ?? '' }, sink as never),
          }),
        }),
      }),
      fetchExchange,
    ],
  });
  const events: LooseJson[] = [];
  const enough = makeSubject<void>();
  try {
    await new Promise<void>((resolve, reject) => {
      pipe(
        client.subscription(eventsDocument, { id, after }),
        takeUntil(enough.source),
        subscribe((result: { data?: LooseJson; error?: unknown; hasNext?: boolean }) => {
          if (result.error) reject(result.error);
          // At the end urql tells its last result once more, marked as the last.
          else if (result.hasNext === false) resolve();
          else if (result.data) events.push(result.data.comparisonEvents);
          if (events.length < leaveAfter) return;
          enough.next();
          resolve();
        }),
      );
      socket.on('closed', () => resolve());
    });
    return events;
  } finally {
    await socket.dispose();
  }
};

export const subscribers: Readonly<Record<string, Subscriber>> = {
  'graphql-ws': readBySocket,
  'graphql-sse': readBySse,
  urql: readByUrql,
};

/** The text that deltas of one lane add up to, checking that each begins where the one before ended. */
export function joinDeltas(events: readonly LooseJson[], laneId: string, type = 'OutputDelta'): string {
  let text = '';
  for (const event of events) {
    if (event.laneId !== laneId) continue;
    if (event.__typename === 'OutputReset') text = '';
    if (event.__typename !== type) continue;
    if (event.offset !== text.length) throw new Error(`A delta begins at ${event.offset} instead of ${text.length}.`);
    text += event.text;
  }
  return text;
}
