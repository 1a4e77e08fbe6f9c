import {
  type Budget,
  type BudgetProblem,
  type BudgetRaise,
  type KnownValues,
  validateBudget,
} from '@switchyard/core/guardrails';
import type { Ids } from '@switchyard/core/kernel';
import { ConflictFailure, NotFoundFailure, ValidationFailure, type ValidationIssue } from '../../user-errors.ts';
import type { DatedRaise, StoredBudget } from './budget.mapping.ts';
import type { BudgetRepository } from './budget.repository.ts';

/** Every call of a team is held against all of its budgets. */
export const mostBudgets = 200;
/** Raises that are over are forgotten first. */
const mostRaises = 100;

export interface BudgetDependencies {
  /** On the database or within a transaction; whoever calls reloads the `BudgetBook` once it is committed. */
  readonly budgets: BudgetRepository;
  readonly ids: Ids;
}

/** What a person decides about a budget. */
export type BudgetSettings = Omit<Budget, 'id' | 'teamId' | 'version' | 'raises'>;

/** A raise as it is asked for. */
export type RaiseRequest = BudgetRaise & Pick<DatedRaise, 'reason' | 'raisedById' | 'raisedAtMs'>;

export interface SavedBudget {
  readonly budget: StoredBudget;
  /** Odd, but stored. */
  readonly warnings: readonly BudgetProblem[];
}

/**
 * Stores a new budget. `found` are issues that the caller found already: all are told at once. Throws
 * `ValidationFailure`, `ConflictFailure`.
 */
export async function createBudget(
  teamId: string,
  settings: BudgetSettings,
  createdById: string | undefined,
  known: KnownValues,
  { budgets, ids }: BudgetDependencies,
  found: readonly ValidationIssue[] = [],
): Promise<SavedBudget> {
  const budget: StoredBudget = {
    ...settings,
    id: ids.next('bud'),
    teamId,
    version: 1,
    raises: [],
    source: 'dashboard',
    fileKey: undefined,
  };
  const warnings = await check(budget, known, budgets, found);
  if ((await budgets.count(teamId)) >= mostBudgets)
    throw new ConflictFailure('BUDGETS.TOO_MANY', `A team has at most ${mostBudgets} budgets. Delete one first.`, [
      'input',
    ]);
  await budgets.create(budget, createdById);
  return { budget, warnings };
}

/**
 * Changes a budget that was read as `before`. What it counts stays as it is (scope, unit, window, time zone): what is
 * spent was counted by it, so another way of counting is another budget. Throws `ValidationFailure`, and
 * `ConflictFailure` when somebody else changed it meanwhile or it belongs to the configuration file.
 */
export async function updateBudget(
  before: StoredBudget,
  changes: Partial<BudgetSettings>,
  known: KnownValues,
  { budgets }: BudgetDependencies,
  found: readonly ValidationIssue[] = [],
): Promise<SavedBudget> {
  assertChangeable(before);
  const fixed = (['scope', 'unit', 'window', 'timeZone'] as const)
    .filter((field) => {
      const given = changes[field];
      return given !== undefined && JSON.stringify(given) !== JSON.stringify(before[field]);
    })
    .map((field) => issue('What a budget counts cannot be changed. Make a new budget instead.', field));
  return store({ ...before, ...changes }, known, budgets, [...found, ...fixed]);
}

/** Adds a dated raise, in the budget's unit; also to a budget of the file. Throws as {@link updateBudget} does. */
export async function raiseBudget(
  before: StoredBudget,
  raise: RaiseRequest,
  { budgets, ids }: BudgetDependencies,
  found: readonly ValidationIssue[] = [],
): Promise<SavedBudget & { readonly raise: DatedRaise }> {
  const added: DatedRaise = { ...raise, id: ids.next('rse') };
  const lasting = before.raises.filter(({ untilMs }) => untilMs > raise.raisedAtMs);
  if (lasting.length >= mostRaises)
    throw new ConflictFailure('BUDGETS.TOO_MANY_RAISES', 'End a raise of this budget first.', ['input']);
  const ended = before.raises.filter(({ untilMs }) => untilMs <= raise.raisedAtMs);
  const kept = ended.slice(Math.max(0, ended.length - (mostRaises - lasting.length - 1)));
  const raises = [...kept, ...lasting, added];
  return { ...(await store({ ...before, raises }, {}, budgets, found)), raise: added };
}

/** Ends a raise at `nowMs`; one that has not begun is taken back. Ending one that is over changes nothing. */
export async function endRaise(
  before: StoredBudget,
  raiseId: string,
  nowMs: number,
  { budgets }: BudgetDependencies,
): Promise<SavedBudget> {
  const raise = before.raises.find(({ id }) => id === raiseId);
  if (!raise) throw new NotFoundFailure('raise', ['input', 'raiseId']);
  if (raise.untilMs <= nowMs) return { budget: before, warnings: [] };
  const raises = before.raises
    .filter(({ id, fromMs }) => id !== raiseId || fromMs < nowMs)
    .map((each) => (each.id === raiseId ? { ...each, untilMs: nowMs } : each));
  return store({ ...before, raises }, {}, budgets, []);
}

/** Ends a budget; calls that run settle into its books. Throws `NotFoundFailure`, `ConflictFailure`. */
export async function deleteBudget(before: StoredBudget, { budgets }: BudgetDependencies): Promise<void> {
  assertChangeable(before);
  if (!(await budgets.delete(before.teamId, before.id))) throw noSuchBudget();
}

/** The budget of the team. Throws `NotFoundFailure`, for another team's id as for one that does not exist. */
export async function findBudget(
  teamId: string,
  id: string | undefined,
  { budgets }: Pick<BudgetDependencies, 'budgets'>,
): Promise<StoredBudget> {
  const budget = id === undefined ? undefined : await budgets.find(teamId, id);
  if (!budget) throw noSuchBudget();
  return budget;
}

export function changedMeanwhile(): ConflictFailure {
  const message = 'Somebody else has just changed this budget. Look at it and try again.';
  return new ConflictFailure('BUDGETS.CHANGED_MEANWHILE', message, ['input', 'version']);
}

export function issue(message: string, ...path: readonly string[]): ValidationIssue {
  return { path: ['input', ...path], message, code: 'refused' };
}

function noSuchBudget(): NotFoundFailure {
  return new NotFoundFailure('budget', ['input', 'budgetId']);
}

function assertChangeable({ source }: StoredBudget): void {
  if (source === 'dashboard') return;
  const message = 'This budget comes from the configuration file: change it there. It can be raised for a while here.';
  throw new ConflictFailure('BUDGETS.READ_ONLY', message, ['input', 'budgetId']);
}

async function store(
  budget: StoredBudget,
  known: KnownValues,
  budgets: BudgetRepository,
  found: readonly ValidationIssue[],
): Promise<SavedBudget> {
  const warnings = await check(budget, known, budgets, found);
  if (!(await budgets.update(budget))) throw changedMeanwhile();
  return { budget: { ...budget, version: budget.version + 1 }, warnings };
}

async function check(
  budget: StoredBudget,
  known: KnownValues,
  budgets: BudgetRepository,
  found: readonly ValidationIssue[],
): Promise<readonly BudgetProblem[]> {
  const problems = validateBudget(budget, await budgets.list(budget.teamId), known);
  const told = new Set(found.map(({ path }) => path.join('.')));
  const errors = problems
    .filter(({ severity }) => severity === 'error')
    .map(({ message, path }) => issue(message, ...inputPath(path)))
    .filter(({ path }) => !told.has(path.join('.')));
  const issues = [...found, ...errors];
  if (issues.length > 0) throw new ValidationFailure(issues);
  return problems;
}

/** Where the input says what the domain calls by another name. */
function inputPath(path: readonly string[]): readonly string[] {
  const [first, , field] = path;
  if (first === 'unpriced') return ['unpricedReserveUsd'];
  if (first === 'raises') return [field === 'amount' ? 'amount' : 'endsAt'];
  return path;
}
