interface Listener {
  onChange: () => void;
  budgetId: string | undefined;
}

const listeners = new Set<Listener>();

/** Tells what is shown of budgets to look again: of one budget, or of all. */
export function tellBudgetsChanged(budgetId?: string): void {
  for (const { onChange, budgetId: wanted } of listeners)
    if (wanted === undefined || budgetId === undefined || wanted === budgetId) onChange();
}

/** Runs `onChange` when budgets changed, or one of them. Returns the way to stop. */
export function onBudgetsChanged(onChange: () => void, budgetId?: string): () => void {
  const listener = { onChange, budgetId };
  listeners.add(listener);
  return () => listeners.delete(listener);
}
