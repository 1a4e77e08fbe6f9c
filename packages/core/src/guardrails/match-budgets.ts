import type { CallOrigin } from '../metrics/index.ts';
import type { Budget, BudgetCondition, CallAttributes } from './budget.ts';

/** A budget that a call counts in, and under which name: the values of its `each` conditions and of its run. */
export interface BudgetMatch {
  readonly budget: Budget;
  /** Empty when the budget has one account for all calls. */
  readonly subject: string;
}

/** All enabled budgets of the call's team that it counts in, in the order given; several for a budget of each tag. */
export function matchBudgets(attributes: CallAttributes, budgets: readonly Budget[]): readonly BudgetMatch[] {
  const matches: BudgetMatch[] = [];
  for (const budget of budgets) {
    if (!budget.isEnabled || budget.teamId !== attributes.teamId) continue;
    for (const subject of subjectsOf(budget, attributes)) matches.push({ budget, subject });
  }
  return matches;
}

const one: readonly string[] = [''];

function subjectsOf(budget: Budget, attributes: CallAttributes): readonly string[] {
  let subjects = one;
  if (budget.window === 'run') {
    if (attributes.runId === undefined) return [];
    subjects = [escaped(attributes.runId)];
  }
  const split = new Set<BudgetCondition['kind']>();
  for (const condition of budget.scope) {
    const values = valuesOf(condition, attributes);
    if ('value' in condition) {
      if (!values.includes(condition.value)) return [];
    } else if (!split.has(condition.kind)) {
      // Said twice it means the same; every tag with every tag would be accounts without end.
      split.add(condition.kind);
      subjects = subjects.flatMap((before) => values.map((value) => join(before, escaped(value))));
    }
  }
  return subjects;
}

function valuesOf({ kind }: BudgetCondition, attributes: CallAttributes): readonly string[] {
  if (kind === 'tag') return [...new Set(attributes.tags)];
  const value = {
    member: attributes.memberId,
    'api-key': attributes.apiKeyId,
    role: attributes.role,
    workflow: attributes.workflowId,
    step: attributes.stepId,
    provider: attributes.providerId,
    model: attributes.modelId,
  }[kind];
  return value === undefined ? [] : [value];
}

const join = (before: string, value: string) => (before === '' ? value : `${before},${value}`);

/** Keeps `a,b` of one condition apart from `a` and `b` of two, and every subject storable. */
const escaped = (value: string) => encodeURIComponent(value.toWellFormed());

/** The account in which a call is counted: one budget, origin, subject and window. Unique over all teams. */
export function windowIdOf(match: BudgetMatch, origin: CallOrigin, startMs: number): string {
  return `${match.budget.id}/${origin}/${startMs}/${match.subject}`;
}
