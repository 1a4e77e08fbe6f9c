import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** What a sealed text belongs to; it opens nowhere else. */
export interface SealPlace {
  readonly teamId: string;
  /** Id of the row that holds it. */
  readonly rowId: string;
  /** The only origin it may be sent to, for example `https://api.openai.com`. */
  readonly origin: string;
  readonly purpose: 'api-key' | 'headers' | 'webhook-url' | 'webhook-secret';
}

/** A sealed text that does not open; the message says why and what to do, and nothing of the content. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

const version = 'v1';
const ivBytes = 12;
const tagBytes = 16;

/**
 * Seals credentials with AES-256-GCM. The key is derived from the installation's secret by HKDF-SHA-256 (RFC 5869); the
 * place is associated data. The form is `v1.<key id>.<iv, ciphertext and tag in base64url>`: version and key id are
 * there so that another secret or another cipher can be told apart one day.
 */
export class CredentialVault {
  readonly #current: VaultKey;
  readonly #known: ReadonlyMap<string, VaultKey>;

  /**
   * Seals with `secret`, of at least 32 characters, and opens also what was sealed with one of the `others`: those
   * before and after a rotation that is under way.
   */
  constructor(secret: string, others: readonly string[] = []) {
    this.#current = deriveKey(secret);
    this.#known = new Map([...others.map(deriveKey), this.#current].map((key) => [key.id, key]));
  }

  /** Whether a sealed text was sealed with the secret that this vault seals with. */
  isCurrent(sealedText: string): boolean {
    return sealedText.startsWith(`${version}.${this.#current.id}.`);
  }

  seal(text: string, place: SealPlace): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#current.bytes, iv).setAAD(describePlace(place, this.#current));
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${version}.${this.#current.id}.${sealed.toString('base64url')}`;
  }

  /** Throws {@link SealError} when the text was changed, moved, or sealed with another secret. */
  unseal(sealedText: string, place: SealPlace): string {
    const [givenVersion, keyId, payload = '', ...rest] = sealedText.split('.');
    const bytes = Buffer.from(payload, 'base64url');
    const isWellFormed =
      givenVersion === version &&
      rest.length === 0 &&
      bytes.length >= ivBytes + tagBytes &&
      bytes.toString('base64url') === payload;
    if (!isWellFormed) throw new SealError('The stored credential is not readable. Type it again.');
    const key = this.#known.get(keyId ?? '');
    if (!key) {
      throw new SealError(
        'The stored credential was sealed with another SWITCHYARD_SECRET. Restore that secret, or type the credential again.',
      );
    }
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, ivBytes))
      .setAAD(describePlace(place, key))
      .setAuthTag(bytes.subarray(-tagBytes));
    try {
      const text = decipher.update(bytes.subarray(ivBytes, -tagBytes));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch {
      throw new SealError('The stored credential was made for another address, or was changed. Type it again.');
    }
  }

  /** Equal for equal texts under one secret, and of no use to who guesses without it. */
  fingerprint(text: string): string {
    return createHmac('sha256', this.#current.bytes).update(`fingerprint ${text}`).digest('base64url');
  }
}

interface VaultKey {
  readonly bytes: Buffer;
  readonly id: string;
}

function deriveKey(secret: string): VaultKey {
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', 'switchyard provider credentials v1', 32));
  return { bytes, id: createHash('sha256').update('key id').update(bytes).digest('hex').slice(0, 8) };
}

function describePlace({ teamId, rowId, origin, purpose }: SealPlace, { id }: VaultKey): Buffer {
  return Buffer.from(JSON.stringify([version, id, purpose, teamId, rowId, origin]));
}
