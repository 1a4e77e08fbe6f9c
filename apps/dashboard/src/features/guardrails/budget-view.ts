import type {
  BudgetFieldsFragment,
  BudgetForecastFieldsFragment,
  BudgetWindowFieldsFragment,
} from '../../gql/guardrails.ts';

type Forecasted = BudgetWindowFieldsFragment & { forecast?: BudgetForecastFieldsFragment };

/** A budget as the API gives it, with its present windows. Amounts are decimal text in the budget's unit. */
export type ListedBudget = BudgetFieldsFragment & { windows: readonly BudgetWindowFieldsFragment[] };

/** One current window: live and simulated use have windows of their own and are never added up. */
export interface WindowView extends BudgetWindowFieldsFragment {
  /** Undefined until it is loaded. */
  forecast: BudgetForecastFieldsFragment | undefined;
}

/** Raises that hold now or will. */
export const openRaises = (budget: Pick<BudgetFieldsFragment, 'raises'>, nowMs: number) =>
  budget.raises.filter(({ endsAt }) => Date.parse(endsAt) > nowMs);

/**
 * The windows to draw: live money first, then simulated, each fullest first. A budget for all that nothing was counted in yet shows one
 * empty bar of the origin at hand; one for each of several waits for the first call.
 */
export function windowsToShow(
  budget: ListedBudget,
  forecasted: readonly Forecasted[] | undefined,
  isSimulatorRunning: boolean,
): readonly WindowView[] {
  const forecasts = new Map(forecasted?.map(({ windowId, forecast }) => [windowId, forecast]));
  const known = new Set(budget.windows.map(({ windowId }) => windowId));
  const windows = [...budget.windows, ...(forecasted ?? []).filter(({ windowId }) => !known.has(windowId))];
  const views = windows
    .map((window) => ({ ...window, forecast: forecasts.get(window.windowId) }))
    .sort((left, right) => Number(left.origin !== 'LIVE') - Number(right.origin !== 'LIVE'));
  if (views.length > 0 || budget.window === 'RUN' || budget.scope.some(({ isEach }) => isEach)) return views;
  return [
    {
      __typename: 'BudgetWindow',
      windowId: `unused ${budget.id}`,
      origin: isSimulatorRunning ? 'SIMULATED' : 'LIVE',
      subject: null,
      spent: '0',
      reserved: '0',
      free: budget.effectiveLimit,
      limit: budget.effectiveLimit,
      resetsAt: budget.resetsAt,
      forecast: undefined,
    },
  ];
}
