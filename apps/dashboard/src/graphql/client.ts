'use client';

import { cacheExchange } from '@urql/exchange-graphcache';
import { retryExchange } from '@urql/exchange-retry';
import { Client, fetchExchange, mapExchange } from 'urql';
import { cacheConfig } from './cache-config.ts';
import { isUnauthenticated } from './failure.ts';
import { fetchPersisted } from './fetch-persisted.ts';

/**
 * One client per page load. Streams do not pass through here: see `event-socket.ts`. `NEXT_PUBLIC_PERSISTED_DOCUMENTS=on` at build time
 * makes it send ids in place of texts.
 */
export function createClient(onSignedOut: () => void): Client {
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    ...(process.env.NEXT_PUBLIC_PERSISTED_DOCUMENTS === 'on' ? { fetch: fetchPersisted } : {}),
    fetchOptions: { credentials: 'same-origin' },
    exchanges: [
      mapExchange({
        onError(error) {
          if (isUnauthenticated(error)) onSignedOut();
        },
      }),
      cacheExchange(cacheConfig),
      retryExchange({
        initialDelayMs: 300,
        maxDelayMs: 3000,
        maxNumberAttempts: 3,
        retryIf: (error, operation) =>
          operation.kind === 'query' && error.networkError !== undefined && error.response === undefined,
      }),
      fetchExchange,
    ],
  });
}
