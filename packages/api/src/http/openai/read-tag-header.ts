import type { IncomingHttpHeaders } from 'node:http';
import { tagListInput } from '../../features/comparisons/lane-limits-input.ts';
import { ValidationFailure } from '../../user-errors.ts';

const header = 'x-switchyard-tags';

/** What a client marks its call with: `x-switchyard-tags: invoice,eu`. Throws `ValidationFailure`. */
export function readTagHeader(headers: IncomingHttpHeaders): readonly string[] {
  const given = headers[header];
  if (given === undefined) return [];
  const result = tagListInput.safeParse(Array.isArray(given) ? given.join(',') : given);
  if (result.success) return result.data;
  throw new ValidationFailure(
    result.error.issues.map(({ message, code }) => ({ path: [header], message: `${header}: ${message}`, code })),
  );
}
