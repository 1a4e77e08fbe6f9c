import type { Clock, Ids, Log } from '@switchyard/core/kernel';
import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { APIError, createAuthMiddleware, getSessionFromCtx, isAPIError } from 'better-auth/api';
import { twoFactor } from 'better-auth/plugins';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { SingleSignOnSettings } from '../settings.ts';
import { isTrustedOrigin, type OriginPolicy } from './origins.ts';
import { findPasswordProblem, maxPasswordLength, minPasswordLength } from './password-rules.ts';
import { createSignInHooks } from './sign-in-hooks.ts';
import { validateSingleSignOnUser } from './single-sign-on.ts';

/** The header in which our HTTP server tells better-auth the peer's address; whatever a client sends there is replaced. */
export const peerAddressHeader = 'x-switchyard-peer';

export type Auth = ReturnType<typeof createAuth>;

const dayS = 24 * 60 * 60;

/**
 * Sessions by e-mail and password, with a second factor where a person wants one, and by single sign-on. Sign-up is open
 * only until the first owner exists; that person also gets the first team. Attempts are limited where they come in, at
 * the HTTP server.
 */
export function createAuth(options: {
  readonly prisma: PrismaClient;
  readonly secret: string;
  readonly baseUrl: string;
  readonly origins: OriginPolicy;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly singleSignOn: SingleSignOnSettings | undefined;
}) {
  const { prisma, clock, ids, log, singleSignOn } = options;
  return betterAuth({
    appName: 'Switchyard',
    secret: options.secret,
    baseURL: options.baseUrl,
    basePath: '/api/auth',
    database: prismaAdapter(prisma, { provider: 'postgresql' }),
    trustedOrigins: (request) => {
      const origin = request?.headers.get('origin');
      return origin && isTrustedOrigin(origin, request?.headers.get('host'), options.origins) ? [origin] : [];
    },
    emailAndPassword: { enabled: true, minPasswordLength, maxPasswordLength, autoSignIn: true },
    session: {
      expiresIn: 30 * dayS,
      updateAge: dayS,
      additionalFields: {
        activeTeamId: { type: 'string', required: false, input: false },
        signInMethod: { type: 'string', required: false, input: false },
        lastSeenAt: { type: 'date', required: false, input: false, returned: false },
      },
    },
    user: { validateUserInfo: async ({ user, source }) => validateSingleSignOnUser(singleSignOn, user, source.method) },
    account: {
      // By an address that both sides have confirmed, and by nothing else.
      accountLinking: { enabled: true, trustedProviders: [], allowDifferentEmails: false },
      updateAccountOnSignIn: false,
    },
    // Tokens of links and challenges are kept as hashes.
    verification: { storeIdentifier: 'hashed' },
    plugins: [twoFactor({ issuer: 'Switchyard', trustDeviceMaxAge: 30 * dayS })],
    hooks: { before: createAuthMiddleware(async (context) => checkNewPassword(context)) },
    databaseHooks: createSignInHooks({ prisma, clock, ids, singleSignOn }),
    onAPIError: {
      errorURL: `${options.baseUrl}/sign-in`,
      // Refusals are answers. What is unexpected is named without its text, which may hold what was sent.
      onError: (error) => {
        if (isAPIError(error) && error.status !== 'INTERNAL_SERVER_ERROR') return;
        const { name, code } = error as { name?: string; code?: string };
        log.error({ source: 'sign-in', name, code }, 'a request to a sign-in path failed');
      },
    },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    // What it would add to its messages may hold addresses and tokens.
    logger: {
      level: 'warn',
      log: (level, message) => {
        const line = { source: 'sign-in' };
        if (level === 'error') log.error(line, message);
        else log.info(line, message);
      },
    },
    advanced: {
      useSecureCookies: options.baseUrl.startsWith('https:'),
      cookiePrefix: 'switchyard',
      ipAddress: { ipAddressHeaders: [peerAddressHeader] },
      database: { generateId: ({ model }) => ids.next(idPrefixes[model] ?? 'id') },
    },
  });
}

/** Holds passwords of new people and of those who change theirs to the rules; resets and invitations do it themselves. */
async function checkNewPassword(context: Parameters<Parameters<typeof createAuthMiddleware>[0]>[0]): Promise<void> {
  const body = context.body as Readonly<Record<string, unknown>> | undefined;
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  let problem: string | undefined;
  if (context.path === '/sign-up/email') {
    problem = await findPasswordProblem(text(body?.password) ?? '', {
      name: text(body?.name),
      email: text(body?.email),
    });
  } else if (context.path === '/change-password') {
    const session = await getSessionFromCtx(context);
    if (session) problem = await findPasswordProblem(text(body?.newPassword) ?? '', session.user);
  }
  if (problem !== undefined) throw new APIError('BAD_REQUEST', { code: 'PASSWORD_WEAK', message: problem });
}

const idPrefixes: Readonly<Record<string, string>> = {
  user: 'usr',
  session: 'ses',
  account: 'acc',
  verification: 'ver',
  twoFactor: 'tfa',
};
