import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from 'better-auth/node';
import { peerAddressHeader } from '../auth/auth.ts';
import { needsFirstOwner } from '../auth/first-owner.ts';
import type { Services } from '../container.ts';
import { BodyTooLarge, readBody } from './read-body.ts';
import { respondJson } from './respond.ts';

export const authPath = '/api/auth/';

/** What anonymous people may ask of better-auth. Everything else it offers is not part of the product. */
const openPaths = new Set(['sign-in/email', 'sign-up/email', 'sign-out', 'get-session', 'setup']);

/** Room for any sign-in form; anonymous people may not fill the memory. */
const maxBodyBytes = 64 * 1024;

/** Serves sign-in, sign-up, sign-out, the session, and whether a first owner is still wanted. */
export function createAuthHandler(services: Services) {
  const handle = toNodeHandler(services.auth);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').split('?')[0]?.slice(authPath.length) ?? '';
    if (!openPaths.has(path)) {
      respondJson(response, 404, { code: 'NOT_FOUND', message: 'There is nothing here.' });
      return;
    }
    if (path === 'setup') {
      respondJson(response, 200, { needsOwner: await needsFirstOwner(services.prisma) });
      return;
    }
    try {
      // better-auth takes a body that was read already from here.
      if (request.method !== 'GET')
        Object.assign(request, { body: (await readBody(request, maxBodyBytes)).toString('utf8') });
    } catch (error) {
      if (error instanceof BodyTooLarge) {
        respondJson(response, 413, { code: 'TOO_LARGE', message: 'That is too much.' }, { connection: 'close' });
      }
      return;
    }
    request.headers[peerAddressHeader] = request.socket.remoteAddress ?? 'unknown';
    response.setHeader('cache-control', 'no-store');
    await handle(request, response);
    // A sign-out must end open streams at once, not after the cache has expired.
    if (path === 'sign-out') services.identities.invalidate();
  };
}
