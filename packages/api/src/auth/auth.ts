import type { Clock, Ids } from '@switchyard/core/kernel';
import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { APIError } from 'better-auth/api';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { claimFirstOwner, createFirstTeam } from './first-owner.ts';
import { isTrustedOrigin, type OriginPolicy } from './origins.ts';

/** The header in which our HTTP server tells better-auth the peer's address; whatever a client sends there is replaced. */
export const peerAddressHeader = 'x-switchyard-peer';

export type Auth = ReturnType<typeof createAuth>;

/**
 * Sessions by e-mail and password. Sign-up is open only until the first owner exists; that person also gets the first
 * team.
 */
export function createAuth(options: {
  readonly prisma: PrismaClient;
  readonly secret: string;
  readonly baseUrl: string;
  readonly origins: OriginPolicy;
  readonly clock: Clock;
  readonly ids: Ids;
}) {
  const { prisma, clock, ids } = options;
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
    emailAndPassword: { enabled: true, minPasswordLength: 8, maxPasswordLength: 128, autoSignIn: true },
    session: { expiresIn: 60 * 60 * 24 * 30, updateAge: 60 * 60 * 24 },
    telemetry: { enabled: false },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 600,
      storage: 'memory',
      customRules: { '/sign-in/email': { window: 60, max: 30 }, '/sign-up/email': { window: 60, max: 10 } },
    },
    advanced: {
      useSecureCookies: options.baseUrl.startsWith('https:'),
      cookiePrefix: 'switchyard',
      ipAddress: { ipAddressHeaders: [peerAddressHeader] },
      database: { generateId: ({ model }) => ids.next(idPrefixes[model] ?? 'id') },
    },
    databaseHooks: {
      user: {
        create: {
          before: async () => {
            if (await claimFirstOwner(prisma, clock)) return;
            throw new APIError('FORBIDDEN', {
              code: 'SIGN_UP_CLOSED',
              message: 'This installation already has an owner. Ask an admin of your team for an invitation.',
            });
          },
          after: async (user) => createFirstTeam(prisma, ids, user),
        },
      },
    },
  });
}

const idPrefixes: Readonly<Record<string, string>> = {
  user: 'usr',
  session: 'ses',
  account: 'acc',
  verification: 'ver',
};
