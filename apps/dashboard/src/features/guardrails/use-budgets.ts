'use client';

import { useCallback, useEffect, useState } from 'react';
import { type CombinedError, type OperationResult, useClient, useQuery } from 'urql';
import {
  BudgetsDocument,
  type BudgetsQuery,
  BudgetWindowsDocument,
  type BudgetWindowsQuery,
} from '../../gql/guardrails.ts';
import { onChanged, tellChanged } from './budget-signal.ts';
import type { ListedBudget } from './budget-view.ts';
import { type BudgetEvent, followBudgets } from './follow-budgets.ts';

const pageSize = 8;
/** Windows end without an event. */
const refreshMs = 30_000;

export interface Budgets {
  /** Undefined until they are known. */
  budgets: readonly ListedBudget[] | undefined;
  error: CombinedError | undefined;
  reload(): void;
}

/** The list after an event: figures of a known budget are put in place; undefined when the list must be asked again. */
export function withEvent(
  budgets: readonly ListedBudget[],
  event: Extract<BudgetEvent, { __typename: 'BudgetChanged' }>,
): readonly ListedBudget[] | undefined {
  if (!event.budget) return budgets.filter(({ id }) => id !== event.budgetId);
  const { budget, windows } = event;
  if (!budgets.some(({ id }) => id === budget.id)) return undefined;
  return budgets.map((known) => (known.id === budget.id ? { ...known, ...budget, windows } : known));
}

/** Every budget of the team, asked page by page because one request may cost 1,000 points, and live from then on. */
export function useBudgets(): Budgets {
  const client = useClient();
  const [state, setState] = useState<Omit<Budgets, 'reload'>>({ budgets: undefined, error: undefined });
  const load = useCallback(async () => {
    const budgets: ListedBudget[] = [];
    for (let after: string | null = null; ; ) {
      const answer: OperationResult<BudgetsQuery> = await client.query(
        BudgetsDocument,
        { first: pageSize, ...(after ? { after } : {}) },
        { requestPolicy: 'network-only' },
      );
      const page = answer.data?.budgets;
      if (!page) return setState((known) => ({ ...known, error: answer.error }));
      budgets.push(...page.edges.map(({ node }) => node));
      if (!page.pageInfo.hasNextPage) return setState({ budgets, error: undefined });
      after = page.pageInfo.endCursor;
    }
  }, [client]);

  useEffect(() => {
    void load();
    const timer = setInterval(() => !document.hidden && void load(), refreshMs);
    const stopListening = onChanged('budgets', () => void load());
    const stopFollowing = followBudgets((event) => {
      if (event.__typename === 'BudgetChanged')
        setState((known) => {
          const budgets = known.budgets && withEvent(known.budgets, event);
          if (known.budgets && !budgets) tellChanged('budgets');
          return budgets ? { ...known, budgets } : known;
        });
      else if (event.__typename === 'BudgetBreached' || event.__typename === 'BudgetThresholdCrossed')
        tellChanged('breaches');
      else tellChanged('approvals');
    });
    return () => {
      clearInterval(timer);
      stopListening();
      stopFollowing();
    };
  }, [load]);
  return { ...state, reload: load };
}

type Windows = Extract<NonNullable<BudgetWindowsQuery['node']>, { __typename: 'Budget' }>['windows'];

/**
 * The windows of one budget with their forecasts, which are read from weeks of records and so asked less often than the figures. Undefined
 * until they are known.
 */
export function useBudgetWindows(id: string, first: number): Windows | undefined {
  const [{ data }, refetch] = useQuery({
    query: BudgetWindowsDocument,
    variables: { id, first },
    requestPolicy: 'cache-and-network',
  });
  useEffect(() => {
    const refresh = () => !document.hidden && refetch({ requestPolicy: 'network-only' });
    const timer = setInterval(refresh, refreshMs);
    const stop = onChanged('budgets', refresh);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [refetch]);
  return data?.node?.__typename === 'Budget' ? data.node.windows : undefined;
}
