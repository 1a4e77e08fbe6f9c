import { type NanoUsd, parseUsd } from '../../kernel/index.ts';
import type { RoutedModel } from '../routing-snapshot.ts';
import type { CriterionWeights, Strategy } from '../strategy.ts';
import { type CompiledCondition, compileCondition } from './compile-condition.ts';
import { matchesPattern } from './model-pattern.ts';
import type { RoutingRule, RuleAction, RuleEffect } from './routing-rule.ts';
import { factFields, type RuleFacts, type SnapshotFacts } from './rule-facts.ts';

interface CompiledAction {
  readonly effect: RuleEffect;
  /** Places of the named models among the snapshot's, in the order of the action. */
  readonly models: readonly number[];
  readonly action: RuleAction;
  readonly maxCostNanoUsd?: NanoUsd;
}

export interface CompiledRule {
  readonly rule: RoutingRule;
  /** Undefined: it cannot be compiled, as {@link problem} says. */
  readonly condition: CompiledCondition | undefined;
  readonly problem?: string;
  readonly actions: readonly CompiledAction[];
}

export interface CompiledRules {
  readonly rules: readonly CompiledRule[];
  /** Enabled rules whose actions cannot be used; reported with every plan. */
  readonly broken: readonly FailedRule[];
}

export interface FailedRule {
  readonly ruleId: string;
  readonly name: string;
  readonly problem: string;
  /** What forbids acted all the same, because nobody could tell whether it had to. */
  readonly isEnforced: boolean;
}

/**
 * Compiles the enabled rules for the models of a snapshot. A rule whose condition cannot be compiled counts as one that
 * fails with every request; one whose actions cannot be is left out and reported.
 */
export function compileRules(rules: readonly RoutingRule[], models: readonly RoutedModel[]): CompiledRules {
  const compiled: CompiledRule[] = [];
  const broken: FailedRule[] = [];
  for (const rule of rules) {
    if (!rule.isEnabled) continue;
    const result = compileCondition(rule.when);
    try {
      const actions = rule.actions.map((action) => compileAction(action, models));
      compiled.push(
        result.isValid
          ? { rule, condition: result.condition, actions }
          : { rule, condition: undefined, problem: result.problem.message, actions },
      );
    } catch (error) {
      broken.push({
        ruleId: rule.id,
        name: rule.name,
        problem: error instanceof Error ? error.message : 'Bad action.',
        isEnforced: false,
      });
    }
  }
  return { rules: compiled, broken };
}

function compileAction(action: RuleAction, models: readonly RoutedModel[]): CompiledAction {
  switch (action.type) {
    case 'restrict':
    case 'deny':
    case 'prefer':
    case 'pin': {
      const places = action.models.flatMap((pattern) => placesOf(pattern, models));
      const summary = `${summaries[action.type]} ${action.models.join(', ')}`;
      return { action, effect: { type: action.type, summary }, models: [...new Set(places)] };
    }
    case 'strategy':
      return { action, effect: { type: action.type, summary: `strategy ${action.strategy}` }, models: [] };
    case 'cap-cost': {
      const summary = `at most ${action.maxCostUsd} USD a call`;
      return {
        action,
        effect: { type: action.type, summary },
        models: [],
        maxCostNanoUsd: parseUsd(action.maxCostUsd),
      };
    }
    case 'strict':
      return { action, effect: { type: action.type, summary: 'no fallback' }, models: [] };
  }
}

const summaries = { restrict: 'only', deny: 'never', prefer: 'first', pin: 'pinned to' } as const;

/** Places of the models whose own or catalogue name fits the pattern. */
export function placesOf(pattern: string, models: readonly RoutedModel[]): readonly number[] {
  return models.flatMap(({ modelId, catalogId }, place) =>
    matchesPattern(pattern, modelId) || (catalogId !== undefined && matchesPattern(pattern, catalogId)) ? [place] : [],
  );
}

/** What the rules make of one request. An earlier rule wins where two disagree; limits only ever get tighter. */
export interface RuleOutcome {
  readonly matched: readonly CompiledRule[];
  readonly failed: readonly FailedRule[];
  /** Rule that removed a model, by the model's place. */
  readonly removedBy: ReadonlyMap<number, { readonly rule: RoutingRule; readonly type: 'restrict' | 'deny' }>;
  readonly preferred: readonly number[];
  readonly pinned: readonly number[] | undefined;
  readonly strategy: Strategy | undefined;
  readonly weights: CriterionWeights | undefined;
  readonly maxCostNanoUsd: NanoUsd | undefined;
  readonly isStrict: boolean;
}

/**
 * Goes through the rules in order until a final one matches. A condition that fails is reported; its rule then forbids what
 * it would forbid if it matched (deny, restrict, pin, cap-cost, strict) and wishes nothing. The exception is a figure that
 * nobody has measured yet: to forbid a model for that would mean that it is never measured. `steadyFacts` is the part of
 * `facts` that belongs to the snapshot: conditions on it alone are answered once for all requests.
 */
export function applyRules(
  { rules, broken }: CompiledRules,
  facts: RuleFacts,
  modelCount: number,
  steadyFacts: SnapshotFacts,
): RuleOutcome {
  const outcome: OpenOutcome = {
    matched: [],
    failed: broken,
    removedBy: new Map(),
    preferred: [],
    pinned: undefined,
    strategy: undefined,
    weights: undefined,
    maxCostNanoUsd: undefined,
    isStrict: false,
  };
  for (const compiled of rules) {
    let isMatch = false;
    try {
      if (!compiled.condition) throw new Error(compiled.problem);
      isMatch = compiled.condition.isSteady
        ? matchSteadily(compiled.condition, facts, steadyFacts)
        : compiled.condition.matches(facts);
    } catch (error) {
      enforceFailed(outcome, compiled, error, modelCount);
    }
    if (!isMatch) continue;
    outcome.matched.push(compiled);
    for (const action of compiled.actions) applyAction(outcome, compiled.rule, action, modelCount);
    if (compiled.rule.isFinal) break;
  }
  return outcome;
}

/** Answers of conditions that do not look at the request, by what they look at. */
const steadyAnswers = new WeakMap<SnapshotFacts, Map<CompiledCondition, boolean | Error>>();

function matchSteadily(condition: CompiledCondition, facts: RuleFacts, key: SnapshotFacts): boolean {
  let answers = steadyAnswers.get(key);
  if (!answers) {
    answers = new Map();
    steadyAnswers.set(key, answers);
  }
  let answer = answers.get(condition);
  if (answer === undefined) {
    try {
      answer = condition.matches(facts);
    } catch (error) {
      answer = error instanceof Error ? error : new Error('The condition failed.');
    }
    answers.set(condition, answer);
  }
  if (answer instanceof Error) throw answer;
  return answer;
}

const forbidding: ReadonlySet<RuleAction['type']> = new Set(['deny', 'restrict', 'pin', 'cap-cost', 'strict']);

function enforceFailed(
  outcome: OpenOutcome,
  { rule, actions }: CompiledRule,
  error: unknown,
  modelCount: number,
): void {
  const problem = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'The condition failed.';
  const forbids = isUnmeasured(problem) ? [] : actions.filter(({ action }) => forbidding.has(action.type));
  const failed = { ruleId: rule.id, name: rule.name, problem, isEnforced: forbids.length > 0 };
  outcome.failed = [...outcome.failed, failed];
  for (const action of forbids) applyAction(outcome, rule, action, modelCount);
}

/** Figures of a model that are absent until they are measured. */
const measuredFields: readonly string[] = Object.keys(factFields.ModelFacts).filter(
  (field) => !['health', 'inFlight', 'calls'].includes(field),
);

function isUnmeasured(problem: string): boolean {
  return measuredFields.some((field) => problem === `No such key: ${field}`);
}

interface OpenOutcome {
  readonly matched: CompiledRule[];
  failed: readonly FailedRule[];
  readonly removedBy: Map<number, { readonly rule: RoutingRule; readonly type: 'restrict' | 'deny' }>;
  readonly preferred: number[];
  pinned: readonly number[] | undefined;
  strategy: Strategy | undefined;
  weights: CriterionWeights | undefined;
  maxCostNanoUsd: NanoUsd | undefined;
  isStrict: boolean;
}

function applyAction(outcome: OpenOutcome, rule: RoutingRule, compiled: CompiledAction, modelCount: number): void {
  const { action, models } = compiled;
  const remove = (place: number, type: 'restrict' | 'deny') => {
    if (!outcome.removedBy.has(place)) outcome.removedBy.set(place, { rule, type });
  };
  switch (action.type) {
    case 'restrict': {
      const kept = new Set(models);
      for (let place = 0; place < modelCount; place++) if (!kept.has(place)) remove(place, 'restrict');
      return;
    }
    case 'deny':
      for (const place of models) remove(place, 'deny');
      return;
    case 'prefer':
      for (const place of models) if (!outcome.preferred.includes(place)) outcome.preferred.push(place);
      return;
    case 'pin':
      outcome.pinned ??= models;
      return;
    case 'strategy':
      if (outcome.strategy !== undefined) return;
      outcome.strategy = action.strategy;
      outcome.weights = action.weights;
      return;
    case 'cap-cost': {
      const cap = compiled.maxCostNanoUsd;
      if (cap !== undefined && (outcome.maxCostNanoUsd === undefined || cap < outcome.maxCostNanoUsd)) {
        outcome.maxCostNanoUsd = cap;
      }
      return;
    }
    case 'strict':
      outcome.isStrict = true;
  }
}
