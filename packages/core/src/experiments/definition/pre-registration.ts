import { createHash } from 'node:crypto';

/** What was decided before the start, as text that never changes, and its fingerprint. */
export interface PreRegistration {
  /** Canonical JSON: names in alphabetical order, no spaces. */
  readonly text: string;
  /** SHA-256 of `text` in UTF-8, in hexadecimal. Anybody can check it. */
  readonly hash: string;
}

/**
 * Freezes a definition together with what it leans on: the dataset's version and size, the planned number of pairs.
 * The same content gives the same text, whatever the order of its names.
 */
export function preRegister(content: Readonly<Record<string, unknown>>): PreRegistration {
  const text = canonicalJson(content);
  return { text, hash: createHash('sha256').update(text, 'utf8').digest('hex') };
}

/** Any JSON value as text with the names in it in alphabetical order; what is undefined is left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'null';
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  // fromEntries defines properties, so that a name such as __proto__ stays a name.
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, sorted(each)]));
}
