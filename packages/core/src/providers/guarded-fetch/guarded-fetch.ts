import { request } from 'undici';
import type { JsonRecord } from '../json-shape.ts';
import type { ProviderConnection } from '../provider-connection.ts';
import type { ProviderProfile } from '../provider-profile.ts';
import { AddressRefusedError, checkEndpoint } from './address-policy.ts';
import type { Exchange } from './exchange.ts';
import { bodyLimits, frameBody } from './framed-body.ts';
import { headerOf } from './header-map.ts';
import { sharedHttpAgent } from './http-agents.ts';

/** The part of `fetch`'s second argument that the vendors' SDKs use. */
export interface GuardedRequestInit {
  readonly method?: string;
  readonly headers?: Headers | Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

/** Performs one request of one exchange. Rejects after noting the cause in the exchange. */
export type GuardedFetch = (exchange: Exchange, url: string, init: GuardedRequestInit) => Promise<Response>;

/** What an SDK may say beside what we say ourselves. Anything else, such as headers an SDK read from the environment, stays here. */
const passedHeaders = ['accept', 'content-type', 'user-agent', 'anthropic-beta', 'x-goog-api-client'];

/**
 * Makes the `fetch` that a connection's SDK uses. It sees every byte before the SDK does. The SDK never holds the real
 * key: it is added here, and only when the request goes to the connection's own origin. Redirects are not followed.
 * Throws {@link AddressRefusedError} when the connection's endpoint is not acceptable.
 */
export function createGuardedFetch(
  connection: ProviderConnection,
  profile: ProviderProfile,
  traceHeaders?: (providerId: string) => Readonly<Record<string, string>> | undefined,
): GuardedFetch {
  const { origin } = checkEndpoint(connection.baseUrl, connection.addressPolicy);
  const ownHeaders: Record<string, string> = { ...profile.fixedHeaders };
  if (connection.apiKey) ownHeaders[profile.keyHeader.name] = profile.keyHeader.prefix + connection.apiKey;
  for (const [name, value] of Object.entries(connection.headers ?? {})) ownHeaders[name.toLowerCase()] = value;
  const dispatcher = sharedHttpAgent(connection.addressPolicy);

  return async (exchange, url, init) => {
    if (!url.startsWith(origin) || new URL(url).origin !== origin) {
      return refuse(exchange, 'The request would have left the endpoint that the key belongs to.');
    }
    const answer = await request(url, {
      method: (init.method ?? 'GET') as 'GET' | 'POST',
      headers: { ...pickHeaders(init.headers), ...traceHeaders?.(connection.id), ...ownHeaders },
      body: init.body ?? null,
      dispatcher,
      signal: exchange.signal,
    }).catch((error: unknown) => {
      if (isAddressRefused(error)) return refuse(exchange, error.message);
      exchange.fail({ type: 'transport', error });
      throw error;
    });
    exchange.status = answer.statusCode;
    exchange.headers = answer.headers;
    if (answer.statusCode >= 300) {
      const text = await readText(answer.body, bodyLimits.maxErrorBytes, exchange);
      exchange.fail({ type: 'http', status: answer.statusCode, body: parse(text), text });
      return new Response(text, {
        status: answer.statusCode,
        headers: { 'content-type': headerOf(answer.headers, 'content-type') ?? 'text/plain' },
      });
    }
    const contentType = headerOf(answer.headers, 'content-type') ?? '';
    if (contentType.includes('json')) {
      const text = await readText(answer.body, bodyLimits.maxBodyBytes, exchange);
      if (!exchange.expectsStream)
        return new Response(text, { status: answer.statusCode, headers: { 'content-type': 'application/json' } });
      return streamed(answer.statusCode, exchange, oneEvent(text, exchange));
    }
    if (contentType.includes('text/html')) {
      answer.body.on('error', () => {}).destroy();
      exchange.fail({ type: 'malformed', message: 'The endpoint answered with a web page. Is the base URL right?' });
      throw new Error('not an event stream');
    }
    return streamed(answer.statusCode, exchange, frameBody(answer.body, exchange));
  };
}

/** A whole answer, asked for or not (some compatible endpoints ignore `stream`), handed on as one event. */
async function* oneEvent(text: string, exchange: Exchange): AsyncGenerator<readonly JsonRecord[], void, undefined> {
  const event = exchange.accept({ event: undefined, data: text });
  if (event) yield [event];
  else if (exchange.bodyError === undefined)
    exchange.fail({ type: 'malformed', message: 'The answer of the provider is no JSON object.' });
}

/**
 * What the SDK is told of a streamed answer: its status and nothing else. The events go to the decoder by way of the
 * exchange. The SDKs' own iterators would parse every event a second time, and they end normally when a connection is
 * cut.
 */
function streamed(status: number, exchange: Exchange, events: AsyncIterable<readonly JsonRecord[]>): Response {
  exchange.events = events;
  return new StreamedResponse(status) as unknown as Response;
}

const noHeaders = new Headers();

/** As much of `Response` as the SDKs touch of an answer that they do not read themselves. */
class StreamedResponse {
  readonly ok = true;
  readonly status: number;
  readonly statusText = '';
  readonly url = '';
  readonly headers = noHeaders;
  readonly body = null;

  constructor(status: number) {
    this.status = status;
  }
}

function refuse(exchange: Exchange, message: string): never {
  exchange.fail({ type: 'refused', message });
  throw new AddressRefusedError(message);
}

function isAddressRefused(error: unknown): error is Error {
  return error instanceof Error && (error as { code?: unknown }).code === 'address-refused';
}

function pickHeaders(headers: GuardedRequestInit['headers']): Record<string, string> {
  const picked: Record<string, string> = {};
  if (!headers) return picked;
  const read = headers instanceof Headers ? (name: string) => headers.get(name) : (name: string) => headers[name];
  for (const name of passedHeaders) {
    const value = read(name);
    if (value) picked[name] = value;
  }
  return picked;
}

async function readText(body: AsyncIterable<unknown>, maxBytes: number, exchange: Exchange): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) return Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
    }
    exchange.isFree = true;
  } catch (error) {
    // A body that breaks off is read as far as it came: of a failure any words help, of an answer the reader judges.
    exchange.bodyError = error;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
