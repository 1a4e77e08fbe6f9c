import type { IncomingMessage, ServerResponse } from 'node:http';
import { baseUrlOf } from '../auth/base-url.ts';
import { needsFirstOwner } from '../auth/first-owner.ts';
import { isTrustedOrigin } from '../auth/origins.ts';
import type { Services } from '../container.ts';
import { type AuthExchange, AuthRefusal, readExchange, writeAuthAnswer } from './auth/auth-exchange.ts';
import { type GuardedTry, guardAttempt } from './auth/guard-attempts.ts';
import { type OwnAnswer, ownAuthPaths, passwordOff, refusalOf } from './auth/own-auth-paths.ts';
import { BodyTooLarge, readBody } from './read-body.ts';
import { respondJson } from './respond.ts';

export const authPath = '/api/auth/';

/** What may be asked of better-auth, by method and path. Everything else it offers is not part of the product. */
const openPaths = new Set([
  'POST sign-in/email',
  'POST sign-up/email',
  'POST sign-out',
  'GET get-session',
  'POST change-password',
  'POST two-factor/enable',
  'POST two-factor/disable',
  'POST two-factor/verify-totp',
  'POST two-factor/verify-backup-code',
  'POST two-factor/generate-backup-codes',
  'GET callback/sso',
]);

/** Paths after which somebody has signed in here, when they answer with a session. */
const signInPaths = new Set([
  'sign-in/email',
  'sign-up/email',
  'two-factor/verify-totp',
  'two-factor/verify-backup-code',
]);

/** Room for any sign-in form; anonymous people may not fill the memory. */
const maxBodyBytes = 64 * 1024;

/** Serves sign-in, sign-up, sign-out, invitations, second factors, resets of passwords and single sign-on. */
export function createAuthHandler(services: Services) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').split('?')[0]?.slice(authPath.length) ?? '';
    const name = `${request.method} ${path}`;
    const own = ownAuthPaths[name];
    if (!own && !openPaths.has(name)) {
      respondJson(response, 404, { code: 'NOT_FOUND', message: 'There is nothing here.' });
      return;
    }
    response.setHeader('cache-control', 'no-store');
    // Links hold tokens: no page that somebody goes to from here is told of them.
    response.setHeader('referrer-policy', 'no-referrer');
    let attempt: GuardedTry | undefined;
    try {
      assertOwnPage(services, request);
      const exchange = readExchange(request, path, await readText(request));
      attempt = guardAttempt(services, exchange);
      if (own) await answerOwn(services, response, await own(services, exchange));
      else await answerByLibrary(services, exchange, response);
      attempt.end(response.statusCode);
      // What has ended must end open streams at once, not after the cache has expired.
      if (request.method === 'POST') services.identities.invalidate();
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal) {
        attempt?.end(refusal.status);
        respondRefusal(response, refusal);
      } else if (error instanceof BodyTooLarge) {
        respondJson(response, 413, { code: 'TOO_LARGE', message: 'That is too much.' }, { connection: 'close' });
      } else throw error;
    }
  };
}

/** Pages of other sites may change nothing here, whatever a browser would send along for them. */
function assertOwnPage(services: Services, request: IncomingMessage): void {
  if (request.method === 'GET') return;
  const { origin, host } = request.headers;
  const isForeign =
    (origin !== undefined && !isTrustedOrigin(origin, host, services.origins)) ||
    (origin === undefined && request.headers['sec-fetch-site'] === 'cross-site');
  if (isForeign) throw new AuthRefusal(403, 'ORIGIN_REFUSED', 'Pages of other sites may not do this.');
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new AuthRefusal(415, 'JSON_WANTED', 'Send JSON, with the content type application/json.');
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  return request.method === 'GET' ? '' : (await readBody(request, maxBodyBytes)).toString('utf8');
}

async function answerOwn(services: Services, response: ServerResponse, answer: OwnAnswer): Promise<void> {
  const { status, body, signIn, email } = answer;
  const cookies = [...(signIn?.headers.getSetCookie() ?? []), ...(email ? [services.devices.issue(email)] : [])];
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  respondJson(response, status, body);
}

async function answerByLibrary(services: Services, exchange: AuthExchange, response: ServerResponse): Promise<void> {
  const { path, method, headers, body, query } = exchange;
  if (path === 'sign-in/email' && !services.singleSignOn.isPasswordAllowed) throw passwordOff(services);
  // Said before anything is looked up: else the answer would tell whether there is such an account.
  if (path === 'sign-up/email' && !(await needsFirstOwner(services.prisma))) {
    throw new AuthRefusal(
      403,
      'SIGN_UP_CLOSED',
      'This installation already has an owner. Ask an admin of your team for an invitation.',
    );
  }
  if (path === 'callback/sso') await services.singleSignOn.prepare();
  headers.delete('content-length');
  const search = method === 'GET' && query.size > 0 ? `?${query}` : '';
  const answer = await services.auth.handler(
    new Request(`${baseUrlOf(services.settings)}${authPath}${path}${search}`, {
      method,
      headers,
      ...(method !== 'GET' && {
        body: JSON.stringify(path === 'change-password' ? { revokeOtherSessions: true, ...body } : body),
      }),
    }),
  );
  const email = answer.ok && signInPaths.has(path) ? await signedInEmail(answer.clone()) : undefined;
  await writeAuthAnswer(response, answer, email === undefined ? [] : [services.devices.issue(email)]);
}

/** Whose session the answer begins; undefined while a second factor is wanted. */
async function signedInEmail(answer: Response): Promise<string | undefined> {
  const { user } = ((await answer.json()) ?? {}) as { user?: { email?: string } };
  return user?.email;
}

function respondRefusal(response: ServerResponse, refusal: AuthRefusal): void {
  const { status, code, message, retryAfterMs } = refusal;
  const headers = retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
  respondJson(response, status, { code, message }, headers);
}
