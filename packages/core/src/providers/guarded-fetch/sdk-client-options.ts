import type { Exchange } from './exchange.ts';
import type { GuardedFetch, GuardedRequestInit } from './guarded-fetch.ts';

/** Longest delay a Node timer takes: the SDK's own timeout never fires, deadlines belong to dispatch. */
const neverMs = 2_147_483_647;

/**
 * What the clients of `openai` and `@anthropic-ai/sdk` are made with, so that one policy retries, one clock limits, and
 * every byte goes through `fetch`. Each request must name its exchange: `{ fetchOptions: inExchange(exchange) }`.
 */
export function sdkClientOptions(fetch: GuardedFetch) {
  return {
    // The real key is added by the guarded fetch; this one keeps the SDK from reading the environment.
    apiKey: 'kept-by-guarded-fetch',
    maxRetries: 0,
    timeout: neverMs,
    logLevel: 'off',
    fetch: (url: unknown, init: unknown) => {
      const { exchange, ...rest } = init as GuardedRequestInit & { exchange: Exchange };
      return fetch(exchange, String(url), rest);
    },
  } as const;
}

/** Hands the exchange of one request through the SDK to the guarded fetch. */
export function inExchange(exchange: Exchange): never {
  return { exchange } as never;
}
