import type { BudgetProblem } from '../../guardrails/index.ts';
import type { Configuration, ConfiguredBudget } from '../configuration.ts';
import { checkModelReference } from '../names/check-model-reference.ts';
import { checkProviderReference } from '../names/check-provider-reference.ts';
import { list } from '../schema/fields.ts';
import { defineSection, type SectionContext } from '../section.ts';
import type { SourcePath } from '../source/source-path.ts';
import { budgetSchema, type GivenBudget } from './budget-schema.ts';
import { filePathOf, readBudget, reportBudgetProblems } from './read-budget.ts';

/** Every call of a team is held against all of its budgets. */
const mostBudgets = 100;

export const budgetsSection = defineSection({
  key: 'budgets',
  schema: list(budgetSchema, 'budgets', { max: mostBudgets }).describe(
    'Limits that hold for every team. What was spent is kept when a budget changes or goes.',
  ),
  // The rest of a budget can be checked without these.
  placeholderAt: ([, index, field, ...deeper]) => {
    if (deeper.length > 0 || typeof index !== 'number') return undefined;
    return { name: `budget-${index + 1}`, window: 'month', limit: 1 }[String(field)];
  },
  read(given, context, soFar) {
    const unpriced = soFar.costControls.unpriced ?? { kind: 'refuse' as const };
    const budgets = given.map((budget, index) => readBudget(budget, unpriced, ['budgets', index], context));
    checkNames(budgets, given, context);
    return { budgets: [...soFar.budgets, ...budgets] };
  },
  check(given, context, configuration) {
    const own = configuration.budgets.slice(configuration.budgets.length - given.length);
    own.forEach((budget, index) => {
      const path = ['budgets', index];
      checkScope(given[index], path, context, configuration);
      const before = configuration.budgets.slice(0, configuration.budgets.indexOf(budget));
      const pathOf = (problem: BudgetProblem) => {
        return [...path, ...filePathOf(problem, (name) => given[index]?.[name as keyof GivenBudget] !== undefined)];
      };
      reportBudgetProblems(budget, before, pathOf, context);
    });
  },
});

function checkNames(
  budgets: readonly ConfiguredBudget[],
  given: readonly GivenBudget[],
  context: SectionContext,
): void {
  for (const field of ['name', 'key'] as const) {
    const first = new Map<string, number>();
    budgets.forEach((budget, index) => {
      const shown = field === 'key' && given[index]?.id !== undefined ? 'id' : 'name';
      const path = ['budgets', index, shown];
      if (context.isBroken(path) || (field === 'key' && shown === 'name' && !first.has(budget.key))) {
        first.set(budget[field], first.get(budget[field]) ?? index);
        return;
      }
      const other = first.get(budget[field]);
      if (other === undefined) {
        first.set(budget[field], index);
        return;
      }
      // The same name is told once.
      if (field === 'key' && budgets[other]?.name === budget.name) return;
      const { line } = context.positionOf(['budgets', other]);
      context.report('DUPLICATE_ID', path, `A budget in line ${line} has this ${shown} already.`, {
        suggestion: `Give this one another ${shown}.`,
      });
    });
  }
}

function checkScope(
  given: GivenBudget | undefined,
  path: SourcePath,
  context: SectionContext,
  configuration: Configuration,
): void {
  const { provider, model } = given?.scope ?? {};
  const isOwn = (name: string | undefined): name is string => {
    // The simulator's own providers come and go with it.
    return name !== undefined && name !== 'each' && !name.startsWith('simulated-');
  };
  if (isOwn(provider)) checkProviderReference(provider.trim(), [...path, 'scope', 'provider'], context, configuration);
  if (isOwn(model)) checkModelReference(model.trim(), [...path, 'scope', 'model'], context, configuration);
}
