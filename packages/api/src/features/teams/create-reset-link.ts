import { accessRoles, type Identity, parseAccessRole } from '../../auth/identity.ts';
import { createPasswordReset } from '../../auth/password-reset.ts';
import type { Services } from '../../container.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { linkTo } from './invitations.ts';

/** Higher is more. */
const rankOf = (role: string) => accessRoles.length - accessRoles.indexOf(parseAccessRole(role));

/**
 * Makes a link by which a member chooses a new password, for installations without mail. It amounts to being that person:
 * so only for members who may do less than oneself, in every team they are in, and never for an API key.
 */
export async function createResetLink(
  services: Services,
  identity: Identity,
  memberId: string | undefined,
): Promise<{ readonly link: string; readonly expiresAt: Date }> {
  const { prisma } = services;
  const member =
    memberId && (await prisma.member.findUnique({ where: { id_teamId: { id: memberId, teamId: identity.teamId } } }));
  if (!member) throw new NotFoundFailure('member', ['input', 'memberId']);
  if (identity.apiKeyId !== undefined || identity.userId === undefined) {
    throw new ConflictFailure('TEAMS.PERSON_NEEDED', 'No API key may do this: an owner or admin has to sign in.');
  }
  const [mine, theirs] = await Promise.all(
    [identity.userId, member.userId].map((userId) =>
      prisma.member.findMany({ where: { userId, team: { deletedAt: null } }, select: { teamId: true, role: true } }),
    ),
  );
  const isBelow = theirs?.every(({ teamId, role }) => {
    const own = mine?.find((each) => each.teamId === teamId);
    return own !== undefined && rankOf(own.role) > rankOf(role);
  });
  if (!isBelow) {
    throw new ConflictFailure(
      'TEAMS.MEMBER_NOT_BELOW',
      'You can make such a link only for members who may do less than you, in every team they are in. ' +
        'An owner who forgot the password asks the operator to run `switchyard reset-password` on the server.',
      ['input', 'memberId'],
    );
  }
  const { token, expiresAt } = await createPasswordReset(services, member.userId, 'person');
  return { link: linkTo(services, '/reset-password', token), expiresAt };
}
