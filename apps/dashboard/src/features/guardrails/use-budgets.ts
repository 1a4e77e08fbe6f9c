'use client';

import { useCallback, useEffect, useState } from 'react';
import { type CombinedError, type OperationResult, useClient } from 'urql';
import { BudgetsDocument, type BudgetsQuery } from '../../gql/guardrails.ts';
import { askWindows, type BudgetWindows } from './ask-windows.ts';
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
  /** False while further pages are on their way for the first time. */
  isComplete: boolean;
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
  const [state, setState] = useState<Omit<Budgets, 'reload'>>({
    budgets: undefined,
    error: undefined,
    isComplete: false,
  });
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
      // The first time each page is shown as it comes.
      const soFar = [...budgets];
      setState((known) => (known.isComplete ? known : { ...known, budgets: soFar }));
      if (!page.pageInfo.hasNextPage) return setState({ budgets, error: undefined, isComplete: true });
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

/**
 * The windows of one budget with their forecasts, which are read from weeks of records: asked less often than the figures, for budgets in
 * sight only, and for many in one request. Undefined until they are known.
 */
export function useBudgetWindows(id: string, first: number, isSeen: boolean): BudgetWindows | undefined {
  const client = useClient();
  const [windows, setWindows] = useState<BudgetWindows>();
  useEffect(() => {
    if (!isSeen) return;
    let isGone = false;
    const ask = async () => {
      const answer = await askWindows(client, id, first);
      if (answer && !isGone) setWindows(answer);
    };
    const refresh = () => !document.hidden && void ask();
    void ask();
    const timer = setInterval(refresh, refreshMs);
    const stop = onChanged('budgets', refresh);
    return () => {
      isGone = true;
      clearInterval(timer);
      stop();
    };
  }, [client, id, first, isSeen]);
  return windows;
}
