import type { IncomingMessage, ServerResponse } from 'node:http';
import { peerAddressHeader } from '../../auth/auth.ts';

/** A refusal of a sign-in path, as it is told to the client. */
export class AuthRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, code: string, message: string, retryAfterMs?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** One request to a sign-in path, read whole. */
export interface AuthExchange {
  /** Behind `/api/auth/`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly method: string;
  /** Of the peer; a client's own words about it are not believed. */
  readonly address: string;
  readonly cookie: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

/** Reads what `request` says; `text` is its body. Throws {@link AuthRefusal} when that is no JSON object. */
export function readExchange(request: IncomingMessage, path: string, text: string): AuthExchange {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const address = request.socket.remoteAddress ?? 'unknown';
  headers.set(peerAddressHeader, address);
  return {
    path,
    query: new URLSearchParams((request.url ?? '').split('?').slice(1).join('?')),
    method: request.method ?? 'GET',
    address,
    cookie: request.headers.cookie,
    body: parseBody(text),
    headers,
  };
}

function parseBody(text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') return {};
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // Answered below.
  }
  throw new AuthRefusal(400, 'INPUT_INVALID', 'Send a JSON object.');
}

/**
 * Writes an answer of better-auth. Its bodies name session tokens, which scripts of a page must never see: those are taken
 * out; the cookies hold them.
 */
export async function writeAuthAnswer(
  response: ServerResponse,
  answer: Response,
  extraCookies: readonly string[] = [],
): Promise<void> {
  if (response.headersSent || response.destroyed) return;
  const cookies = [...answer.headers.getSetCookie(), ...extraCookies];
  answer.headers.forEach((value, name) => {
    if (name !== 'set-cookie' && name !== 'content-length') response.setHeader(name, value);
  });
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.statusCode = answer.status;
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') === true;
  response.end(isJson ? withoutTokens(text) : text);
}

function withoutTokens(text: string): string {
  if (!text.includes('"token"')) return text;
  return JSON.stringify(JSON.parse(text), (key, value: unknown) => (key === 'token' ? undefined : value));
}
