import type { z } from 'zod';
import { ValidationFailure } from './user-errors.ts';

/** Checks `input` and returns it in the schema's form, or throws {@link ValidationFailure} with all issues at once. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
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
