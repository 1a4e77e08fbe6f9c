import type { ConnectionTestResult } from '../spec/index.ts';
import { cancelledError, type FailureContext, toProviderError } from './failures/to-provider-error.ts';
import type { Exchange } from './guarded-fetch/exchange.ts';
import type { GuardedFetch } from './guarded-fetch/guarded-fetch.ts';
import { findRequestId } from './guarded-fetch/header-map.ts';
import { arrayAt, stringAt } from './json-shape.ts';
import type { ProviderConnection } from './provider-connection.ts';
import type { ProviderProfile } from './provider-profile.ts';

/**
 * Asks for the list of models, every vendor's cheapest free call, which also proves the key. Not through the SDKs:
 * Google's has no such call, and the three differ only in path and field names. Throws `ProviderError`.
 */
export async function listModels(parts: {
  connection: ProviderConnection;
  profile: ProviderProfile;
  fetch: GuardedFetch;
  exchange: Exchange;
  context: FailureContext;
  signal: AbortSignal;
}): Promise<ConnectionTestResult> {
  const { connection, profile, exchange, context, signal } = parts;
  const onAbort = () => exchange.close();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const response = await parts.fetch(exchange, connection.baseUrl.replace(/\/+$/, '') + profile.modelsPath, {
      headers: { accept: 'application/json' },
    });
    const body: unknown = exchange.failure ? undefined : JSON.parse(await response.text());
    if (exchange.failure || !isList(body)) throw new Error('not a list of models');
    const providerRequestId = findRequestId(exchange.headers);
    return { models: readModels(body), ...(providerRequestId !== undefined && { providerRequestId }) };
  } catch (error) {
    if (signal.aborted) throw cancelledError(exchange, context);
    throw toProviderError(exchange, error, context);
  } finally {
    signal.removeEventListener('abort', onAbort);
    exchange.release();
  }
}

function isList(body: unknown): boolean {
  return Array.isArray(body) || (typeof body === 'object' && body !== null && ('data' in body || 'models' in body));
}

/** `{data: [{id}]}`, Gemini's `{models: [{name: "models/…"}]}`, or a bare array. */
function readModels(body: unknown): string[] {
  const rows = Array.isArray(body) ? body : [...arrayAt(body, 'data'), ...arrayAt(body, 'models')];
  return rows
    .map((row) => stringAt(row, 'id') ?? stringAt(row, 'name')?.replace(/^models\//, ''))
    .filter((id): id is string => id !== undefined && id !== '');
}
