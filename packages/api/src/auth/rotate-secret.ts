import { openDatabase } from '../persistence/database.ts';
import type { ApiSettings } from '../settings.ts';
import { type ResealReport, resealStoredSecrets } from './reseal-stored-secrets.ts';
import { adoptNextSecret, loadOrCreateNextSecret, loadOrCreateSecret } from './secret.ts';

/** A rotation that cannot begin; the message says what to do. */
export class RotationRefused extends Error {
  override readonly name = 'RotationRefused';
}

/**
 * `switchyard rotate-secret`: gives the installation a new secret. A generated one is replaced by another; one of the
 * environment is the new one there (SWITCHYARD_SECRET) with the old one as SWITCHYARD_SECRET_PREVIOUS. All stored
 * credentials are sealed anew and all sessions end. Killed at any moment, it is taken up by calling it again, and by the
 * next start of the server.
 */
export async function rotateSecret(settings: ApiSettings, onRow?: () => void): Promise<ResealReport> {
  const isGenerated = settings.secret === undefined;
  if (!isGenerated && settings.previousSecret === undefined) {
    throw new RotationRefused(
      'SWITCHYARD_SECRET is set: put a new secret there and the old one into SWITCHYARD_SECRET_PREVIOUS, then call this again.',
    );
  }
  const previous = settings.previousSecret ?? (await loadOrCreateSecret(settings.dataDir));
  const current = settings.secret ?? (await loadOrCreateNextSecret(settings.dataDir));
  const database = await openDatabase(
    settings.databaseUrl === undefined
      ? { kind: 'embedded', dataDir: settings.dataDir }
      : { kind: 'server', url: settings.databaseUrl },
  );
  try {
    const report = await resealStoredSecrets(database.prisma, current, previous, onRow);
    // They are signed with the old secret and worth nothing any more; so are links that were sent.
    await database.prisma.session.deleteMany();
    await database.prisma.verification.deleteMany();
    if (isGenerated) await adoptNextSecret(settings.dataDir);
    return report;
  } finally {
    await database.close();
  }
}
