import type { IncomingHttpHeaders } from 'node:http';
import { isTrustedOrigin, type OriginPolicy } from '../auth/origins.ts';

/**
 * Whether a page of another site sent this request. Browsers tell by `Origin`, and by `Sec-Fetch-Site` also where they
 * leave `Origin` out; another port of this host is another site here, although browsers call it the same. Programs send
 * neither.
 */
export function isFromForeignPage(headers: IncomingHttpHeaders, origins: OriginPolicy): boolean {
  const { origin, host } = headers;
  if (origin !== undefined) return !isTrustedOrigin(origin, host, origins);
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
