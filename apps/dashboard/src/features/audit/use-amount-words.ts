'use client';

import { useQuery } from 'urql';
import { AuditedBudgetUnitDocument, type AuditRowFieldsFragment } from '../../gql/audit.ts';
import { formatAmount } from '../guardrails/budget-words.ts';

/**
 * Says amounts as people read them: a column in nano-dollars, and the limit of a budget, whose unit stands with the budget.
 * The limit of a budget that is gone stays the number that was kept.
 */
export function useAmountWords({ objectType, objectId }: Pick<AuditRowFieldsFragment, 'objectType' | 'objectId'>) {
  const isBudget = objectType === 'Budget' && objectId !== null;
  const [{ data }] = useQuery({
    query: AuditedBudgetUnitDocument,
    variables: { id: objectId ?? '' },
    pause: !isBudget,
  });
  const unit = data?.node?.__typename === 'Budget' ? data.node.unit : undefined;
  return (path: string, value: string): string => {
    if (!/^\d+$/.test(value)) return value;
    if (/NanoUsd$/.test(path)) return formatAmount('COST', Number(value) / 1e9);
    if (path !== 'limitAmount' || !isBudget || unit === undefined) return value;
    return formatAmount(unit, unit === 'COST' ? Number(value) / 1e9 : value);
  };
}
