import { createHash, randomBytes } from 'node:crypto';

/** What every key that we make begins with, so that secret scanners and people recognise it. */
export const apiKeyPrefix = 'sk-sy-';

/** A new key with 256 bits of chance, in base64url. */
export function generateApiKey(): string {
  return apiKeyPrefix + randomBytes(32).toString('base64url');
}

/** The SHA-256 of a key in hex: all that is stored. A fast hash is enough because the key is random and long. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** The parts of a key that may be shown later: how it begins (never more than half of it) and its last four characters. */
export function describeApiKey(key: string): { readonly prefix: string; readonly lastFour: string } {
  return { prefix: key.slice(0, Math.min(apiKeyPrefix.length + 4, key.length >> 1)), lastFour: key.slice(-4) };
}
