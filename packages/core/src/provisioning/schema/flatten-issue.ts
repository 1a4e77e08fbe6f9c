import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * Where a value may have several forms, answers the issues of the form that was evidently meant (the one whose outer
 * type fits), so that a mistake deep inside is named where it is. Otherwise the issue as it is.
 */
export function flattenIssue(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const fitting = issue.errors.filter((form) => !form.some((inner) => inner.path.length === 0 && isOuter(inner)));
  const meant = fitting.length === 1 ? fitting[0] : undefined;
  if (!meant || meant.length === 0) return [issue];
  return meant.flatMap((inner) => flattenIssue({ ...inner, path: [...issue.path, ...inner.path] } as Issue));
}

/** Whether the value as a whole is refused, not something inside it. */
const isOuter = (issue: Issue): boolean => issue.code !== 'unrecognized_keys';
