import { z } from 'zod';
import { takeInvitation } from '../../auth/join-invited-teams.ts';
import { hashOneTimeToken } from '../../auth/one-time-token.ts';
import { findPasswordProblem } from '../../auth/password-rules.ts';
import type { Services } from '../../container.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { actAs } from '../../observability/acting.ts';
import { stateOfInvitation } from './invitations.ts';
import { personNameInput } from './update-profile.ts';

/** Why an invitation is not accepted; `status` is for HTTP. */
export class InvitationRefused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const include = {
  team: { select: { name: true, deletedAt: true } },
  invitedBy: { select: { name: true } },
} satisfies Prisma.InvitationInclude;

/** What the page of an invitation shows. Throws {@link InvitationRefused} when the link is none. */
export async function readInvitation(services: Services, token: string) {
  const invitation = await findByToken(services, token);
  const hasAccount = (await services.prisma.user.count({ where: { email: invitation.email } })) > 0;
  return {
    teamName: invitation.team.name,
    email: invitation.email,
    accessRole: invitation.role.toUpperCase(),
    invitedBy: invitation.invitedBy?.name ?? null,
    hasAccount,
    state: stateOfInvitation(invitation, services.clock.nowMs()),
    expiresAt: invitation.expiresAt.toISOString(),
  };
}

/** Somebody who has signed in makes themselves a member, and looks at the team from now on. */
export async function acceptAsUser(
  services: Services,
  token: string,
  who: { readonly userId: string; readonly email: string; readonly sessionId: string },
): Promise<{ readonly teamName: string }> {
  const { prisma } = services;
  const invitation = await findOpen(services, token);
  if (invitation.email !== who.email.toLowerCase()) {
    throw new InvitationRefused(
      403,
      'INVITATION_OTHER_PERSON',
      `This invitation is for ${invitation.email}, and you are signed in as ${who.email}. ` +
        'Sign out and open the link again, or ask for an invitation to your address.',
    );
  }
  await actAs({ kind: 'PERSON', userId: who.userId, action: 'acceptInvitation' }, () =>
    prisma.$transaction(async (tx) => {
      if (!(await takeInvitation(services, tx, invitation, who.userId))) throw void_;
      const where = { id: who.sessionId, userId: who.userId };
      await tx.session.updateMany({ where, data: { activeTeamId: invitation.teamId } });
    }),
  );
  services.identities.invalidate();
  return { teamName: invitation.team.name };
}

/** Somebody new becomes a user and a member, both or neither. Answers the address to sign in with. */
export async function acceptAsNewPerson(
  services: Services,
  token: string,
  given: { readonly name?: unknown; readonly password?: unknown },
): Promise<{ readonly teamName: string; readonly email: string }> {
  const { prisma, ids, clock } = services;
  const invitation = await findOpen(services, token);
  const { email } = invitation;
  if ((await prisma.user.count({ where: { email } })) > 0) throw signInFirst(email);
  const { name, password } = parsePerson(given);
  const problem = await findPasswordProblem(password, { name, email });
  if (problem !== undefined) throw new InvitationRefused(400, 'PASSWORD_WEAK', problem);
  const hash = await (await services.auth.$context).password.hash(password);
  const userId = ids.next('usr');
  const createdAt = new Date(clock.nowMs());
  try {
    await actAs({ kind: 'PERSON', userId, action: 'acceptInvitation' }, () =>
      prisma.$transaction(async (tx) => {
        await tx.user.create({ data: { id: userId, name, email, createdAt } });
        const account = { id: ids.next('acc'), providerId: 'credential', accountId: userId, userId };
        await tx.account.create({ data: { ...account, password: hash, createdAt } });
        if (!(await takeInvitation(services, tx, invitation, userId))) throw void_;
      }),
    );
  } catch (error) {
    // Two at once with one link: the other one made the user.
    if ((error as { code?: string }).code === 'P2002') throw signInFirst(email);
    throw error;
  }
  return { teamName: invitation.team.name, email };
}

const void_ = new InvitationRefused(
  409,
  'INVITATION_VOID',
  'This invitation was accepted or taken back a moment ago. If it was you, sign in; else ask for a new one.',
);

const signInFirst = (email: string) =>
  new InvitationRefused(
    409,
    'SIGN_IN_FIRST',
    `There is an account for ${email}. Sign in with it, then open the link of the invitation again.`,
  );

const personInput = z.object({ ...personNameInput.shape, password: z.string('Choose a password.').max(1_000) });

function parsePerson(given: unknown): z.output<typeof personInput> {
  const parsed = personInput.safeParse(given);
  if (parsed.success) return parsed.data;
  const message = parsed.error.issues.map((issue) => issue.message).join(' ');
  throw new InvitationRefused(400, 'INPUT_INVALID', message);
}

async function findByToken({ prisma }: Services, token: string) {
  const invitation = await prisma.invitation.findUnique({ where: { tokenHash: hashOneTimeToken(token) }, include });
  if (invitation && !invitation.team.deletedAt) return invitation;
  throw new InvitationRefused(
    404,
    'INVITATION_UNKNOWN',
    'There is no such invitation, or its link was renewed. Copy the newest link whole, or ask for a new one.',
  );
}

async function findOpen(services: Services, token: string) {
  const invitation = await findByToken(services, token);
  switch (stateOfInvitation(invitation, services.clock.nowMs())) {
    case 'PENDING':
      return invitation;
    case 'EXPIRED':
      throw new InvitationRefused(
        410,
        'INVITATION_EXPIRED',
        'This invitation is too old. Ask whoever invited you to renew it.',
      );
    case 'REVOKED':
      throw new InvitationRefused(
        410,
        'INVITATION_REVOKED',
        'This invitation was taken back. Ask an owner or admin of the team for another one.',
      );
    default:
      throw new InvitationRefused(
        410,
        'INVITATION_ACCEPTED',
        'This invitation was accepted already. If it was you, sign in; else ask for one of your own.',
      );
  }
}
