import type { IncomingHttpHeaders } from 'node:http';
import type { Credential } from '../auth/identity-resolver.ts';

/** The credential a request shows: `Authorization: Bearer <key>` first, else the browser's cookies, else undefined. */
export function readCredential(headers: IncomingHttpHeaders): Credential | undefined {
  const key = readBearer(headers.authorization);
  if (key !== undefined) return { kind: 'api-key', key };
  return headers.cookie ? { kind: 'session', cookie: headers.cookie } : undefined;
}

/** The key inside an Authorization header's value. */
export function readBearer(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return /^Bearer\s+(\S{1,512})$/i.exec(value.trim())?.[1];
}
