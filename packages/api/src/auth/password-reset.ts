import type { Services } from '../container.ts';
import { actAs } from '../observability/acting.ts';
import { createOneTimeToken } from './one-time-token.ts';
import { findPasswordProblem } from './password-rules.ts';

type Parts = Pick<Services, 'auth' | 'prisma' | 'clock' | 'ids' | 'identities'>;

/** Who made a reset: the person's own mail, another person of the team, or the operator on the command line. */
export type ResetWay = 'mail' | 'person' | 'operator';

const ways: readonly ResetWay[] = ['mail', 'person', 'operator'];
const goodForMs: Readonly<Record<ResetWay, number>> = {
  mail: 60 * 60 * 1000,
  person: 24 * 60 * 60 * 1000,
  operator: 60 * 60 * 1000,
};

/** Begins a reset; `token` is what the link holds, of which only the hash is kept. */
export async function createPasswordReset(
  { auth, clock }: Pick<Parts, 'auth' | 'clock'>,
  userId: string,
  way: ResetWay,
): Promise<{ readonly token: string; readonly expiresAt: Date }> {
  const { internalAdapter } = await auth.$context;
  const token = createOneTimeToken();
  const expiresAt = new Date(clock.nowMs() + goodForMs[way]);
  await internalAdapter.createVerificationValue({ identifier: identifierOf(way, token), value: userId, expiresAt });
  return { token, expiresAt };
}

export type ResetOutcome =
  | { readonly isDone: true; readonly userId: string; readonly email: string; readonly way: ResetWay }
  | { readonly isDone: false; readonly code: 'RESET_LINK_VOID' | 'PASSWORD_WEAK'; readonly message: string };

/**
 * Sets a new password by the token of a link, which is used up by it. All sessions of the person end, waiting sign-ins and
 * trusted devices are forgotten. Whoever got the link by mail has shown that the address is theirs.
 */
export async function finishPasswordReset(
  parts: Parts,
  token: string,
  password: string,
  allowedWays: readonly ResetWay[] = ways,
): Promise<ResetOutcome> {
  const { auth, prisma, clock, ids, identities } = parts;
  const context = await auth.$context;
  const { internalAdapter } = context;
  const gone = {
    isDone: false,
    code: 'RESET_LINK_VOID',
    message: 'This link was used already or is too old. Ask for a new one on the sign-in page.',
  } as const;
  for (const way of allowedWays) {
    const identifier = identifierOf(way, token);
    const found = await internalAdapter.findVerificationValue(identifier);
    if (!found || found.expiresAt.getTime() <= clock.nowMs()) continue;
    const user = await prisma.user.findUnique({ where: { id: found.value } });
    if (!user) return gone;
    const problem = await findPasswordProblem(password, user);
    // The link stays good for another try.
    if (problem !== undefined) return { isDone: false, code: 'PASSWORD_WEAK', message: problem };
    const hash = await context.password.hash(password);
    if (!(await internalAdapter.consumeVerificationValue(identifier))) return gone;
    const credential = { userId: user.id, providerId: 'credential' };
    const now = new Date(clock.nowMs());
    await actAs({ kind: 'PERSON', userId: user.id, action: 'resetPassword' }, () =>
      prisma.$transaction(async (tx) => {
        const { count } = await tx.account.updateMany({ where: credential, data: { password: hash } });
        if (count === 0) {
          const id = ids.next('acc');
          await tx.account.create({ data: { id, ...credential, accountId: user.id, password: hash, createdAt: now } });
        }
        if (way === 'mail') await tx.user.update({ where: { id: user.id }, data: { emailVerified: true } });
        await tx.session.deleteMany({ where: { userId: user.id } });
        await tx.verification.deleteMany({ where: { value: user.id } });
      }),
    );
    identities.invalidate();
    return { isDone: true, userId: user.id, email: user.email, way };
  }
  return gone;
}

const identifierOf = (way: ResetWay, token: string) => `password-reset-${way}:${token}`;
