import { BudgetEventsDocument, type BudgetEventsSubscription } from '../../gql/guardrails.ts';
import { followSubscription } from '../../graphql/follow-subscription.ts';

export type BudgetEvent = BudgetEventsSubscription['budgetEvents'];

/**
 * Follows what happens to the team's budgets. The first events after a lost connection are the figures of every budget, so nothing has
 * to be asked again. Returns the way to stop.
 */
export function followBudgets(onEvent: (event: BudgetEvent) => void): () => void {
  return followSubscription<BudgetEventsSubscription>({
    document: BudgetEventsDocument,
    operationName: 'BudgetEvents',
    onData: ({ budgetEvents }) => onEvent(budgetEvents),
  });
}
