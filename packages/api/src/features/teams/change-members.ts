import { z } from 'zod';
import { type AccessRole, accessRoles, type Identity, parseAccessRole } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { Member } from '../../generated/prisma/client.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { endAccessOf, type KeysOfLeaver } from './end-sessions.ts';
import { assertKeepsOwner, assertMayTouch, type LockedTeam, withLockedTeam } from './lock-team.ts';

const roleInput = z.object({ accessRole: z.enum(accessRoles) });

/** Changes what a member may do. Owners are made and unmade by owners; the last owner stays one. Answers the member's id. */
export async function changeMemberRole(
  services: Services,
  identity: Identity,
  memberId: string | undefined,
  rawInput: unknown,
): Promise<string> {
  const { accessRole } = parseInput(roleInput, rawInput);
  const member = await withLockedTeam(services, identity, async (locked) => {
    const found = await findMember(locked, memberId);
    assertMayTouch(locked, parseAccessRole(found.role), accessRole);
    if (accessRole !== 'OWNER') await assertKeepsOwner(locked, found);
    await locked.tx.member.update({ where: { id: found.id }, data: { role: accessRole.toLowerCase() } });
    await revokeInvitationsBy(services, locked, found.userId, accessRole);
    return found;
  });
  services.identities.invalidate();
  return member.id;
}

/** Takes a member out of the team. Their sessions here end within a second; answers who it was. */
export async function removeMember(
  services: Services,
  identity: Identity,
  memberId: string | undefined,
  keys: KeysOfLeaver,
): Promise<Member> {
  const member = await withLockedTeam(services, identity, async (locked) => {
    const found = await findMember(locked, memberId);
    assertMayTouch(locked, parseAccessRole(found.role));
    if (found.userId === identity.userId && identity.apiKeyId === undefined) {
      throw new ConflictFailure('TEAMS.YOURSELF', 'This is you. Leave the team instead, at Account.', [
        'input',
        'memberId',
      ]);
    }
    await assertKeepsOwner(locked, found);
    await takeOut(services, locked, found, keys);
    return found;
  });
  services.identities.invalidate();
  return member;
}

/** Takes yourself out of the team. The last owner cannot. Answers the team's name. */
export async function leaveTeam(services: Services, identity: Identity, keys: KeysOfLeaver): Promise<string> {
  const name = await withLockedTeam(services, identity, async (locked) => {
    const me = await findMember(locked, identity.memberId);
    await assertKeepsOwner(locked, me);
    await takeOut(services, locked, me, keys, identity.subject);
    return locked.team.name;
  });
  services.identities.invalidate();
  return name;
}

/** Makes another member an owner and yourself an admin, both or neither. Answers the new owner's member id. */
export async function transferOwnership(
  services: Services,
  identity: Identity,
  memberId: string | undefined,
): Promise<string> {
  const member = await withLockedTeam(services, identity, async (locked) => {
    const found = await findMember(locked, memberId);
    assertMayTouch(locked, 'OWNER');
    const me = await findMember(locked, identity.memberId);
    if (found.id === me.id) {
      throw new ConflictFailure('TEAMS.YOURSELF', 'You are an owner already. Choose another member.', [
        'input',
        'memberId',
      ]);
    }
    await locked.tx.member.update({ where: { id: found.id }, data: { role: 'owner' } });
    await locked.tx.member.update({ where: { id: me.id }, data: { role: 'admin' } });
    return found;
  });
  services.identities.invalidate();
  return member.id;
}

async function findMember({ tx, teamId }: LockedTeam, memberId: string | undefined): Promise<Member> {
  const member = memberId && (await tx.member.findUnique({ where: { id_teamId: { id: memberId, teamId } } }));
  if (!member) throw new NotFoundFailure('member', ['input', 'memberId']);
  return member;
}

/** `keptSessionId` stays open and looks at another team of the person from now on, if there is one. */
async function takeOut(
  services: Services,
  locked: LockedTeam,
  member: Member,
  keys: KeysOfLeaver,
  keptSessionId?: string,
): Promise<void> {
  const { tx, teamId } = locked;
  const { userId } = member;
  await tx.member.delete({ where: { id: member.id } });
  await revokeInvitationsBy(services, locked, userId, undefined);
  if (keptSessionId !== undefined) {
    const next = await tx.member.findFirst({
      where: { userId, team: { deletedAt: null } },
      orderBy: { createdAt: 'asc' },
    });
    if (next) await tx.session.updateMany({ where: { id: keptSessionId }, data: { activeTeamId: next.teamId } });
  }
  await endAccessOf(services, tx, { teamId, userId, keys });
}

/** Takes back the open invitations of somebody that they could not make as what they are now; of who is out, all. */
async function revokeInvitationsBy(
  services: Services,
  { tx, teamId }: LockedTeam,
  userId: string,
  accessRole: AccessRole | undefined,
): Promise<void> {
  const kept = accessRole === 'OWNER' ? accessRoles : accessRole === 'ADMIN' ? accessRoles.slice(1) : [];
  await tx.invitation.updateMany({
    where: {
      ...{ teamId, invitedById: userId, acceptedAt: null, revokedAt: null },
      role: { notIn: kept.map((role) => role.toLowerCase()) },
    },
    data: { revokedAt: new Date(services.clock.nowMs()), liveKey: null },
  });
}
