import type { HealthConditionFragment } from '../../gql/health.ts';

export type ProviderCondition = HealthConditionFragment;

/** The list with what events told of some providers put in place. Providers that the list does not hold are left out. */
export function mergeConditions(
  list: readonly ProviderCondition[],
  told: ReadonlyMap<string, ProviderCondition>,
): readonly ProviderCondition[] {
  if (told.size === 0) return list;
  return list.map((each) => told.get(each.provider.id) ?? each);
}
