import type { Problem } from '../faults/problem-codes.ts';

/** `retry-after` (seconds or HTTP date) and `retry-after-ms` as the fault asks for; they may contradict each other. */
export function retryHeaders(problem: Problem): Record<string, string> {
  const headers: Record<string, string> = {};
  const { retryAfterSeconds, retryAfterMs, retryAfterDate } = problem;
  if (typeof retryAfterDate === 'string') headers['retry-after'] = retryAfterDate;
  else if (retryAfterDate === true)
    headers['retry-after'] = new Date(Date.now() + 1000 * (retryAfterSeconds ?? 2)).toUTCString();
  else if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
  if (retryAfterMs !== undefined) headers['retry-after-ms'] = String(retryAfterMs);
  return headers;
}
