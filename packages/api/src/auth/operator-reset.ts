import { systemClock, systemIds } from '@switchyard/core/kernel/system';
import { recordAuditEvent } from '../features/audit/record-audit-event.ts';
import { createLog } from '../log.ts';
import { openDatabase } from '../persistence/database.ts';
import type { ApiSettings } from '../settings.ts';
import { createAuth } from './auth.ts';
import { baseUrlOf } from './base-url.ts';
import { createPasswordReset } from './password-reset.ts';
import { loadOrCreateSecret } from './secret.ts';

/** There is nobody with this address; the message says what to do. */
export class UnknownPerson extends Error {
  override readonly name = 'UnknownPerson';
}

/**
 * `switchyard reset-password`: makes a link by which a person chooses a new password and is signed in by it, also where
 * passwords are off. For the operator of the machine, when nobody else can help. Throws {@link UnknownPerson}.
 */
export async function createOperatorReset(
  settings: ApiSettings,
  email: string,
  options: { readonly removesTwoFactor: boolean },
): Promise<{ readonly link: string; readonly expiresAt: Date }> {
  const database = await openDatabase(
    settings.databaseUrl === undefined
      ? { kind: 'embedded', dataDir: settings.dataDir }
      : { kind: 'server', url: settings.databaseUrl },
  );
  const { prisma } = database;
  try {
    const user = await prisma.user.findUnique({
      where: { email: email.trim().toLowerCase() },
      include: { memberships: { where: { team: { deletedAt: null } }, select: { teamId: true } } },
    });
    if (!user) throw new UnknownPerson(`Nobody here has the e-mail address ${email}. Look for a typing error.`);
    const auth = createAuth({
      ...{ prisma, clock: systemClock, ids: systemIds, log: createLog(settings.logLevel, []) },
      secret: settings.secret ?? (await loadOrCreateSecret(settings.dataDir)),
      baseUrl: baseUrlOf(settings),
      origins: { publicOrigin: undefined, isLoopbackOnly: true },
      singleSignOn: settings.singleSignOn,
    });
    const parts = { auth, clock: systemClock };
    const { token, expiresAt } = await createPasswordReset(parts, user.id, 'operator');
    if (options.removesTwoFactor) {
      await prisma.$transaction([
        prisma.twoFactor.deleteMany({ where: { userId: user.id } }),
        prisma.user.update({ where: { id: user.id }, data: { twoFactorEnabled: false } }),
      ]);
    }
    for (const { teamId } of user.memberships) {
      await recordAuditEvent(database, {
        ...{ teamId, action: 'createdResetLink', objectType: 'User', objectId: user.id, objectName: user.name },
        details: { removesTwoFactor: options.removesTwoFactor },
        actor: { kind: 'SYSTEM', reason: 'The operator made it on the command line.' },
      });
    }
    return { link: `${baseUrlOf(settings)}/reset-password?token=${token}`, expiresAt };
  } finally {
    await database.close();
  }
}
