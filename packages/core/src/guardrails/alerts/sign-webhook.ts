import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the time of a message may be from the receiver's clock, in seconds. */
const toleranceSeconds = 5 * 60;
const minSecretBytes = 24;
const maxSecretBytes = 64;

/** The headers of a signed message. */
export interface WebhookHeaders {
  readonly 'webhook-id': string;
  /** Unix seconds of this try. */
  readonly 'webhook-timestamp': string;
  /** Signatures divided by spaces, each `v1,<base64>`. */
  readonly 'webhook-signature': string;
}

/**
 * The bytes of a secret `whsec_<base64>` of 24 to 64 bytes, or undefined when it is none. The prefix may be missing.
 * Source of all in this file: Standard Webhooks 1.0.0, "Signature scheme".
 */
export function readWebhookSecret(secret: string): Uint8Array | undefined {
  const text = secret.replace(/^whsec_/, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) return undefined;
  return bytes.length >= minSecretBytes && bytes.length <= maxSecretBytes ? bytes : undefined;
}

/** Writes 24 to 64 random bytes as a secret. */
export function formatWebhookSecret(bytes: Uint8Array): string {
  return `whsec_${Buffer.from(bytes).toString('base64')}`;
}

/**
 * The headers that go with `body`, exactly as it is sent. `messageId` stays the same for every try of one message;
 * `atMs` is the time of this try. Throws `RangeError` for a secret that is none.
 */
export function signWebhook(secret: string, messageId: string, atMs: number, body: string): WebhookHeaders {
  const key = readWebhookSecret(secret);
  if (!key) throw new RangeError('A webhook secret is whsec_ and the base64 form of 24 to 64 bytes.');
  const timestamp = String(Math.floor(atMs / 1000));
  return {
    'webhook-id': messageId,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${computeSignature(key, messageId, timestamp, body).toString('base64')}`,
  };
}

/**
 * Whether `body` is what the holder of `secret` sent within five minutes of `nowMs`. Compares in constant time; accepts
 * when any of several signatures fits, as needed while a secret is being replaced.
 */
export function verifyWebhook(
  secret: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  nowMs: number,
): boolean {
  const key = readWebhookSecret(secret);
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (!key || id === undefined || timestamp === undefined || signatures === undefined) return false;
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowMs / 1000 - Number(timestamp)) > toleranceSeconds) return false;
  const expected = computeSignature(key, id, timestamp, body);
  let isGenuine = false;
  for (const entry of signatures.split(' ')) {
    const [version, text = ''] = entry.split(',');
    const given = Buffer.from(text, 'base64');
    if (version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)) isGenuine = true;
  }
  return isGenuine;
}

function computeSignature(key: Uint8Array, id: string, timestamp: string, body: string): Buffer {
  return createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
}
