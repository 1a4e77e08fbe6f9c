import OpenAI, { type ClientOptions } from 'openai';
import type { TestServer } from './test-server.ts';

export { APIError, type OpenAI } from 'openai';

/** The official client of OpenAI's API, told where Switchyard is; nothing else about it is special. */
export function createOpenAiClient(server: TestServer, options: ClientOptions = {}): OpenAI {
  return new OpenAI({ baseURL: `${server.url}/v1`, apiKey: server.key, maxRetries: 0, ...options });
}

/** Asks `path` below `/v1` without any client. */
export function fetchOpenAi(
  server: TestServer,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${server.url}/v1/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${server.key}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

/** The payloads of a body of server-sent events, in order; `[DONE]` stays a text. */
export async function readEvents(response: Response): Promise<unknown[]> {
  const blocks = (await response.text()).split('\n\n');
  if (blocks.pop() !== '') throw new Error('The last event is not finished.');
  return blocks.map((block) => {
    const payload = /^data: ([^\n]+)$/.exec(block)?.[1];
    if (payload === undefined) throw new Error(`Not an event: ${block}`);
    return payload === '[DONE]' ? payload : (JSON.parse(payload) as unknown);
  });
}
