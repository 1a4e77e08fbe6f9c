import type { Clock, Ids } from '@switchyard/core/kernel';
import { APIError } from 'better-auth/api';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { SingleSignOnSettings } from '../settings.ts';
import { claimFirstOwner, createFirstTeam } from './first-owner.ts';
import { joinInvitedTeams } from './join-invited-teams.ts';

export interface SignInHookParts {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly singleSignOn: SingleSignOnSettings | undefined;
}

/** What better-auth tells of the request that a row is written for. */
interface EndpointContext {
  readonly path?: string;
  readonly body?: unknown;
}

const isFromSingleSignOn = (context: EndpointContext | null | undefined) =>
  context?.path?.startsWith('/callback') === true;

/** Codes of apps that were used a moment ago; a code is good once (RFC 6238, section 5.2). */
const usedCodeForMs = 120_000;

/** Who may become a user, and what a session begins with. */
export function createSignInHooks({ prisma, clock, ids, singleSignOn }: SignInHookParts) {
  const usedCodes = new Map<string, number>();

  const takeCode = (userId: string, context: EndpointContext | null | undefined) => {
    if (context?.path !== '/two-factor/verify-totp') return;
    const nowMs = clock.nowMs();
    for (const [key, untilMs] of usedCodes) if (untilMs <= nowMs) usedCodes.delete(key);
    const key = `${userId}:${String((context.body as { code?: unknown } | undefined)?.code)}`;
    if (usedCodes.has(key)) {
      throw new APIError('UNAUTHORIZED', {
        code: 'CODE_USED',
        message: 'This code was used already. Wait for the next one and enter that.',
      });
    }
    usedCodes.set(key, nowMs + usedCodeForMs);
  };

  const isInvited = async (email: string) =>
    (await prisma.invitation.count({
      where: { email, acceptedAt: null, revokedAt: null, expiresAt: { gt: new Date(clock.nowMs()) } },
    })) > 0;

  /** The team that the person was in last comes first. */
  const findMemberships = async (userId: string) =>
    prisma.member.findMany({
      where: { userId, team: { deletedAt: null } },
      orderBy: [{ lastSeenAt: { sort: 'desc', nulls: 'last' } }, { createdAt: 'asc' }],
      select: { teamId: true },
    });

  return {
    user: {
      create: {
        before: async (user: { email: string } & Record<string, unknown>, context?: EndpointContext | null) => {
          if (isFromSingleSignOn(context)) {
            if (singleSignOn?.defaultRole !== undefined || (await isInvited(user.email))) return;
            throw new APIError('FORBIDDEN', {
              code: 'NOT_INVITED',
              message: 'You are not invited. Ask an admin of your team for an invitation to this e-mail address.',
            });
          }
          // The root of trust of the installation: nobody could confirm the address.
          if (await claimFirstOwner(prisma, clock)) return { data: { ...user, emailVerified: true } };
          throw new APIError('FORBIDDEN', {
            code: 'SIGN_UP_CLOSED',
            message: 'This installation already has an owner. Ask an admin of your team for an invitation.',
          });
        },
        after: async (user: { id: string; name: string; email: string }, context?: EndpointContext | null) => {
          if (!isFromSingleSignOn(context)) return createFirstTeam(prisma, ids, user);
          await joinInvitedTeams({ prisma, clock, ids }, user, singleSignOn?.defaultRole);
        },
      },
    },
    account: {
      create: {
        // Nothing is asked of the identity provider later on, so nothing of it is kept that could leak.
        before: async (account: Record<string, unknown>) => ({
          data: { ...account, accessToken: null, refreshToken: null, idToken: null },
        }),
      },
    },
    session: {
      create: {
        before: async (
          session: { userId: string; activeTeamId?: string | null; signInMethod?: string | null } & Record<
            string,
            unknown
          >,
          context?: EndpointContext | null,
        ) => {
          const { userId } = session;
          const signInMethod = isFromSingleSignOn(context) ? 'sso' : (session.signInMethod ?? 'password');
          const lastSeenAt = new Date(clock.nowMs());
          // The first owner's team is made after this session.
          if (context?.path === '/sign-up/email') return { data: { ...session, signInMethod, lastSeenAt } };
          let memberships = await findMemberships(userId);
          if (memberships.length === 0) {
            const user = await prisma.user.findUnique({ where: { id: userId }, select: { id: true, email: true } });
            if (user && isFromSingleSignOn(context)) {
              await joinInvitedTeams({ prisma, clock, ids }, user, undefined);
              memberships = await findMemberships(userId);
            } else if (user && (await isInvited(user.email))) {
              // With this session they open the link of their invitation.
              return { data: { ...session, activeTeamId: null, signInMethod, lastSeenAt } };
            }
            if (memberships.length === 0) {
              throw new APIError('FORBIDDEN', {
                code: 'NO_TEAM',
                message: 'You are in no team any more. Ask an owner or admin of your team for an invitation.',
              });
            }
          }
          takeCode(userId, context);
          const kept = memberships.find(({ teamId }) => teamId === session.activeTeamId);
          const activeTeamId = (kept ?? memberships[0])?.teamId ?? null;
          return { data: { ...session, activeTeamId, signInMethod, lastSeenAt } };
        },
      },
    },
  };
}
