/** A key for one press of a button. `crypto.randomUUID` is missing on plain-http hosts, `getRandomValues` is not. */
export function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
