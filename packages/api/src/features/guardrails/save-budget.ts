import { type Budget, type BudgetProblem, type KnownValues, validateBudget } from '@switchyard/core/guardrails';
import { type Ids, SwitchyardError } from '@switchyard/core/kernel';
import type { BudgetRepository } from './budget.repository.ts';
import type { BudgetBook } from './budget-book.ts';

export interface BudgetDependencies {
  readonly budgets: BudgetRepository;
  readonly book: BudgetBook;
  readonly ids: Ids;
}

/** What a person decides about a budget. */
export type BudgetSettings = Omit<Budget, 'id' | 'teamId' | 'version' | 'raises'>;

export interface SavedBudget {
  readonly budget: Budget;
  /** Odd, but stored. */
  readonly warnings: readonly BudgetProblem[];
}

/** Stores a new budget; it holds for calls that start from now on. Throws `INPUT.INVALID` with the first problem. */
export async function createBudget(
  teamId: string,
  settings: BudgetSettings,
  createdById: string | undefined,
  known: KnownValues,
  dependencies: BudgetDependencies,
): Promise<SavedBudget> {
  const { budgets, book, ids } = dependencies;
  const budget: Budget = { ...settings, id: ids.next('bud'), teamId, version: 1, raises: [] };
  const warnings = await check(budget, known, dependencies);
  await budgets.create(budget, createdById);
  await book.reload();
  return { budget, warnings };
}

/**
 * Changes a budget. What it counts stays as it is (scope, unit, window, time zone): what is spent was counted by it, so
 * another way of counting is another budget. Throws `INPUT.INVALID`.
 */
export async function updateBudget(
  teamId: string,
  id: string,
  changes: Partial<BudgetSettings>,
  known: KnownValues,
  dependencies: BudgetDependencies,
): Promise<SavedBudget> {
  const before = await findOrThrow(teamId, id, dependencies);
  for (const field of ['scope', 'unit', 'window', 'timeZone'] as const) {
    const given = changes[field];
    if (given !== undefined && JSON.stringify(given) !== JSON.stringify(before[field]))
      throw new SwitchyardError('INPUT.INVALID', 'What a budget counts cannot be changed. Make a new budget instead.', {
        path: [field],
      });
  }
  return store({ ...before, ...changes, id, teamId }, known, dependencies);
}

/** Adds a dated raise, in the budget's unit. Throws `INPUT.INVALID`. */
export async function raiseBudget(
  teamId: string,
  id: string,
  raise: Budget['raises'][number],
  dependencies: BudgetDependencies,
): Promise<SavedBudget> {
  const before = await findOrThrow(teamId, id, dependencies);
  return store({ ...before, raises: [...before.raises, raise] }, {}, dependencies);
}

/** Ends a budget; calls that run settle into its books. Throws `INPUT.INVALID` when there is none. */
export async function deleteBudget(teamId: string, id: string, dependencies: BudgetDependencies): Promise<void> {
  if (!(await dependencies.budgets.delete(teamId, id))) throw notFound();
  await dependencies.book.reload();
}

async function store(budget: Budget, known: KnownValues, dependencies: BudgetDependencies): Promise<SavedBudget> {
  const warnings = await check(budget, known, dependencies);
  if (!(await dependencies.budgets.update(budget)))
    throw new SwitchyardError('INPUT.INVALID', 'Somebody else has just changed this budget. Look at it and try again.');
  await dependencies.book.reload();
  return { budget: { ...budget, version: budget.version + 1 }, warnings };
}

async function check(
  budget: Budget,
  known: KnownValues,
  { budgets }: BudgetDependencies,
): Promise<readonly BudgetProblem[]> {
  const problems = validateBudget(budget, await budgets.list(budget.teamId), known);
  const error = problems.find(({ severity }) => severity === 'error');
  if (error) throw new SwitchyardError('INPUT.INVALID', error.message, { path: error.path });
  return problems;
}

async function findOrThrow(teamId: string, id: string, { budgets }: BudgetDependencies): Promise<Budget> {
  const budget = await budgets.find(teamId, id);
  if (!budget) throw notFound();
  return budget;
}

function notFound(): SwitchyardError {
  return new SwitchyardError('INPUT.INVALID', 'There is no such budget.', { path: ['id'] });
}
