import { type Client, createClient } from 'graphql-ws';

let shared: Client | undefined;

/**
 * The socket that every subscription of this page shares. It does not retry by itself: a retry would repeat the old `afterSeq`, so the
 * subscriber resubscribes from the last event that it applied.
 */
export function eventSocket(): Client {
  shared ??= createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    lazy: true,
    lazyCloseTimeout: 3000,
    retryAttempts: 0,
    keepAlive: 12_000,
  });
  return shared;
}
