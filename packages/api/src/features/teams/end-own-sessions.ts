import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { NotFoundFailure } from '../../user-errors.ts';
import { personOf } from './change-teams.ts';

/** Ends one session of the signed-in person; what it had open ends within a second. */
export async function revokeSession(
  services: Services,
  identity: Identity,
  sessionId: string | undefined,
): Promise<string> {
  const userId = personOf(identity);
  const { count } =
    sessionId === undefined
      ? { count: 0 }
      : await services.prisma.session.deleteMany({ where: { id: sessionId, userId } });
  if (sessionId === undefined || count === 0) throw new NotFoundFailure('session', ['input', 'sessionId']);
  services.identities.invalidate();
  return sessionId;
}

/** Ends all sessions of the signed-in person but this one, and forgets the devices they trusted. Answers how many. */
export async function revokeOtherSessions(services: Services, identity: Identity): Promise<number> {
  const userId = personOf(identity);
  const [{ count }] = await services.prisma.$transaction([
    services.prisma.session.deleteMany({ where: { userId, id: { not: identity.subject } } }),
    // Devices that need no second factor, and sign-ins that wait for one.
    services.prisma.verification.deleteMany({ where: { value: userId } }),
  ]);
  services.identities.invalidate();
  return count;
}
