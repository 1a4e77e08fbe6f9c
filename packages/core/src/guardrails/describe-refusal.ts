import { formatUsd } from '../kernel/index.ts';
import type { BudgetUnit } from './budget.ts';
import type { BudgetRefusal } from './budget-ledger.ts';

/** An amount in a budget's unit for people: `$0.05`, `1,200 tokens`, `3 calls`. */
export function formatAmount(unit: BudgetUnit, amount: bigint): string {
  if (unit === 'cost') return `$${formatUsd(amount)}`;
  const count = amount.toString().replace(/\B(?=(\d{3})+$)/g, ',');
  const noun = unit === 'tokens' ? 'token' : 'call';
  return `${count} ${noun}${amount === 1n ? '' : 's'}`;
}

/** A refusal in one or two sentences that say what stands against the call and what to do. */
export function describeRefusal(refusal: BudgetRefusal, modelId: string): string {
  const { budgetId, budgetName, reason, unit, spent, reserved, limit, requested, resetsAtMs } = refusal;
  const what = budgetId === '' ? `The ${budgetName}` : `The budget "${budgetName}"`;
  if (reason === 'unpriced')
    return `${what} refuses ${modelId}, because nobody knows its price. Give the model a price, or let the budget reserve a flat amount for models without one.`;
  if (reason === 'ledger-unavailable')
    return `${what} cannot be asked, because the database does not answer; nothing is spent without it. Try again in a moment.`;
  const free = limit > spent + reserved ? limit - spent - reserved : 0n;
  if (refusal.isRate && requested > limit)
    return `${what} allows ${formatAmount(unit, limit)} a minute, and this call may use ${formatAmount(unit, requested)}: it never fits. Ask for a shorter answer (max output tokens), or raise the limit.`;
  if (refusal.isRate)
    return `${what} allows ${formatAmount(unit, limit)} a minute, of which ${formatAmount(unit, free)} ${unit !== 'cost' && free === 1n ? 'is' : 'are'} left in this one. Come back in the next minute, send less at once, or raise the limit.`;
  if (budgetId !== '' && limit === 0n)
    return `${what} forbids this call: its limit is 0. Use another model, or raise the budget.`;
  const held = reserved > 0n ? ` and ${formatAmount(unit, reserved)} reserved` : '';
  const used = `${formatAmount(unit, spent)} spent${held} of ${formatAmount(unit, limit)}`;
  const until =
    resetsAtMs === undefined
      ? ''
      : ` It starts anew at ${new Date(resetsAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC.`;
  const remedy =
    budgetId === ''
      ? 'Raise the limit, or ask for a shorter answer.'
      : 'Raise the budget, ask for a shorter answer (max output tokens), or use a cheaper model.';
  return `${what} has room for ${formatAmount(unit, free)} (${used}); this call may use ${formatAmount(unit, requested)}.${until} ${remedy}`;
}
