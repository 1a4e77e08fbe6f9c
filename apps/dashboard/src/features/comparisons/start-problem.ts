import type { StartComparisonMutation } from '../../gql/comparisons.ts';

/** The server's refusal of a run as one sentence for the composer. */
export function startProblem(result: StartComparisonMutation['startComparison'] | undefined): string {
  if (result?.__typename === 'ValidationError')
    return result.issues.map(({ message }) => message).join(' ') || result.message;
  if (result?.__typename === 'NoEligibleModelError')
    return [result.message, ...result.rejected.map(({ modelId, reason }) => `${modelId}: ${reason}`)].join(' ');
  if (result?.__typename === 'IdempotencyConflictError') return result.message;
  return 'The server gave no answer. Try again.';
}
