import type {
  RoutingRuleActionType,
  RoutingRuleInput,
  RoutingStrategy,
  RuleFieldsFragment,
} from '../../gql/routing.ts';
import type { CriterionWeights } from './criterion-weights.ts';

export type ActionType = RoutingRuleActionType;
export type Strategy = RoutingStrategy;

/** One thing that a rule does, as it stands in the editor; fields that its type does not use are kept while it is edited. */
export interface DraftAction {
  key: string;
  type: ActionType;
  models: readonly string[];
  strategy: Strategy;
  weights: CriterionWeights | null;
  maxCostUsd: string;
}

/** A rule as it stands in the editor; it may be wrong. */
export interface DraftRule {
  id: string;
  name: string;
  isEnabled: boolean;
  when: string;
  isFinal: boolean;
  actions: readonly DraftAction[];
}

const newKey = () => crypto.randomUUID().slice(0, 13);

export function newAction(type: ActionType, values: Partial<DraftAction> = {}): DraftAction {
  return { key: newKey(), type, models: [], strategy: 'BALANCED', weights: null, maxCostUsd: '', ...values };
}

export function newRule(values: Partial<DraftRule> = {}): DraftRule {
  return {
    id: `rule-${newKey()}`,
    name: 'New rule',
    isEnabled: true,
    when: '',
    isFinal: false,
    actions: [newAction('PREFER')],
    ...values,
  };
}

export function draftOfRule(rule: RuleFieldsFragment): DraftRule {
  const { id, name, isEnabled, when, isFinal, actions } = rule;
  return {
    id,
    name,
    isEnabled,
    when,
    isFinal,
    actions: actions.map(({ type, models, strategy, weights, maxCostUsd }, index) => ({
      key: `${id}-${index}`,
      type,
      models: models ?? [],
      strategy: strategy ?? 'BALANCED',
      weights: weights
        ? { cost: weights.cost, latency: weights.latency, quality: weights.quality, reliability: weights.reliability }
        : null,
      maxCostUsd: maxCostUsd ?? '',
    })),
  };
}

/** An amount that the server takes: US dollars with at most nine decimals. */
export const isUsd = (text: string) => /^\d{1,7}(\.\d{1,9})?$/.test(text.trim());

function inputOfAction(action: DraftAction): RoutingRuleInput['actions'][number] {
  switch (action.type) {
    case 'RESTRICT':
      return { restrict: [...action.models] };
    case 'DENY':
      return { deny: [...action.models] };
    case 'PREFER':
      return { prefer: [...action.models] };
    case 'PIN':
      return { pin: [...action.models] };
    case 'STRATEGY':
      return {
        strategy: {
          strategy: action.strategy,
          ...(action.strategy === 'BALANCED' && action.weights ? { weights: action.weights } : {}),
        },
      };
    case 'CAP_COST':
      return { capCostUsd: action.maxCostUsd.trim() };
    case 'STRICT':
      return { strict: true };
  }
}

export function inputOfRule(rule: DraftRule): RoutingRuleInput {
  const { id, name, isEnabled, when, isFinal, actions } = rule;
  return { id, name: name.trim(), isEnabled, when, isFinal, actions: actions.map(inputOfAction) };
}

/** What the server is asked to check: a name or an amount that is missing is told by the editor itself, and must not hide what else is wrong. */
export function checkableInput(rule: DraftRule, place: number): RoutingRuleInput {
  const actions = rule.actions.map((action) =>
    action.type === 'CAP_COST' && !isUsd(action.maxCostUsd) ? { ...action, maxCostUsd: '1' } : action,
  );
  return inputOfRule({ ...rule, name: rule.name.trim() || `Rule ${place + 1}`, actions });
}

/** Whether two lists say the same, in the same order. */
export function areSame(left: readonly DraftRule[], right: readonly DraftRule[]): boolean {
  return JSON.stringify(left.map(inputOfRule)) === JSON.stringify(right.map(inputOfRule));
}

/** The list with the rule of one place in another. */
export function moved<Item>(items: readonly Item[], from: number, to: number): readonly Item[] {
  const next = [...items];
  const [item] = next.splice(from, 1);
  if (item === undefined || to < 0 || to > next.length) return items;
  next.splice(to, 0, item);
  return next;
}
