import { isStorableText } from '@switchyard/core/kernel';
import type { z } from 'zod';
import { ValidationFailure, type ValidationIssue } from './user-errors.ts';

/** Checks `input` and returns it in the schema's form, or throws {@link ValidationFailure} with all issues at once. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const unstorable = findUnstorable(input);
  if (unstorable.length > 0) throw new ValidationFailure(unstorable);
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new ValidationFailure(
    result.error.issues.map((issue) => ({
      path: ['input', ...issue.path.map(String)],
      message: `${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}`,
      code: issue.code,
    })),
  );
}

/** Deeper than anything a person or program means; what is recursive further on would run out of stack. */
const deepest = 500;

interface Place {
  readonly value: unknown;
  readonly key: string;
  readonly above: Place | undefined;
  readonly depth: number;
}

/** One issue for each text that no store can hold, and for what is nested too deeply to be read. */
function findUnstorable(input: unknown): ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  const open: Place[] = [{ value: input, key: 'input', above: undefined, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string') {
      if (isStorableText(value)) continue;
      const message = 'The text holds a NUL or half a character; take it out.';
      issues.push({ path: pathTo(next), message, code: 'invalid_text' });
    } else if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
      if (depth >= deepest) {
        const message = `The input is nested more than ${deepest} levels deep.`;
        return [{ path: pathTo(next).slice(0, 10), message, code: 'too_deep' }];
      }
      for (const [key, child] of Object.entries(value)) open.push({ value: child, key, above: next, depth: depth + 1 });
    }
  }
  return issues;
}

function pathTo(place: Place): readonly string[] {
  const path: string[] = [];
  for (let each: Place | undefined = place; each; each = each.above) path.push(each.key);
  return path.reverse();
}
