import type { GraphQLError } from 'graphql';
import { BudgetEventsDocument, type BudgetEventsSubscription } from '../../gql/guardrails.ts';
import { eventSocket } from '../../graphql/event-socket.ts';

export type BudgetEvent = BudgetEventsSubscription['budgetEvents'];

function isRefusal(error: unknown): boolean {
  if (!Array.isArray(error)) return error instanceof CloseEvent && (error.code === 4401 || error.code === 4403);
  const code = (error[0] as GraphQLError | undefined)?.extensions?.code;
  return code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' || code === 'BAD_USER_INPUT';
}

/**
 * Follows what happens to the team's budgets. A lost connection is opened again with growing waits up to ten seconds; its first events
 * are the figures of every budget, so nothing has to be asked again. Returns the way to stop.
 */
export function followBudgets(onEvent: (event: BudgetEvent) => void): () => void {
  let isStopped = false;
  let attempts = 0;
  let unsubscribe = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const reconnect = () => {
    if (isStopped) return;
    const waitMs = Math.min(10_000, 500 * 2 ** attempts) * (0.75 + Math.random() * 0.5);
    attempts += 1;
    timer = setTimeout(connect, waitMs);
  };
  const connect = () => {
    if (isStopped) return;
    unsubscribe = eventSocket().subscribe<BudgetEventsSubscription>(
      { query: String(BudgetEventsDocument), operationName: 'BudgetEvents' },
      {
        next({ data }) {
          if (!data || isStopped) return;
          attempts = 0;
          onEvent(data.budgetEvents);
        },
        error(error) {
          if (!isRefusal(error)) reconnect();
        },
        complete: reconnect,
      },
    );
  };
  connect();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    unsubscribe();
  };
}
