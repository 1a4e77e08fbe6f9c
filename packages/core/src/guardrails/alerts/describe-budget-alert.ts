import { formatUsd, type NanoUsd } from '../../kernel/index.ts';
import type { BudgetFigures, BudgetRefusal, BudgetWarning } from '../budget-ledger.ts';
import type { Alert, AlertFact } from './alert.ts';

export interface BudgetAlertContext {
  readonly teamId: string;
  readonly origin: Alert['origin'];
  /** Epoch ms. */
  readonly atMs: number;
}

type Draft = Omit<Alert, 'id'>;
export type AlertDraftOfBudget = Draft;

const nanoPerCent = 10_000_000n;

/** The alert for a warning of the ledger: a threshold was crossed, or a soft budget is over its limit. */
export function describeBudgetWarning(warning: BudgetWarning, context: BudgetAlertContext): Draft {
  if (warning.type === 'over-limit') {
    return draft(warning, context, {
      kind: 'budget.breached',
      severity: 'warning',
      title: `The budget "${warning.budgetName}" is over its limit`,
      message: `${used(warning)} Nothing is blocked, because the budget is soft.`,
      key: 'over-limit',
    });
  }
  const percent = percentText(warning.threshold);
  const isFull = warning.threshold >= 1;
  return draft(warning, context, {
    kind: 'budget.threshold',
    severity: isFull ? 'critical' : 'warning',
    title: `${percent} of the budget "${warning.budgetName}" is used`,
    message: `${used(warning)} ${isFull ? 'There is no room left' : 'Nothing is blocked by this yet'}: raise the limit, or slow down what uses it.`,
    key: `threshold:${warning.threshold}`,
    facts: [{ name: 'threshold', label: 'Threshold', value: percent }],
  });
}

/** The alert for calls that a hard budget refuses; undefined when the refusal says nothing about the budget's limit. */
export function describeBudgetRefusal(refusal: BudgetRefusal, context: BudgetAlertContext): Draft | undefined {
  // A rate that is used up is over in a minute.
  if (refusal.reason === 'ledger-unavailable' || refusal.isRate) return undefined;
  const isUnpriced = refusal.reason === 'unpriced';
  const requested = amountText(refusal.unit, refusal.requested);
  return draft(refusal, context, {
    kind: 'budget.breached',
    severity: 'critical',
    title: isUnpriced
      ? `The budget "${refusal.budgetName}" refuses models without a price`
      : `The budget "${refusal.budgetName}" refuses calls`,
    message: isUnpriced
      ? 'A call was refused because the price of its model is unknown. Give the model a price, or let the budget reserve a flat amount for such models.'
      : `${used(refusal)} A call that may use ${requested} was refused. Raise the limit, or wait until the window ends.`,
    key: isUnpriced ? 'unpriced' : 'refused',
    facts: isUnpriced ? [] : [amountFact(refusal.unit, 'requested', 'Requested', refusal.requested)],
  });
}

/** The alert for a budget that will be used up at `exhaustedAtMs`, before its window ends, with `forecast` at its end. */
export function describeBudgetForecast(
  figures: BudgetFigures & { readonly forecast: bigint; readonly exhaustedAtMs: number },
  context: BudgetAlertContext,
): Draft {
  const { budgetName, unit, forecast, exhaustedAtMs } = figures;
  return draft(figures, context, {
    kind: 'budget.forecast',
    severity: 'warning',
    title: `The budget "${budgetName}" will be used up early`,
    message: `${used(figures)} At the present pace it is used up at ${dateText(exhaustedAtMs)}, and would reach ${amountText(unit, forecast)} by the end of its window.`,
    key: 'forecast',
    facts: [
      amountFact(unit, 'forecast', 'Forecast', forecast),
      { name: 'exhaustedAt', label: 'Used up at', value: new Date(exhaustedAtMs).toISOString() },
    ],
  });
}

export function draft(
  figures: BudgetFigures,
  { teamId, origin, atMs }: BudgetAlertContext,
  what: Pick<Alert, 'kind' | 'severity' | 'title' | 'message'> & {
    readonly key: string;
    readonly facts?: readonly AlertFact[];
  },
): Draft {
  const { windowId, unit, spent, reserved, limit, resetsAtMs } = figures;
  const { key, facts = [], ...rest } = what;
  return {
    ...rest,
    teamId,
    origin,
    atMs,
    status: 'firing',
    link: '/guardrails',
    dedupeKey: `budget:${windowId}:${key}`,
    facts: [
      { name: 'budgetName', label: 'Budget', value: figures.budgetName },
      amountFact(unit, 'spent', 'Spent', spent),
      amountFact(unit, 'reserved', 'Reserved for running calls', reserved),
      amountFact(unit, 'limit', 'Limit', limit),
      {
        name: 'resetsAt',
        label: 'Window ends',
        value: resetsAtMs === undefined ? 'never' : new Date(resetsAtMs).toISOString(),
      },
      ...facts,
    ],
  };
}

export function used({ unit, spent, reserved, limit, resetsAtMs }: BudgetFigures): string {
  const until = resetsAtMs === undefined ? '' : ` until ${dateText(resetsAtMs)}`;
  const running = reserved > 0n ? `, ${amountText(unit, reserved)} reserved for running calls` : '';
  return `${amountText(unit, spent)} of ${amountText(unit, limit)} spent${running}${until}.`;
}

export function amountFact(unit: BudgetFigures['unit'], name: string, label: string, amount: bigint): AlertFact {
  return unit === 'cost'
    ? { name: `${name}Usd`, label: `${label} (USD)`, value: formatUsd(amount) }
    : { name: `${name}${unit === 'tokens' ? 'Tokens' : 'Calls'}`, label, value: amountText(unit, amount) };
}

/** For people: USD from one dollar on to the cent, smaller amounts exactly. */
export function amountText(unit: BudgetFigures['unit'], amount: bigint): string {
  if (unit === 'cost') return usdText(amount);
  const count = amount.toString().replace(/\B(?=(\d{3})+$)/g, ',');
  return `${count} ${unit === 'tokens' ? 'tokens' : 'calls'}`;
}

function usdText(amount: NanoUsd): string {
  if (amount > -100n * nanoPerCent && amount < 100n * nanoPerCent) return `$${formatUsd(amount)}`;
  const [whole = '0', fraction = ''] = formatUsd((amount / nanoPerCent) * nanoPerCent).split('.');
  return `$${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction.padEnd(2, '0')}`;
}

export function percentText(share: number): string {
  return `${Number((share * 100).toFixed(4))} %`;
}

export function dateText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
