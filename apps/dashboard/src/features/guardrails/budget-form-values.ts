import type { BudgetFieldsFragment } from '../../gql/guardrails.ts';
import { type BreachAction, isAmount, type ScopeKind, scopeWords, type Unit, type WindowKind } from './budget-words.ts';

/** One row of the scope builder. `isEach`: every value has a budget of its own. */
export interface ScopeRow {
  kind: ScopeKind;
  isEach: boolean;
  value: string;
}

/** The form of a budget. Field names are those of the API, so that its issues find their fields. */
export interface BudgetFormValues {
  name: string;
  scope: ScopeRow[];
  unit: Unit;
  window: WindowKind;
  timeZone: string;
  limit: string;
  mode: 'HARD' | 'SOFT';
  /** Percent of the limit, as text. */
  alertThresholds: string[];
  onBreach: BreachAction;
  whenAllBreach: 'FAIL' | 'ASK';
  isUnpricedAllowed: boolean;
  unpricedReserveUsd: string;
}

/** Where the person is, if the browser says so. */
export const ownTimeZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

export function emptyBudgetForm(): BudgetFormValues {
  return {
    name: '',
    scope: [],
    unit: 'COST',
    window: 'DAY',
    timeZone: ownTimeZone(),
    limit: '',
    mode: 'HARD',
    alertThresholds: ['80', '100'],
    onBreach: 'FAIL_FAST',
    whenAllBreach: 'FAIL',
    isUnpricedAllowed: false,
    unpricedReserveUsd: '0.01',
  };
}

/** 0.8 → `80`, 0.125 → `12.5`. */
const percentText = (share: number) => String(Number((share * 100).toFixed(2)));

export function budgetFormOf(budget: BudgetFieldsFragment): BudgetFormValues {
  return {
    name: budget.name,
    scope: budget.scope.map(({ kind, isEach, value }) => ({ kind, isEach, value: value ?? '' })),
    unit: budget.unit,
    window: budget.window,
    timeZone: budget.timeZone,
    limit: budget.limit,
    mode: budget.mode,
    alertThresholds: budget.alertThresholds.map(percentText),
    onBreach: budget.onBreach,
    whenAllBreach: budget.whenAllBreach,
    isUnpricedAllowed: budget.unpricedReserveUsd !== null,
    unpricedReserveUsd: budget.unpricedReserveUsd ?? '0.01',
  };
}

/** What is wrong with a form, by field; the server judges the rest. */
export function budgetProblems(values: BudgetFormValues): Record<string, string> {
  const problems: Record<string, string> = {};
  if (values.name.trim() === '') problems.name = 'Give it a name, for example what it protects.';
  if (values.limit.trim() === '') problems.limit = 'Set a limit. 0 forbids the calls.';
  else if (values.limit.trim().startsWith('-'))
    problems.limit = 'A limit cannot be negative. Use 0 to forbid the calls.';
  else if (!isAmount(values.limit)) problems.limit = 'Write a plain number, for example 25 or 0.05.';
  else if (values.unit !== 'COST' && !/^\d+$/.test(values.limit.trim()))
    problems.limit = `${values.unit === 'TOKENS' ? 'Tokens' : 'Calls'} are whole numbers.`;
  for (const [index, row] of values.scope.entries())
    if (!row.isEach && row.value.trim() === '')
      problems[`scope.${index}.value`] = `Choose the ${scopeWords(row.kind).one}.`;
  const shares = values.alertThresholds.map(Number);
  if (shares.some((share) => !(share > 0 && share <= 1000)))
    problems.alertThresholds = 'Percentages above 0, for example 80.';
  if (
    values.unit === 'COST' &&
    values.isUnpricedAllowed &&
    !(isAmount(values.unpricedReserveUsd) && Number(values.unpricedReserveUsd) > 0)
  )
    problems.unpricedReserveUsd = 'An amount above 0, for example 0.01.';
  return problems;
}

/** The thresholds as the API wants them: shares, ascending, each once. */
export function thresholdsOf(texts: readonly string[]): number[] {
  return [...new Set(texts.map((text) => Number((Number(text) / 100).toFixed(6))))].sort((a, b) => a - b);
}

/** What can be changed later too. What a budget counts (scope, unit, window, zone) stays. */
export function changeableInput(values: BudgetFormValues) {
  return {
    name: values.name.trim(),
    limit: values.limit.trim(),
    mode: values.mode,
    // Of a rate limit nobody is told.
    alertThresholds: values.window === 'MINUTE' ? [] : thresholdsOf(values.alertThresholds),
    onBreach: values.onBreach,
    whenAllBreach: values.whenAllBreach,
    unpricedReserveUsd: values.unit === 'COST' && values.isUnpricedAllowed ? values.unpricedReserveUsd.trim() : null,
  };
}

export function scopeInput(rows: readonly ScopeRow[]) {
  return rows.map(({ kind, isEach, value }) => (isEach ? { kind, isEach: true } : { kind, value: value.trim() }));
}

const knownFields = new Set([
  'name',
  'scope',
  'unit',
  'window',
  'timeZone',
  'limit',
  'mode',
  'alertThresholds',
  'onBreach',
  'whenAllBreach',
  'unpricedReserveUsd',
]);

/** The server's issues by field, and what belongs to no field of the form. */
export function budgetIssues(issues: readonly { path: readonly string[]; message: string }[]) {
  const fields: Record<string, string> = {};
  const rest: string[] = [];
  for (const { path, message } of issues) {
    const [first, index] = path[0] === 'input' ? path.slice(1) : path;
    if (first === undefined || !knownFields.has(first)) rest.push(message);
    else if (first === 'scope' && index !== undefined) fields[`scope.${index}.value`] ??= message;
    else if (first === 'scope') rest.push(message);
    else fields[first] ??= message;
  }
  return { fields, rest };
}
