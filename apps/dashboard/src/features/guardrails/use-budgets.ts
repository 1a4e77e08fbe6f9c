'use client';

import { useCallback, useEffect, useState } from 'react';
import { type CombinedError, type OperationResult, useClient, useQuery } from 'urql';
import {
  BudgetsDocument,
  type BudgetsQuery,
  BudgetWindowsDocument,
  type BudgetWindowsQuery,
} from '../../gql/guardrails.ts';
import { onBudgetsChanged } from './budget-signal.ts';
import type { ListedBudget } from './budget-view.ts';

const pageSize = 8;
/** Reservations of other processes, and time itself, move without an event. */
const refreshMs = 10_000;

export interface Budgets {
  /** Undefined until they are known. */
  budgets: readonly ListedBudget[] | undefined;
  error: CombinedError | undefined;
  reload(): void;
}

/** Every budget of the team, asked page by page because one request may cost 1,000 points; renewed by events and by time. */
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
    const stop = onBudgetsChanged(() => void load());
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [load]);
  return { ...state, reload: load };
}

type Windows = Extract<NonNullable<BudgetWindowsQuery['node']>, { __typename: 'Budget' }>['windows'];

/** The windows of one budget with their forecasts, which cost more than the rest. Undefined until they are known. */
export function useBudgetWindows(id: string, first: number): Windows | undefined {
  const [{ data }, refetch] = useQuery({
    query: BudgetWindowsDocument,
    variables: { id, first },
    requestPolicy: 'cache-and-network',
  });
  useEffect(() => {
    const refresh = () => !document.hidden && refetch({ requestPolicy: 'network-only' });
    const timer = setInterval(refresh, refreshMs);
    const stop = onBudgetsChanged(refresh, id);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [id, refetch]);
  return data?.node?.__typename === 'Budget' ? data.node.windows : undefined;
}
