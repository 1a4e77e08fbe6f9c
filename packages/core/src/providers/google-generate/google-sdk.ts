import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import type * as GoogleSdk from '@google/generative-ai';

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const currentFetch = new AsyncLocalStorage<Fetch>();
let loaded: typeof GoogleSdk | undefined;

/**
 * The official `@google/generative-ai` SDK, evaluated once with a `fetch` of ours in its scope.
 *
 * The SDK calls the global `fetch` and takes neither a fetch nor an agent of its caller. Replacing the global would reach
 * into every other module of the process; a proxy behind `baseUrl` would cost a hop; undici's global dispatcher sees
 * neither headers nor bytes. So its own bundle is evaluated as CommonJS does it, with one more parameter: `fetch`.
 */
export function loadGoogleSdk(): typeof GoogleSdk {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  const filename = require.resolve('@google/generative-ai');
  const module = { exports: {} as typeof GoogleSdk };
  const evaluate = compileFunction(readFileSync(filename, 'utf8'), ['exports', 'require', 'module', 'fetch'], {
    filename,
  });
  evaluate(module.exports, require, module, scopedFetch);
  loaded = module.exports;
  return loaded;
}

function scopedFetch(url: string, init: RequestInit): Promise<Response> {
  const fetch = currentFetch.getStore();
  if (!fetch) return Promise.reject(new Error('The Google SDK was called outside withGoogleFetch.'));
  return fetch(url, init);
}

/** Runs `work`; every request the Google SDK sends in it goes through `fetch`. */
export function withGoogleFetch<Result>(fetch: Fetch, work: () => Result): Result {
  return currentFetch.run(fetch, work);
}
