import { type AccessRole, type Identity, parseAccessRole } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { Member, Prisma } from '../../generated/prisma/client.ts';
import { ConflictFailure, ForbiddenFailure } from '../../user-errors.ts';

/** A transaction in which nobody else changes who is in the team; `accessRole` is what the asking one may do right now. */
export interface LockedTeam {
  readonly tx: Prisma.TransactionClient;
  readonly teamId: string;
  readonly accessRole: AccessRole;
  readonly team: { readonly name: string };
}

/**
 * Does `work` while the team's row is locked, so that changes of its members happen one after the other: two owners who
 * demote each other at the same moment find out. Rights are read again inside: the identity may be a second old. `locksAllTeams`
 * holds every other team as well.
 */
export async function withLockedTeam<Result>(
  services: Services,
  identity: Identity,
  work: (locked: LockedTeam) => Promise<Result>,
  options: { readonly locksAllTeams?: boolean } = {},
): Promise<Result> {
  return services.prisma.$transaction(async (tx) => {
    const { teamId } = identity;
    // Before the own one and in one order: two that lock all must not wait for each other.
    if (options.locksAllTeams) {
      await tx.$queryRaw`SELECT "id" FROM "team" WHERE "deletedAt" IS NULL ORDER BY "id" FOR NO KEY UPDATE`;
    }
    const [team] = await tx.$queryRaw<{ name: string }[]>`
      SELECT "name" FROM "team" WHERE "id" = ${teamId} AND "deletedAt" IS NULL FOR NO KEY UPDATE`;
    if (!team) throw new ConflictFailure('TEAMS.DELETED', 'This team was deleted. Look at another team of yours.');
    let accessRole: AccessRole = identity.accessRole;
    if (identity.apiKeyId === undefined) {
      const me =
        identity.userId &&
        (await tx.member.findUnique({ where: { teamId_userId: { teamId, userId: identity.userId } } }));
      if (!me) throw new ForbiddenFailure('You are no member of this team any more.');
      accessRole = parseAccessRole(me.role);
    }
    return work({ tx, teamId, accessRole, team });
  });
}

/** Refuses what would leave the team without an owner. `leaving` is a member who is about to stop being one. */
export async function assertKeepsOwner({ tx, teamId }: LockedTeam, leaving: Member): Promise<void> {
  if (parseAccessRole(leaving.role) !== 'OWNER') return;
  const others = await tx.member.count({ where: { teamId, role: 'owner', id: { not: leaving.id } } });
  if (others > 0) return;
  throw new ConflictFailure(
    'TEAMS.LAST_OWNER',
    'A team needs an owner, and this is the only one. Make somebody else an owner first, or delete the team.',
  );
}

/** Owners are made, changed and removed by owners alone. */
export function assertMayTouch(locked: LockedTeam, ...roles: readonly AccessRole[]): void {
  if (locked.accessRole === 'OWNER') return;
  if (locked.accessRole !== 'ADMIN') {
    throw new ForbiddenFailure('Only owners and admins of the team may change its members. Ask one of them.');
  }
  if (roles.includes('OWNER')) {
    throw new ForbiddenFailure('Only an owner may make, change or remove owners. Ask an owner of the team.');
  }
}
