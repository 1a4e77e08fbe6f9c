import type { Log } from '@switchyard/core/kernel';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { ApiSettings } from '../settings.ts';
import { resealStoredSecrets } from './reseal-stored-secrets.ts';
import { adoptNextSecret, loadNextSecret, loadOrCreateSecret } from './secret.ts';

/** The secret that a server signs and seals with, and others with which stored credentials may still be sealed. */
export interface InstallationSecrets {
  readonly secret: string;
  readonly others: readonly string[];
}

/**
 * Reads the installation's secrets at the start and brings a rotation to its end that was begun: by
 * `switchyard rotate-secret` and killed, or by SWITCHYARD_SECRET_PREVIOUS in the environment.
 */
export async function openSecrets(settings: ApiSettings, prisma: PrismaClient, log: Log): Promise<InstallationSecrets> {
  const isGenerated = settings.secret === undefined;
  const stored = settings.secret ?? (await loadOrCreateSecret(settings.dataDir));
  const next = isGenerated ? await loadNextSecret(settings.dataDir) : undefined;
  const secret = next ?? stored;
  const previous = next === undefined ? settings.previousSecret : stored;
  if (previous === undefined || previous === secret) return { secret, others: [] };
  const { resealed, unreadable } = await resealStoredSecrets(prisma, secret, previous);
  if (next !== undefined) {
    await prisma.session.deleteMany();
    await adoptNextSecret(settings.dataDir);
  }
  log.warn({ resealed, unreadable }, 'stored credentials were sealed with the new secret');
  return { secret, others: [previous] };
}
