import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What every key that we make begins with, so that secret scanners and people recognise it. */
export const apiKeyPrefix = 'sk-sy-';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^43 > 2^256. */
const randomLength = 43;
/** 62^6 > 2^32. */
const checksumLength = 6;
const checkedForm = new RegExp(`^${apiKeyPrefix}[0-9A-Za-z]{${randomLength}}_[0-9A-Za-z]{${checksumLength}}$`);

/**
 * A new key: 256 bits of chance in base62, and behind `_` the CRC-32 of all before it, as GitHub's tokens have it: a
 * mistyped key is told from a wrong one without asking anybody.
 */
export function generateApiKey(): string {
  let body = apiKeyPrefix;
  for (let count = 0; count < randomLength; count += 1) body += digits[randomInt(digits.length)];
  return `${body}_${checksumOf(body)}`;
}

/** Whether a key has the form of those that we make and its checksum does not fit. Older keys and keys of other forms have none. */
export function isMistypedKey(key: string): boolean {
  if (!checkedForm.test(key)) return false;
  const end = key.length - checksumLength - 1;
  return checksumOf(key.slice(0, end)) !== key.slice(end + 1);
}

/** What a client reads whose key was refused. The key is not repeated here: answers end up in logs. */
export function describeRefusedKey(key: string): string {
  return isMistypedKey(key)
    ? 'The API key is mistyped: its checksum does not fit. Copy it again, whole.'
    : 'The API key is not valid: unknown, revoked or expired.';
}

function checksumOf(text: string): string {
  let rest = crc32(text);
  let encoded = '';
  for (let place = 0; place < checksumLength; place += 1) {
    encoded = digits[rest % digits.length] + encoded;
    rest = Math.floor(rest / digits.length);
  }
  return encoded;
}

/** The SHA-256 of a key in hex: all that is stored. A fast hash is enough because the key is random and long. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** The parts of a key that may be shown later: how it begins (never more than half of it) and its last four characters. */
export function describeApiKey(key: string): { readonly prefix: string; readonly lastFour: string } {
  return { prefix: key.slice(0, Math.min(apiKeyPrefix.length + 4, key.length >> 1)), lastFour: key.slice(-4) };
}
