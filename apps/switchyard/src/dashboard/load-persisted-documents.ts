import { readFileSync } from 'node:fs';

/** The dashboard's operations by their id (`sha256:…`), as codegen wrote them; none when it has not run. */
export function loadPersistedDocuments(path: string): ReadonlyMap<string, string> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
}
