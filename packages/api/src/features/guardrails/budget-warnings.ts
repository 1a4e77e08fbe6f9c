import { type Budget, validateBudget } from '@switchyard/core/guardrails';
import { type TeamValues, toKnownValues } from './team-values.ts';

export interface OddBudget {
  readonly path: readonly string[];
  readonly message: string;
}

/** What is odd about a stored budget beside the team's others: nothing can match it, or another one contradicts it. */
export function findBudgetWarnings(
  budget: Budget,
  others: readonly Budget[],
  values: TeamValues,
): readonly OddBudget[] {
  const problems = validateBudget(budget, others, toKnownValues(values));
  return [...problems, ...findGoneConditions(budget, values)];
}

/** Members that left the team and keys that are revoked. */
function findGoneConditions({ scope }: Budget, { members, apiKeys }: TeamValues): readonly OddBudget[] {
  return scope.flatMap((condition, index) => {
    if (!('value' in condition)) return [];
    const { kind, value } = condition;
    const path = ['scope', `${index}`, 'value'];
    if (kind === 'member' && !members.has(value))
      return [{ path, message: 'No traffic can match: the member is not in the team any more.' }];
    if (kind === 'api-key' && apiKeys.get(value)?.isRevoked !== false)
      return [{ path, message: 'No traffic can match: the API key was revoked.' }];
    return [];
  });
}
