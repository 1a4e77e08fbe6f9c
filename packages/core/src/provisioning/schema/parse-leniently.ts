import type { z } from 'zod';
import { pathKey, type SourcePath } from '../source/source-path.ts';
import { flattenIssue } from './flatten-issue.ts';
import { type Pruned, prune } from './prune.ts';

/** What could be read, and what stood in the way. */
export interface LenientResult<Value> {
  /** Without the parts that are wrong; undefined when nothing is left. */
  readonly value: Value | undefined;
  /** All issues of the first look; paths are those of the input. */
  readonly issues: readonly z.core.$ZodIssue[];
  toOriginal: Pruned['toOriginal'];
}

/** Each round takes out at least one level: an entry, then what cannot be without it. */
const maxRounds = 30;

/**
 * Reads `input` and, when parts of it are wrong, reads it again without them, so that one mistake hides no other: what
 * follows can still check everything that is sound. `placeholderAt` may offer a value for a field that the rest cannot do
 * without; what is built with it is only good for being checked.
 */
export function parseLeniently<Value>(
  schema: z.ZodType<Value>,
  input: unknown,
  placeholderAt: (path: SourcePath) => unknown = () => undefined,
): LenientResult<Value> {
  const removed = new Set<string>();
  const replaced = new Map<string, Record<string, unknown>>();
  let firstIssues: readonly z.core.$ZodIssue[] | undefined;
  for (let round = 0; round < maxRounds; round += 1) {
    const pruned = prune(input, removed, replaced);
    const result = schema.safeParse(pruned.value);
    if (result.success) return { value: result.data, issues: firstIssues ?? [], toOriginal: pruned.toOriginal };
    const issues = result.error.issues.flatMap(flattenIssue);
    firstIssues ??= issues;
    for (const issue of issues) {
      const path = pruned.toOriginal(issue.path as SourcePath);
      const name = path.at(-1);
      const placeholder = issue.code === 'unrecognized_keys' ? undefined : placeholderAt(path);
      if (placeholder !== undefined && typeof name === 'string') {
        const parent = pathKey(path.slice(0, -1));
        replaced.set(parent, { ...replaced.get(parent), [name]: placeholder });
        continue;
      }
      for (const doomed of whatToRemove(issue, pruned.value)) {
        if (doomed.length === 0) return { value: undefined, issues: firstIssues, toOriginal: (kept) => kept };
        removed.add(pathKey(pruned.toOriginal(doomed)));
      }
    }
  }
  return { value: undefined, issues: firstIssues ?? [], toOriginal: (path) => path };
}

function whatToRemove(issue: z.core.$ZodIssue, value: unknown): SourcePath[] {
  const path = issue.path as SourcePath;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key]);
  return [hasEntry(value, path) ? path : path.slice(0, -1)];
}

/** Whether something stands at `path`; a missing field takes along what it is missing in. */
function hasEntry(value: unknown, path: SourcePath): boolean {
  return readAt(value, path) !== undefined;
}

/** The value at `path`, or undefined. */
export function readAt(value: unknown, path: SourcePath): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}
