import type { z } from 'zod';

export interface ControlIssue {
  /** Dotted path of the field at fault; `(body)` for the whole. */
  field: string;
  message: string;
}

/** Control input that is wrong; the message names every field at fault. */
export class ControlError extends Error {
  readonly status: number;
  readonly issues: readonly ControlIssue[];
  constructor(status: number, issues: readonly ControlIssue[]) {
    super(issues.map((issue) => `${issue.field}: ${issue.message}`).join('; '));
    this.status = status;
    this.issues = issues;
  }
}

/** Parses control input; throws `ControlError` 400 with one issue per field. */
export function parseControlInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), message: 'unknown field' }))
      : [{ field: issue.path.join('.') || '(body)', message: issue.message }],
  );
  throw new ControlError(400, issues);
}
