import { formatUsd } from '../../format/number-format.ts';
import { percentsOf } from './criterion-weights.ts';
import type { ActionType, DraftAction } from './draft-rule.ts';
import { strategyLabel } from './strategy-words.ts';

export const actionChoices: readonly { value: ActionType; label: string; hint: string }[] = [
  { value: 'PREFER', label: 'Prefer', hint: 'These first, in this order. Others stay behind them.' },
  { value: 'RESTRICT', label: 'Restrict to', hint: 'Only these models may be asked.' },
  { value: 'DENY', label: 'Deny', hint: 'These models are never asked.' },
  { value: 'PIN', label: 'Pin to', hint: 'Only these, in this order; no equivalents.' },
  { value: 'STRATEGY', label: 'Use strategy', hint: 'Ranks what is left by another strategy.' },
  { value: 'CAP_COST', label: 'Cap cost', hint: 'No call whose highest cost is above this amount.' },
  { value: 'STRICT', label: 'Never fall back', hint: 'Only the first one is asked; if it fails, the request fails.' },
];

export const takesModels = (type: ActionType) =>
  type === 'PREFER' || type === 'RESTRICT' || type === 'DENY' || type === 'PIN';
export const isOrdered = (type: ActionType) => type === 'PREFER' || type === 'PIN';

/** The action in a few words, for a list. */
export function describeAction(action: DraftAction): string {
  const label = actionChoices.find(({ value }) => value === action.type)?.label ?? action.type;
  if (takesModels(action.type)) {
    const separator = isOrdered(action.type) ? ' → ' : ', ';
    return `${label} ${action.models.length > 0 ? action.models.join(separator) : '…'}`;
  }
  if (action.type === 'STRATEGY') {
    if (action.strategy !== 'BALANCED' || !action.weights) return `${label} ${strategyLabel(action.strategy)}`;
    const { cost, latency, quality, reliability } = percentsOf(action.weights);
    return `${label} Balanced (cost ${cost} %, latency ${latency} %, quality ${quality} %, reliability ${reliability} %)`;
  }
  if (action.type === 'CAP_COST') return `${label} at ${action.maxCostUsd ? formatUsd(action.maxCostUsd) : '…'} a call`;
  return label;
}
