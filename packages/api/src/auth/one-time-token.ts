import { createHash, randomBytes } from 'node:crypto';

/** A new token of a link, with 256 bits of chance, in base64url. */
export function createOneTimeToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The SHA-256 of a token in hex: all that is stored. A fast hash is enough because the token is random and long. */
export function hashOneTimeToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
