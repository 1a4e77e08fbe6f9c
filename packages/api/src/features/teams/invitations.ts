import { z } from 'zod';
import { baseUrlOf } from '../../auth/base-url.ts';
import { accessRoles, type Identity } from '../../auth/identity.ts';
import { createOneTimeToken, hashOneTimeToken } from '../../auth/one-time-token.ts';
import type { Services } from '../../container.ts';
import type { Invitation, Prisma } from '../../generated/prisma/client.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { assertMayTouch, type LockedTeam, withLockedTeam } from './lock-team.ts';

const dayMs = 24 * 60 * 60 * 1000;
const maxOpenInvitations = 200;

const inviteInput = z.object({
  email: z
    .email('Give an e-mail address.')
    .max(254)
    .transform((email) => email.toLowerCase()),
  accessRole: z.enum(accessRoles),
  expiresInDays: z.int().min(1).max(30).nullish(),
});

const renewInput = z.object({ expiresInDays: z.int().min(1).max(30).nullish() });

/** An invitation whose link is shown this once. */
export interface MadeInvitation {
  readonly id: string;
  readonly link: string;
  /** The mail is on its way. */
  readonly isMailSent: boolean;
  /** Why there is no mail, and what to do. */
  readonly mailProblem: string | undefined;
}

/** How an invitation stands now. */
export type InvitationState = 'PENDING' | 'ACCEPTED' | 'EXPIRED' | 'REVOKED';

export function stateOfInvitation(
  invitation: Pick<Invitation, 'acceptedAt' | 'revokedAt' | 'expiresAt'>,
  nowMs: number,
): InvitationState {
  if (invitation.acceptedAt) return 'ACCEPTED';
  if (invitation.revokedAt) return 'REVOKED';
  return invitation.expiresAt.getTime() <= nowMs ? 'EXPIRED' : 'PENDING';
}

/**
 * Invites an address to the team, with at most one's own access role: a link with a random token, of which only the hash
 * is kept, good for seven days unless another time is given. Sent by mail where that is set up; a mail that fails is told.
 */
export async function inviteMember(services: Services, identity: Identity, rawInput: unknown): Promise<MadeInvitation> {
  const { email, accessRole, expiresInDays } = parseInput(inviteInput, rawInput);
  const { clock, ids } = services;
  const token = createOneTimeToken();
  const id = ids.next('inv');
  const teamName = await withLockedTeam(services, identity, async (locked) => {
    assertMayTouch(locked, accessRole);
    await assertMayInvite(locked, email, clock.nowMs());
    const now = clock.nowMs();
    await locked.tx.invitation.create({
      data: {
        ...{ id, teamId: locked.teamId, email, role: accessRole.toLowerCase(), liveKey: email },
        tokenHash: hashOneTimeToken(token),
        createdAt: new Date(now),
        expiresAt: new Date(now + (expiresInDays ?? 7) * dayMs),
        invitedById: identity.userId ?? null,
      },
    });
    return locked.team.name;
  });
  return { id, ...(await sendLink(services, identity, { email, token, teamName })) };
}

/** Gives an invitation that was not accepted a new link and a new end; the former link is void. */
export async function renewInvitation(
  services: Services,
  identity: Identity,
  invitationId: string | undefined,
  rawInput: unknown,
): Promise<MadeInvitation> {
  const { expiresInDays } = parseInput(renewInput, rawInput);
  const token = createOneTimeToken();
  const { clock } = services;
  const { invitation, teamName } = await withLockedTeam(services, identity, async (locked) => {
    const found = await findOpen(locked, invitationId);
    await assertMayInvite(locked, found.email, clock.nowMs(), found.id);
    const { count } = await locked.tx.invitation.updateMany({
      where: { id: found.id, acceptedAt: null, revokedAt: null },
      data: {
        tokenHash: hashOneTimeToken(token),
        expiresAt: new Date(clock.nowMs() + (expiresInDays ?? 7) * dayMs),
        liveKey: found.email,
      },
    });
    if (count === 0) throw over();
    return { invitation: found, teamName: locked.team.name };
  });
  return { id: invitation.id, ...(await sendLink(services, identity, { email: invitation.email, token, teamName })) };
}

/** Makes the link of an invitation void. */
export async function revokeInvitation(
  services: Services,
  identity: Identity,
  invitationId: string | undefined,
): Promise<string> {
  return withLockedTeam(services, identity, async (locked) => {
    const found = await findOpen(locked, invitationId);
    const { count } = await locked.tx.invitation.updateMany({
      where: { id: found.id, acceptedAt: null, revokedAt: null },
      data: { revokedAt: new Date(services.clock.nowMs()), liveKey: null },
    });
    if (count === 0) throw over();
    return found.id;
  });
}

/** Where people open invitations; its query holds the token. */
export function linkTo(services: Services, path: string, token: string): string {
  return `${baseUrlOf(services.settings)}${path}?token=${token}`;
}

function over(): ConflictFailure {
  return new ConflictFailure(
    'TEAMS.INVITATION_OVER',
    'This invitation was accepted or taken back already. Invite the person again if they are no member.',
    ['input', 'invitationId'],
  );
}

async function findOpen(locked: LockedTeam, invitationId: string | undefined): Promise<Invitation> {
  const { tx, teamId } = locked;
  const found =
    invitationId && (await tx.invitation.findUnique({ where: { id_teamId: { id: invitationId, teamId } } }));
  if (!found) throw new NotFoundFailure('invitation', ['input', 'invitationId']);
  assertMayTouch(locked, found.role === 'owner' ? 'OWNER' : 'VIEWER');
  if (found.acceptedAt || found.revokedAt) throw over();
  return found;
}

async function assertMayInvite(
  { tx, teamId }: LockedTeam,
  email: string,
  nowMs: number,
  besideId?: string,
): Promise<void> {
  if (await tx.member.findFirst({ where: { teamId, user: { email } }, select: { id: true } })) {
    throw new ConflictFailure('TEAMS.MEMBER_ALREADY', `${email} is a member of this team already.`, ['input', 'email']);
  }
  // What has expired gives its place to the new one.
  const expired: Prisma.InvitationWhereInput = { teamId, liveKey: { not: null }, expiresAt: { lte: new Date(nowMs) } };
  await tx.invitation.updateMany({ where: expired, data: { liveKey: null } });
  const open = await tx.invitation.findFirst({ where: { teamId, liveKey: email }, select: { id: true } });
  if (open && open.id !== besideId) {
    throw new ConflictFailure(
      'TEAMS.INVITED_ALREADY',
      `${email} has an open invitation. Renew it for a new link, or take it back.`,
      ['input', 'email'],
    );
  }
  if ((await tx.invitation.count({ where: { teamId, liveKey: { not: null } } })) >= maxOpenInvitations) {
    throw new ConflictFailure(
      'TEAMS.TOO_MANY_INVITATIONS',
      `There are ${maxOpenInvitations} open invitations. Take some back first.`,
    );
  }
}

async function sendLink(
  services: Services,
  identity: Identity,
  made: { readonly email: string; readonly token: string; readonly teamName: string },
): Promise<Omit<MadeInvitation, 'id'>> {
  const { email, token, teamName } = made;
  const link = linkTo(services, '/accept-invitation', token);
  const inviter = identity.userId && (await services.prisma.user.findUnique({ where: { id: identity.userId } }));
  const who = oneLine(inviter ? inviter.name : 'Somebody');
  const outcome = await services.mailer.send({
    to: email,
    subject: `${who} invites you to ${oneLine(teamName)} on Switchyard`,
    text: [
      `${who} invites you to the team ${oneLine(teamName)} on Switchyard.`,
      `Open this link to join:\n${link}`,
      'It works once and for a few days. If you do not know what this is about, do nothing.',
    ].join('\n\n'),
  });
  return { link, isMailSent: outcome.isSent, mailProblem: outcome.isSent ? undefined : outcome.problem };
}

/** Names are people's own words: no line breaks in a subject, and no links in a mail that others trust. */
function oneLine(text: string): string {
  return text
    .replace(/[\s\p{C}]+/gu, ' ')
    .replace(/:\/\/|www\./gi, ' ')
    .slice(0, 80)
    .trim();
}
