import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { CredentialVault, type SealPlace } from '../features/providers/credential-vault.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** What a rotation did with the sealed columns of the database. */
export interface ResealReport {
  /** Rows that were sealed anew now. */
  readonly resealed: number;
  /** Rows that were sealed with the new secret already. */
  readonly current: number;
  /** Rows that open with neither secret, named as `table id`; left as they are. */
  readonly unreadable: readonly string[];
}

type Columns = Readonly<Record<string, string | null>>;

interface SealedRow {
  readonly name: string;
  readonly before: Columns;
  /** The columns sealed with the new secret; throws when they open with neither. */
  reseal(): Columns | Promise<Columns>;
  /** Writes them where the row is still as it was read; answers how many rows that were. */
  write(after: Columns): Promise<{ readonly count: number }>;
}

/**
 * Seals everything that is sealed with `previous` with `current` instead: keys and headers of providers, addresses and
 * secrets of alert channels, and what sign-in keeps (second factors, tokens of single sign-on). Each row is one write
 * that holds only while nobody changed it, so that it may be killed and begun again at any time, and run beside servers.
 * `onRow` is called after each row.
 */
export async function resealStoredSecrets(
  prisma: PrismaClient,
  current: string,
  previous: string,
  onRow: () => void = () => {},
): Promise<ResealReport> {
  const vault = new CredentialVault(current, [previous]);
  let [resealed, unchanged] = [0, 0];
  const unreadable: string[] = [];
  for await (const row of readSealedRows(prisma, vault, { current, previous })) {
    let after: Columns;
    try {
      after = await row.reseal();
    } catch {
      unreadable.push(row.name);
      continue;
    }
    const isSame = Object.entries(after).every(([column, value]) => row.before[column] === value);
    // Changed meanwhile: then by a server, which sealed it with a secret of its own; the next run finds it.
    if (isSame || (await row.write(after)).count === 0) unchanged += 1;
    else resealed += 1;
    onRow();
  }
  return { resealed, current: unchanged, unreadable };
}

async function* readSealedRows(
  prisma: PrismaClient,
  vault: CredentialVault,
  secrets: { readonly current: string; readonly previous: string },
): AsyncGenerator<SealedRow> {
  const reseal = (text: string | null, place: SealPlace) =>
    text === null || vault.isCurrent(text) ? text : vault.seal(vault.unseal(text, place), place);

  for (const row of await prisma.provider.findMany({
    where: { OR: [{ sealedKey: { not: null } }, { sealedHeaders: { not: null } }] },
  })) {
    const place = { teamId: row.teamId, rowId: row.id, origin: row.credentialOrigin ?? '' };
    const before = { sealedKey: row.sealedKey, sealedHeaders: row.sealedHeaders };
    yield {
      name: `provider ${row.id}`,
      before,
      reseal: () => ({
        sealedKey: reseal(row.sealedKey, { ...place, purpose: 'api-key' }),
        sealedHeaders: reseal(row.sealedHeaders, { ...place, purpose: 'headers' }),
      }),
      write: (data) => prisma.provider.updateMany({ where: { id: row.id, ...before }, data }),
    };
  }
  for (const row of await prisma.alertChannel.findMany()) {
    const place = { teamId: row.teamId, rowId: row.id, origin: row.origin };
    const before = { sealedUrl: row.sealedUrl, sealedSecret: row.sealedSecret };
    yield {
      name: `alert_channel ${row.id}`,
      before,
      reseal: () => ({
        sealedUrl: reseal(row.sealedUrl, { ...place, purpose: 'webhook-url' }),
        sealedSecret: reseal(row.sealedSecret, { ...place, purpose: 'webhook-secret' }),
      }),
      write: (data) => prisma.alertChannel.updateMany({ where: { id: row.id, ...before }, data: data as never }),
    };
  }
  const recrypt = (text: string | null) => reencrypt(text, secrets);
  for (const row of await prisma.twoFactor.findMany()) {
    const before = { secret: row.secret, backupCodes: row.backupCodes };
    yield {
      name: `two_factor ${row.id}`,
      before,
      reseal: async () => ({ secret: await recrypt(row.secret), backupCodes: await recrypt(row.backupCodes) }),
      write: (data) => prisma.twoFactor.updateMany({ where: { id: row.id, ...before }, data: data as never }),
    };
  }
  const tokens = [{ accessToken: { not: null } }, { refreshToken: { not: null } }];
  for (const row of await prisma.account.findMany({ where: { OR: tokens } })) {
    const before = { accessToken: row.accessToken, refreshToken: row.refreshToken };
    yield {
      name: `account ${row.id}`,
      before,
      reseal: async () => ({
        accessToken: await recrypt(row.accessToken),
        refreshToken: await recrypt(row.refreshToken),
      }),
      write: (data) => prisma.account.updateMany({ where: { id: row.id, ...before }, data }),
    };
  }
}

/** A text as sign-in encrypts it: hexadecimal, with a tag that tells whether the secret was the right one. */
async function reencrypt(
  text: string | null,
  { current, previous }: { readonly current: string; readonly previous: string },
): Promise<string | null> {
  // What is no ciphertext was stored as it is; it has no secret to change.
  if (text === null || !/^[0-9a-f]{80,}$/.test(text)) return text;
  try {
    await symmetricDecrypt({ key: current, data: text });
    return text;
  } catch {
    return symmetricEncrypt({ key: current, data: await symmetricDecrypt({ key: previous, data: text }) });
  }
}
