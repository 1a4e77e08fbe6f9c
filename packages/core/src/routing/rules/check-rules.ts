import { nearestName, parseUsd } from '../../kernel/index.ts';
import { strategies } from '../strategy.ts';
import { compileCondition } from './compile-condition.ts';
import { type Alternatives, toAlternatives } from './condition-atoms.ts';
import { implies, isContradictory } from './implied-atoms.ts';
import { matchesPattern } from './model-pattern.ts';
import type { RoutingRule } from './routing-rule.ts';

/** What a person who saves rules must know. Errors stop saving, warnings do not. */
export interface RuleProblem {
  readonly severity: 'error' | 'warning';
  readonly ruleId: string;
  readonly code: string;
  readonly message: string;
  /** `when`, or `actions[1].models[0]`. */
  readonly field: string;
  /** Characters of `when`, when the problem has a place there. */
  readonly start?: number;
  readonly end?: number;
  readonly suggestion: string;
}

const maxRules = 500;

/**
 * Judges an ordered list of rules before it is saved: each condition's syntax and types, each action, rules that can never
 * match and rules that an earlier final one always catches. The last two are flagged only when it is certain.
 * `modelIds` are the names that actions may use.
 */
export function checkRules(rules: readonly RoutingRule[], modelIds: readonly string[]): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  const finals: { readonly rule: RoutingRule; readonly alternatives: Alternatives }[] = [];
  const ids = new Set<string>();
  for (const [index, rule] of rules.entries()) {
    if (index >= maxRules) {
      problems.push(
        error(rule, 'TOO_MANY', `A team may have ${maxRules} rules.`, 'when', 'Join rules that do the same with ||.'),
      );
      break;
    }
    if (ids.has(rule.id))
      problems.push(error(rule, 'DUPLICATE_ID', `Two rules have the id ${rule.id}.`, 'id', 'Give each rule its own.'));
    ids.add(rule.id);
    problems.push(...checkActions(rule, modelIds));
    const result = compileCondition(rule.when);
    if (!result.isValid) {
      problems.push({ severity: 'error', ruleId: rule.id, field: 'when', ...result.problem });
      continue;
    }
    if (!rule.isEnabled) continue;
    const alternatives = toAlternatives(result.condition.ast).filter((atoms) => !isContradictory(atoms));
    const catcher = finals.find((earlier) => covers(earlier.alternatives, alternatives));
    if (alternatives.length === 0) {
      problems.push(
        warning(
          rule,
          'NEVER_MATCHES',
          'This condition can never be true.',
          'Look for comparisons that exclude each other.',
        ),
      );
    } else if (catcher) {
      problems.push(
        warning(
          rule,
          'SHADOWED',
          `Whatever matches here is caught by "${catcher.rule.name}" before.`,
          'Move this rule above it, or remove it.',
        ),
      );
    } else if (rule.isFinal) {
      finals.push({ rule, alternatives });
    }
  }
  return problems;
}

/** Whether each alternative of `later` makes one of `earlier` hold. */
function covers(earlier: Alternatives, later: Alternatives): boolean {
  return later.every((atoms) => earlier.some((wanted) => wanted.every((atom) => implies(atoms, atom))));
}

function checkActions(rule: RoutingRule, modelIds: readonly string[]): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  if (rule.actions.length === 0) {
    problems.push(
      warning(rule, 'NO_ACTION', 'This rule does nothing.', 'Add an action, or remove the rule.', 'actions'),
    );
  }
  for (const [place, action] of rule.actions.entries()) {
    const field = `actions[${place}]`;
    if ('models' in action) {
      if (action.models.length === 0)
        problems.push(
          error(rule, 'NO_MODELS', 'This action names no model.', field, 'Name at least one, or * for all.'),
        );
      for (const [index, pattern] of action.models.entries()) {
        if (modelIds.some((id) => matchesPattern(pattern, id))) continue;
        const near = nearestName(pattern, modelIds);
        problems.push({
          ...warning(
            rule,
            'UNKNOWN_MODEL',
            `No model is called ${pattern}.`,
            near === undefined ? 'Choose a model from the list.' : `Did you mean ${near}?`,
          ),
          field: `${field}.models[${index}]`,
        });
      }
    } else if (action.type === 'cap-cost') {
      if (!isPositiveUsd(action.maxCostUsd))
        problems.push(
          error(
            rule,
            'BAD_AMOUNT',
            `"${action.maxCostUsd}" is no amount in USD.`,
            field,
            'Write a number such as 0.05.',
          ),
        );
    } else if (action.type === 'strategy') {
      const weights = Object.values(action.weights ?? {});
      if (!strategies.includes(action.strategy))
        problems.push(
          error(
            rule,
            'UNKNOWN_STRATEGY',
            `There is no strategy ${action.strategy}.`,
            field,
            `Strategies: ${strategies.join(', ')}.`,
          ),
        );
      if (weights.length > 0 && !(weights.every((weight) => weight >= 0) && weights.some((weight) => weight > 0))) {
        problems.push(
          error(
            rule,
            'BAD_WEIGHTS',
            'Weights must be 0 or more, one of them above 0.',
            field,
            'For example cost 0.5, quality 0.5.',
          ),
        );
      }
    }
  }
  return problems;
}

function isPositiveUsd(text: string): boolean {
  try {
    return parseUsd(text) >= 0n;
  } catch {
    return false;
  }
}

function error(rule: RoutingRule, code: string, message: string, field: string, suggestion: string): RuleProblem {
  return { severity: 'error', ruleId: rule.id, code, message, field, suggestion };
}

function warning(rule: RoutingRule, code: string, message: string, suggestion: string, field = 'when'): RuleProblem {
  return { severity: 'warning', ruleId: rule.id, code, message, field, suggestion };
}
