import type { BudgetFigures } from '../budget-ledger.ts';
import type { ForecastFinding } from '../decide-forecast-alerts.ts';
import {
  type AlertDraftOfBudget,
  amountFact,
  amountText,
  type BudgetAlertContext,
  dateText,
  describeBudgetForecast,
  draft,
  percentText,
  used,
} from './describe-budget-alert.ts';

/** What a forecast says, in the budget's unit. */
export interface ForeseenUse {
  readonly forecast: bigint | undefined;
  readonly low: bigint | undefined;
  readonly high: bigint | undefined;
  readonly exhaustedAtMs: number | undefined;
  readonly burnRate: number | undefined;
}

/** The alert for a finding of `decideForecastAlerts`; a resolved one has the key of the one that it takes back. */
export function describeForecastFinding(
  finding: ForecastFinding,
  figures: BudgetFigures,
  foreseen: ForeseenUse,
  context: BudgetAlertContext,
): AlertDraftOfBudget {
  const alert = describeFiring(finding, figures, foreseen, context);
  if (finding.status === 'firing') return alert;
  const title =
    finding.type === 'burn-rate'
      ? `The budget "${figures.budgetName}" is used at a usual pace again`
      : `The budget "${figures.budgetName}" is not expected to reach ${percentText(finding.share)} any more`;
  return { ...alert, status: 'resolved', severity: 'info', title, message: used(figures) };
}

function describeFiring(
  finding: ForecastFinding,
  figures: BudgetFigures,
  { forecast, low, high, exhaustedAtMs, burnRate }: ForeseenUse,
  context: BudgetAlertContext,
): AlertDraftOfBudget {
  const { unit, budgetName } = figures;
  if (finding.type === 'burn-rate') {
    const rate = (burnRate ?? 0).toFixed(1);
    const end = exhaustedAtMs === undefined ? '' : ` At the present pace it is used up at ${dateText(exhaustedAtMs)}.`;
    return draft(figures, context, {
      kind: 'budget.forecast',
      severity: 'warning',
      title: `The budget "${budgetName}" is used ${rate} times as fast as it lasts`,
      message: `${used(figures)}${end} See what uses it, or raise the limit.`,
      key: 'burn-rate',
      facts: [{ name: 'burnRate', label: 'Burn rate', value: Number(rate) }],
    });
  }
  const interval =
    low === undefined || high === undefined
      ? []
      : [
          amountFact(unit, 'forecastLow', 'Forecast, at least', low),
          amountFact(unit, 'forecastHigh', 'Forecast, at most', high),
        ];
  const likely = forecast ?? 0n;
  if (finding.share >= 1) {
    const endMs = exhaustedAtMs ?? figures.resetsAtMs ?? context.atMs;
    const alert = describeBudgetForecast({ ...figures, forecast: likely, exhaustedAtMs: endMs }, context);
    return { ...alert, facts: [...alert.facts, ...interval] };
  }
  const percent = percentText(finding.share);
  return draft(figures, context, {
    kind: 'budget.forecast',
    severity: 'info',
    title: `The budget "${budgetName}" is expected to reach ${percent}`,
    message: `${used(figures)} By the end of its window it would reach ${amountText(unit, likely)}. Nothing is blocked by this.`,
    key: `forecast:${finding.share}`,
    facts: [
      { name: 'threshold', label: 'Threshold', value: percent },
      amountFact(unit, 'forecast', 'Forecast', likely),
      ...interval,
    ],
  });
}
