import { stripIgnoredCharacters } from 'graphql';

/** Documents that clients may name by id (`sha256:…`) instead of sending their text. */
export type PersistedDocuments = ReadonlyMap<string, string>;

const texts = new WeakMap<PersistedDocuments, ReadonlySet<string>>();

/** Whether a text is one of the persisted documents, however it is laid out. */
export function isPersisted(documents: PersistedDocuments, text: string): boolean {
  let known = texts.get(documents);
  if (!known) {
    known = new Set([...documents.values()].map(stripIgnoredCharacters));
    texts.set(documents, known);
  }
  try {
    return known.has(stripIgnoredCharacters(text));
  } catch {
    return false;
  }
}
