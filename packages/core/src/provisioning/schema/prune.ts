import { pathKey, type SourcePath } from '../source/source-path.ts';

/** A copy of a value without some of its parts. */
export interface Pruned {
  readonly value: unknown;
  /** From a path in the copy to the path in the original: lists close up over what was taken out. */
  toOriginal(path: SourcePath): SourcePath;
}

/**
 * Copies `original` without the entries whose paths (as {@link pathKey}) are in `removed`, and with other values at the
 * paths in `replaced`: there by the map that they belong to, then by their name.
 */
export function prune(
  original: unknown,
  removed: ReadonlySet<string>,
  replaced: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map(),
): Pruned {
  if (removed.size === 0 && replaced.size === 0) return { value: original, toOriginal: (path) => path };
  const keptIndexes = new Map<string, readonly number[]>();
  const copy = (value: unknown, path: SourcePath): unknown => {
    if (Array.isArray(value)) {
      const kept = value.map((_, index) => index).filter((index) => !removed.has(pathKey([...path, index])));
      keptIndexes.set(pathKey(path), kept);
      return kept.map((index) => copy(value[index], [...path, index]));
    }
    if (typeof value !== 'object' || value === null) return value;
    const result: Record<string, unknown> = Object.create(null);
    for (const [key, entry] of Object.entries(value)) {
      if (!removed.has(pathKey([...path, key]))) result[key] = copy(entry, [...path, key]);
    }
    return Object.assign(result, replaced.get(pathKey(path)));
  };
  return {
    value: copy(original, []),
    toOriginal: (path) => {
      const result: (string | number)[] = [];
      for (const step of path) {
        const indexes = typeof step === 'number' ? keptIndexes.get(pathKey(result)) : undefined;
        result.push(typeof step === 'number' ? (indexes?.[step] ?? step) : step);
      }
      return result;
    },
  };
}
