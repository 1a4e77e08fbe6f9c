import { isStorableText } from '@switchyard/core/kernel';
import type { z } from 'zod';
import { ValidationFailure, type ValidationIssue } from './user-errors.ts';

/** Checks `input` and returns it in the schema's form, or throws {@link ValidationFailure} with all issues at once. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const unstorable = findUnstorableTexts(input);
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

/** One issue for each text that no store can hold. Not recursive: the input may be nested deeper than the stack. */
function findUnstorableTexts(input: unknown): ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  const open: { readonly value: unknown; readonly path: readonly string[] }[] = [{ value: input, path: ['input'] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path } = next;
    if (typeof value === 'string') {
      if (isStorableText(value)) continue;
      issues.push({ path, message: 'The text holds a NUL or half a character; take it out.', code: 'invalid_text' });
    } else if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
      for (const [key, child] of Object.entries(value)) open.push({ value: child, path: [...path, key] });
    }
  }
  return issues;
}
